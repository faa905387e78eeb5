import type { Calendar } from '../coordination/calendar.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import { verdictWord } from './report/populations.ts';
import { agreementText, deedOf, inLanguage, type Language, timeText } from './report/words.ts';
import type { Verdict } from './stays/verdict.ts';

const WORDS = {
  en: {
    met: 'met',
    'not-met': 'not met',
    pending: 'pending',
    excluded: 'excluded',
    'not-applicable': 'does not apply',
    none: 'no',
    yet: 'yet',
    due: 'due',
    agreement: 'agreement',
    not: 'not',
    failed: 'could not be evaluated',
    outside: 'the stay does not belong to',
  },
  da: {
    met: 'opfyldt',
    'not-met': 'ikke opfyldt',
    pending: 'afventer',
    excluded: 'undtaget',
    'not-applicable': 'gælder ikke',
    none: 'ingen',
    yet: 'endnu',
    due: 'frist',
    agreement: 'aftale',
    not: 'ikke',
    failed: 'kunne ikke evalueres',
    outside: 'opholdet hører ikke til',
  },
} as const;

/**
 * A verdict in one sentence: "P4 not met: notice sent 13 March 09:12, due 12 March 23:59, agreement DK-82 v2025".
 * @param asOf the time of asking, an instant in UTC
 */
export function explainVerdict(
  measure: CompiledMeasure,
  verdict: Verdict,
  asOf: string,
  calendar: Calendar,
  language: Language,
): string {
  const words = WORDS[language];
  if (verdict.failure !== undefined) return `${measure.label} ${words.failed}: ${verdict.failure}`;
  const group = verdict.groups[0];
  const word = verdictWord(group?.bits ?? 0, verdict.due !== undefined && asOf < verdict.due);
  const said = `${measure.label} ${words[word]}`;
  if (word === 'not-applicable')
    return `${said}: ${words.outside} "${population(measure, missing(group?.bits ?? 0), language)}"`;
  if (word === 'excluded') return `${said}: ${population(measure, 'denominator-exclusion', language)}`;
  const parts = [
    deed(measure, verdict, word === 'pending', calendar, language),
    verdict.due === undefined
      ? undefined
      : `${words.due} ${timeText(verdict.due, calendar, language, verdict.anchor)}`,
    word === 'met' ? undefined : shortcoming(measure, verdict, language),
    verdict.agreement === undefined ? undefined : `${words.agreement} ${agreementText(verdict.agreement)}`,
  ];
  return `${said}: ${parts.filter((part) => part !== undefined).join(', ')}`;
}

function deed(
  measure: CompiledMeasure,
  verdict: Verdict,
  pending: boolean,
  calendar: Calendar,
  language: Language,
): string {
  const words = WORDS[language];
  const text = deedOf(measure.measure, language) ?? measure.label;
  if (verdict.actual !== undefined)
    return `${text} ${timeText(verdict.actual, calendar, language, verdict.anchor)}`;
  return `${words.none} ${text}${pending ? ` ${words.yet}` : ''}`;
}

/** Done in time and yet not met: which of the Measure's yes-or-no strata says no. */
function shortcoming(measure: CompiledMeasure, verdict: Verdict, language: Language): string | undefined {
  if (verdict.actual === undefined || verdict.due === undefined || verdict.actual > verdict.due)
    return undefined;
  const stratifiers = measure.groups[0]?.stratifiers ?? [];
  const lacking = stratifiers.filter((_, index) => verdict.groups[0]?.strata[index] === 'false');
  const names = lacking.map((one) => inLanguage(one.code?.coding?.[0], 'display', language)?.toLowerCase());
  return names.length === 0 ? undefined : `${WORDS[language].not} ${names.join(', ')}`;
}

function missing(bits: number): string {
  return bits === 0 ? 'initial-population' : 'denominator';
}

function population(measure: CompiledMeasure, code: string, language: Language): string {
  const found = measure.measure.group?.[0]?.population?.find((candidate) =>
    candidate.code?.coding?.some((coding) => coding.code === code),
  );
  return inLanguage(found, 'description', language) ?? code;
}
