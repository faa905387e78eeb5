import { HOUR, type Instant, MINUTE } from '../clock.ts';
import type { Random } from '../random.ts';
import { enoughSections, fewSections } from './sections.ts';
import type { Letter } from './types.ts';
import { afterwards, before, isEmpty, type Window, within } from './window.ts';

/** The letters of one kind on one stay, chosen so that the wanted verdict is true of them. */
export interface PlannedLetters {
  readonly how: string;
  readonly letters: readonly Letter[];
  /** When the first letter that counts was sent. */
  readonly actual?: Instant;
}

export interface LetterRequest {
  readonly kind: Letter['kind'];
  readonly stayKey: string;
  readonly window: Window;
  /** The admission: nothing is sent before it. */
  readonly notBefore: Instant;
  /** Nothing later is known. */
  readonly asOf: Instant;
  /** A valid letter is sent, late if need be. */
  readonly mustBeSent: boolean;
  /** Times to the minute, and no letter entered in error. */
  readonly sayable: boolean;
}

/** Reports are judged by their content too; a discharge letter by its receiver. */
const isReport = (kind: string): boolean => kind === 'admission-report' || kind === 'discharge-report';

type Draft = Omit<Letter, 'key' | 'kind' | 'corrects'> & { readonly correctsFirst?: boolean };

/** Gives the letters their keys; what was not yet sent at the as-of time is not there. */
function finish(request: LetterRequest, how: string, drafts: readonly Draft[]): PlannedLetters {
  const key = (index: number): string => `${request.stayKey}/${request.kind}/${index + 1}`;
  const letters = drafts
    .map(({ correctsFirst, ...draft }, index) => ({
      ...draft,
      key: key(index),
      kind: request.kind,
      ...(correctsFirst === true ? { corrects: key(0) } : {}),
    }))
    .filter((letter) => letter.sent <= request.asOf);
  const counting = letters.find((letter) => !letter.enteredInError && !letter.misaddressed);
  return { how, letters, ...(counting === undefined ? {} : { actual: counting.sent }) };
}

/** When a letter can be sent so that a correction, a minute later at least, is still known at the as-of time. */
const beforeCorrection = (request: LetterRequest): Window => before(request.window, request.asOf - MINUTE);

const correctionTime = (random: Random, request: LetterRequest, sent: Instant): Instant =>
  within(random, before({ from: sent + MINUTE, until: sent + 30 * HOUR }, request.asOf));

const wholeMinute = (instant: Instant): Instant => Math.floor(instant / MINUTE) * MINUTE;

/** The last instant in time, and the first one late, that a letter can state. */
const lastInstant = ({ window, sayable }: LetterRequest): Instant =>
  sayable ? wholeMinute(window.until) : window.until;
const justAfter = ({ window, sayable }: LetterRequest): Instant =>
  sayable ? wholeMinute(window.until) + MINUTE : window.until + 1;

/** Letters that meet the obligation, or undefined when no instant up to the as-of time would. */
export function meeting(random: Random, request: LetterRequest): PlannedLetters | undefined {
  const open = before(request.window, request.asOf);
  if (isEmpty(open)) return undefined;
  const full = enoughSections(random, request.kind);
  const letter = (sent: Instant): Draft => ({
    sent,
    sections: full,
    enteredInError: false,
    misaddressed: false,
  });
  const first = within(random, open);
  const deadlineKnown = request.window.until <= request.asOf;
  const room = beforeCorrection(request);
  const how = random.weighted({
    promptly: 50,
    'in-time': 30,
    'at-the-last-instant': deadlineKnown ? 3 : 0,
    duplicated: 5,
    corrected: isEmpty(room) ? 0 : 6,
    'completed-later': isReport(request.kind) && !isEmpty(room) ? 6 : 0,
    'after-a-mistake': request.sayable ? 0 : 3,
  });
  switch (how) {
    case 'promptly':
      return finish(request, how, [letter(within(random, before(open, open.from + 15 * MINUTE)))]);
    case 'at-the-last-instant':
      return finish(request, how, [letter(lastInstant(request))]);
    case 'duplicated':
      return finish(request, how, [letter(first), letter(correctionTime(random, request, first))]);
    case 'corrected':
    case 'completed-later': {
      const sent = within(random, room);
      return finish(request, how, [
        { ...letter(sent), sections: how === 'corrected' ? full : fewSections(random) },
        { ...letter(correctionTime(random, request, sent)), correctsFirst: true },
      ]);
    }
    case 'after-a-mistake': {
      const mistake = within(random, { from: open.from, until: first });
      return finish(request, how, [{ ...letter(mistake), enteredInError: true }, letter(first)]);
    }
    default:
      return finish(request, 'in-time', [letter(first)]);
  }
}

/** Letters, or none, that miss an obligation whose deadline has passed at the as-of time. */
export function missing(random: Random, request: LetterRequest): PlannedLetters {
  const full = enoughSections(random, request.kind);
  const letter = (sent: Instant): Draft => ({
    sent,
    sections: full,
    enteredInError: false,
    misaddressed: false,
  });
  const possible = !isEmpty(request.window);
  const report = isReport(request.kind) && possible;
  const room = beforeCorrection(request);
  const early = request.window.from - 6 * HOUR > request.notBefore;
  const chosen = afterwards(random, request.window);
  const late = request.mustBeSent ? Math.min(chosen, request.asOf) : chosen;
  const how = random.weighted({
    'never-sent': request.mustBeSent ? 0 : 45,
    late: 30,
    'a-millisecond-late': 3,
    'late-after-a-mistake': possible && !request.sayable ? 6 : 0,
    incomplete: report ? 14 : 0,
    'corrected-to-incomplete': report && !isEmpty(room) ? 4 : 0,
    'too-early': request.kind === 'discharge-report' && early ? 4 : 0,
    'to-another-practice': request.kind === 'discharge-letter' && possible ? 10 : 0,
  });
  const first = (): Instant => within(random, request.window);
  switch (how) {
    case 'late':
      return finish(request, how, [letter(late)]);
    case 'a-millisecond-late':
      return finish(request, how, [letter(justAfter(request))]);
    case 'late-after-a-mistake':
      return finish(request, how, [{ ...letter(first()), enteredInError: true }, letter(late)]);
    case 'incomplete':
      return finish(request, how, [{ ...letter(first()), sections: fewSections(random) }]);
    case 'corrected-to-incomplete': {
      const sent = within(random, room);
      const correction = letter(correctionTime(random, request, sent));
      return finish(request, how, [
        letter(sent),
        { ...correction, sections: fewSections(random), correctsFirst: true },
      ]);
    }
    case 'too-early':
      return withoutActual(
        finish(request, how, [letter(request.window.from - random.integer(2, 300) * MINUTE)]),
      );
    case 'to-another-practice':
      return finish(request, how, [{ ...letter(first()), misaddressed: true }]);
    default:
      return finish(request, 'never-sent', []);
  }
}

/** A letter before its window is none that counts. */
const withoutActual = ({ how, letters }: PlannedLetters): PlannedLetters => ({ how, letters });

/** Nothing that meets the obligation yet, while there is still time. */
export function waiting(random: Random, request: LetterRequest): PlannedLetters {
  const open = before(request.window, request.asOf);
  if (!isReport(request.kind) || isEmpty(open) || random.chance(0.7))
    return finish(request, 'not-yet-due', []);
  const sections = fewSections(random);
  return finish(request, 'incomplete-so-far', [
    { sent: within(random, open), sections, enteredInError: false, misaddressed: false },
  ]);
}
