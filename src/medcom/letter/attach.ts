import type { CarePlan, Communication, Encounter, Extension } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXCHANGE, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { Change } from '../../store/store.ts';
import { sameResource } from '../same-resource.ts';
import { UNMATCHED } from '../vocabulary.ts';
import { chooseStay, type StayHints } from './choose-stay.ts';
import { keptFacts } from './facts-extension.ts';
import { readAnew } from './local-time.ts';

type Stay = Encounter & { readonly id: string };
type Letter = Communication & { readonly id: string };
type Plan = CarePlan & { readonly id: string };

/** All that is known of a citizen's stays and letters, in the state it shall have when this transaction is over. */
export interface LetterCase {
  readonly stays: readonly Stay[];
  readonly letters: readonly Letter[];
  readonly plans: readonly Plan[];
  /** Ids of letters and plans that are not stored yet. */
  readonly fresh: ReadonlySet<string>;
}

/**
 * Ties every letter and its plans to the stay it belongs to now, takes that of a letter that lost its stay, and puts
 * the anchors that letters carry on the stays. Returns what has to be written; a pure function, running it again on
 * its result gives nothing.
 */
export function attachLetters(known: LetterCase): readonly Change[] {
  const chosen = known.letters.map((letter) => chooseStay(known.stays, hintsOf(letter)));
  const stayOf = new Map(known.letters.map((letter, index) => [letter.id, chosen[index]?.id]));
  const read = known.letters.map((letter, index) => sentAfter(letter, chosen[index]?.period?.start));
  const letters = read.map((letter) => tied(letter, stayOf.get(letter.id), read, stayOf));
  const plans = known.plans.map((plan) => tiedPlan(plan, stayOf.get(letterOf(plan) ?? '')));
  const stays = known.stays.map((stay) =>
    withAnchors(
      stay,
      letters.filter((letter) => stayOf.get(letter.id) === stay.id),
    ),
  );
  return [
    ...changed(known.stays, stays, known.fresh),
    ...changed(known.letters, letters, known.fresh),
    ...changed(known.plans, plans, known.fresh),
  ];
}

function changed<T extends Stay | Letter | Plan>(
  before: readonly T[],
  after: readonly T[],
  fresh: ReadonlySet<string>,
): readonly Change[] {
  return after.flatMap((resource, index): Change[] => {
    if (fresh.has(resource.id)) return [{ op: 'create', resource }];
    return sameResource(before[index], resource) ? [] : [{ op: 'update', resource }];
  });
}

function hintsOf(letter: Letter): StayHints {
  const facts = keptFacts(letter.extension);
  const episode = letter.identifier?.find((each) => each.system === IDENTIFIER_SYSTEM.stayEpisode)?.value;
  const admission = facts.get('admission');
  const discharge = facts.get('discharge');
  return {
    sent: readAnew(letter.sent ?? letter.received ?? ''),
    ...(episode === undefined ? {} : { episode }),
    ...(admission === undefined ? {} : { admission }),
    ...(discharge === undefined ? {} : { discharge }),
  };
}

/** A letter about a stay was not sent before it began: where its hour comes twice, that tells which one it is. */
function sentAfter(letter: Letter, start: string | undefined): Letter {
  if (letter.sent === undefined) return letter;
  const sent = readAnew(letter.sent, start);
  return sent === letter.sent ? letter : { ...letter, sent };
}

function tied(
  letter: Letter,
  stayId: string | undefined,
  all: readonly Letter[],
  stayOf: ReadonlyMap<string, string | undefined>,
): Letter {
  const corrected = stayId === undefined ? undefined : correctedLetter(letter, all, stayOf);
  if (stayId !== undefined && isTied(letter, stayId, corrected)) return letter;
  const { encounter: _encounter, meta, ...rest } = letter;
  const { tag = [], ...kept } = meta ?? {};
  const others = tag.filter((each) => each.system !== UNMATCHED.system);
  const tags = stayId === undefined ? [...others, { ...UNMATCHED }] : others;
  const labelled = { ...kept, ...(tags.length === 0 ? {} : { tag: tags }) };
  return {
    ...rest,
    ...(Object.keys(labelled).length === 0 ? {} : { meta: labelled }),
    extension: withExtension(
      letter.extension ?? [],
      EXTENSION.corrects,
      corrected === undefined
        ? undefined
        : { url: EXTENSION.corrects, valueReference: { reference: `Communication/${corrected.id}` } },
    ),
    ...(stayId === undefined ? {} : { encounter: { reference: `Encounter/${stayId}` } }),
  };
}

/** Whether a letter says already all that `tied` would make it say, as nearly every one does that came before. */
function isTied(letter: Letter, stayId: string, corrected: Letter | undefined): boolean {
  const { encounter, extension, meta } = letter;
  return (
    encounter !== undefined &&
    encounter.reference === `Encounter/${stayId}` &&
    Object.keys(encounter).length === 1 &&
    meta?.tag?.some(({ system }) => system === UNMATCHED.system) !== true &&
    meta?.tag?.length !== 0 &&
    extension !== undefined &&
    corrected === undefined &&
    extension.every(({ url }) => url !== EXTENSION.corrects)
  );
}

/** A `rettetbrev` corrects the latest earlier letter of its kind from the same sender on the same stay. */
function correctedLetter(
  letter: Letter,
  all: readonly Letter[],
  stayOf: ReadonlyMap<string, string | undefined>,
): Letter | undefined {
  if (keptFacts(letter.extension).get('status') !== 'rettetbrev') return undefined;
  return all
    .filter(
      (other) =>
        other.id !== letter.id &&
        stayOf.get(other.id) === stayOf.get(letter.id) &&
        kindOf(other) === kindOf(letter) &&
        other.sender?.reference === letter.sender?.reference &&
        Date.parse(other.sent ?? '') <= Date.parse(letter.sent ?? '') &&
        keptFacts(other.extension).get('identifier') !== keptFacts(letter.extension).get('identifier'),
    )
    .sort(bySent)
    .at(-1);
}

function kindOf(letter: Communication): string | undefined {
  return letter.category
    ?.flatMap((each) => each.coding ?? [])
    .find((coding) => coding.system === CODE_SYSTEM.exchange)?.code;
}

function bySent(a: Letter, b: Letter): number {
  return Date.parse(a.sent ?? '') - Date.parse(b.sent ?? '') || (a.id < b.id ? -1 : 1);
}

function letterOf(plan: Plan): string | undefined {
  const reference = plan.supportingInfo?.find((each) =>
    each.reference?.startsWith('Communication/'),
  )?.reference;
  return reference?.slice('Communication/'.length);
}

function tiedPlan(plan: Plan, stayId: string | undefined): Plan {
  if (stayId !== undefined && plan.encounter?.reference === `Encounter/${stayId}`) {
    if (Object.keys(plan.encounter).length === 1) return plan;
  }
  const { encounter: _encounter, ...rest } = plan;
  return { ...rest, ...(stayId === undefined ? {} : { encounter: { reference: `Encounter/${stayId}` } }) };
}

/**
 * End of treatment as the latest notice (XDIS19) says, else the latest discharge report (XDIS18); the agreed
 * discharge as the latest letter that tells one. A stay that no letter tells of keeps what it has.
 */
function withAnchors(stay: Stay, letters: readonly Letter[]): Stay {
  const ordered = [...letters].sort(bySent);
  const ofKind = (kind: string) => ordered.filter((letter) => kindOf(letter) === kind);
  const endOfTreatment =
    lastFact(ofKind(EXCHANGE.readyForDischarge), 'endOfTreatment') ??
    lastFact(ofKind(EXCHANGE.dischargeReport), 'endOfTreatment');
  const agreed = lastFact(ordered, 'agreedDischarge') ?? lastFact(ordered, 'plannedDischarge');
  let extension = stay.extension ?? [];
  if (endOfTreatment !== undefined) {
    extension = withExtension(extension, EXTENSION.endOfTreatment, {
      url: EXTENSION.endOfTreatment,
      valueDateTime: endOfTreatment,
    });
  }
  if (agreed !== undefined) {
    extension = withExtension(extension, EXTENSION.agreedDischarge, {
      url: EXTENSION.agreedDischarge,
      valueDateTime: agreed,
    });
  }
  return extension === stay.extension || extension.length === 0
    ? stay
    : { ...stay, extension: [...extension] };
}

function lastFact(letters: readonly Letter[], name: string): string | undefined {
  return letters
    .map((letter) => keptFacts(letter.extension).get(name))
    .findLast((value) => value !== undefined);
}

/** The extensions with this one in the place of its url: unchanged where it is so already. */
function withExtension(
  extensions: readonly Extension[],
  url: string,
  extension: Extension | undefined,
): Extension[] {
  const index = extensions.findIndex((each) => each.url === url);
  if (index === -1) return extension === undefined ? [...extensions] : [...extensions, extension];
  return extension === undefined
    ? extensions.filter((each) => each.url !== url)
    : extensions.map((each, at) => (at === index ? extension : each));
}
