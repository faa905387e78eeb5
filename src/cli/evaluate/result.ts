import type {
  CodeableConcept,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifier,
  MeasureReportGroupStratifierStratum,
} from '@medplum/fhirtypes';
import { wilsonInterval } from '../../measures/statistics/wilson.ts';
import type { By } from './by.ts';

const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const UNKNOWN = 'unknown';

/**
 * One line of a result: a measure in the country, or in one stratum, in one period. Counts are NaN where they are
 * withheld, and absent where the measure has no such population. Shares are 0…1, absent when nothing counts.
 */
export interface ResultLine {
  readonly measure: string;
  readonly title: string;
  /** `2026-03`, `2026-Q1`, `2026`; else the days, `2026-01-15..2026-02-14`. */
  readonly period: string;
  /** Name of the stratum; absent on the line for all. */
  readonly stratum?: string;
  /** As FHIR counts it, with the excluded and the pending; what is measured or counted, where there is no denominator. */
  readonly denominator: number;
  readonly met?: number;
  readonly excluded?: number;
  readonly pending?: number;
  readonly share?: number;
  /** Wilson's 95 % interval. */
  readonly low?: number;
  readonly high?: number;
  /** Of a ratio or a continuous variable: the ratio, the median or what the measure says. */
  readonly score?: number;
}

type Counted = Pick<MeasureReportGroup | MeasureReportGroupStratifierStratum, 'population' | 'measureScore'>;

/** Undefined: no such population. A masked count (small numbers) reads as not a number. */
function count(counted: Counted, ...codes: string[]): number | undefined {
  const population = counted.population?.find((one) =>
    one.code?.coding?.some((coding) => codes.includes(coding.code ?? '')),
  );
  return population === undefined ? undefined : (population.count ?? Number.NaN);
}

function countsOf(counted: Counted): Omit<ResultLine, 'measure' | 'title' | 'period' | 'stratum'> {
  const denominator = count(counted, 'denominator');
  const met = count(counted, 'numerator');
  const excluded = count(counted, 'denominator-exclusion', 'measure-population-exclusion');
  const pending = count(counted, 'denominator-exception');
  const score = counted.measureScore?.value;
  const given = {
    ...(met === undefined ? {} : { met }),
    ...(excluded === undefined ? {} : { excluded }),
    ...(pending === undefined ? {} : { pending }),
  };
  if (denominator === undefined || met === undefined) {
    const measured = count(counted, 'measure-population') ?? count(counted, 'initial-population') ?? 0;
    return { denominator: measured, ...given, ...(score === undefined ? {} : { score }) };
  }
  const judged = denominator - (excluded ?? 0) - (pending ?? 0);
  // A ratio's numerator need not lie in its denominator.
  const isShare = Number.isInteger(judged) && judged > 0 && met <= judged && score === met / judged;
  if (!isShare) return { denominator, ...given, ...(score === undefined ? {} : { score }) };
  const interval = wilsonInterval({ numerator: met, denominator: judged });
  return {
    denominator,
    ...given,
    share: met / judged,
    ...(interval === undefined ? {} : { low: interval.low, high: interval.high }),
  };
}

function nameOf({ value, component }: MeasureReportGroupStratifierStratum): string {
  return component === undefined
    ? nameOfValue(value)
    : component.map((part) => nameOfValue(part.value)).join(' · ');
}

function nameOfValue(value: CodeableConcept | undefined): string {
  const code = value?.coding?.[0];
  return code?.system === DATA_ABSENT ? UNKNOWN : (value?.text ?? code?.display ?? code?.code ?? UNKNOWN);
}

/** `2026-03` for a whole month, and so on. */
function periodName({ period }: MeasureReport): string {
  const [start = '', end = ''] = [period.start, period.end];
  const [year, first, last] = [start.slice(0, 4), Number(start.slice(5, 7)), Number(end.slice(5, 7))];
  const next = new Date(Date.parse(`${end}T00:00:00Z`) + 86_400_000).toISOString();
  if (!start.endsWith('-01') || !next.startsWith('01', 8) || end.slice(0, 4) !== year)
    return `${start}..${end}`;
  if (first === last) return start.slice(0, 7);
  if (first === 1 && last === 12) return year;
  return last - first === 2 && first % 3 === 1 ? `${year}-Q${last / 3}` : `${start}..${end}`;
}

const codesOf = ({ code }: MeasureReportGroupStratifier): string[] =>
  (code ?? []).flatMap(
    ({ coding, text }) => coding?.flatMap((one) => one.code ?? []) ?? (text ? [text] : []),
  );

/** Codes of the stratifiers of a report. */
export function stratifiersOf(report: MeasureReport): string[] {
  return (report.group?.[0]?.stratifier ?? []).flatMap(codesOf);
}

export function isStratifiedBy(report: MeasureReport, stratifier: string): boolean {
  return stratifiersOf(report).includes(stratifier);
}

/** What the server does not know comes last. */
const byName = (a: ResultLine, b: ResultLine): number =>
  Number(a.stratum === UNKNOWN) - Number(b.stratum === UNKNOWN) ||
  (a.stratum ?? '').localeCompare(b.stratum ?? '', 'da');

/** The line for all, then one a stratum of the named stratifier, by name. */
export function resultLines(
  measure: string,
  title: string,
  report: MeasureReport,
  { stratifier }: By,
): ResultLine[] {
  const [group] = report.group ?? [];
  if (group === undefined) return [];
  const about = { measure, title, period: periodName(report) };
  const found = group.stratifier?.find(
    (one) => stratifier !== undefined && codesOf(one).includes(stratifier),
  );
  const strata = (found?.stratum ?? []).map((stratum) => ({
    ...about,
    stratum: nameOf(stratum),
    ...countsOf(stratum),
  }));
  return [{ ...about, ...countsOf(group) }, ...strata.sort(byName)];
}
