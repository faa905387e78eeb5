import type {
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifierStratum,
} from '@medplum/fhirtypes';
import { wilsonInterval } from '../../measures/statistics/wilson.ts';

const DATA_ABSENT = 'http://terminology.hl7.org/CodeSystem/data-absent-reason';
export const UNKNOWN = 'unknown';

/** One line of a result: a parameter in the country, or in one stratum. Shares are 0…1, absent when nothing counts. */
export interface ResultLine {
  readonly measure: string;
  readonly title: string;
  /** Name of the stratum; absent on the line for all. */
  readonly stratum?: string;
  /** As FHIR counts it: with the excluded and the pending. */
  readonly denominator: number;
  readonly met: number;
  readonly excluded: number;
  readonly pending: number;
  readonly share?: number;
  /** Wilson's 95 % interval. */
  readonly low?: number;
  readonly high?: number;
}

type Counted = Pick<MeasureReportGroup | MeasureReportGroupStratifierStratum, 'population'>;

/** A masked count (small numbers) reads as not a number. */
function count(counted: Counted, code: string): number {
  const population = counted.population?.find((one) =>
    one.code?.coding?.some((coding) => coding.code === code),
  );
  if (population === undefined) return 0;
  return population.count ?? Number.NaN;
}

function line(measure: string, title: string, counted: Counted, stratum?: string): ResultLine {
  const [denominator, excluded, pending, met] = [
    count(counted, 'denominator'),
    count(counted, 'denominator-exclusion'),
    count(counted, 'denominator-exception'),
    count(counted, 'numerator'),
  ];
  const judged = denominator - excluded - pending;
  const known = Number.isInteger(judged) && Number.isInteger(met) && judged > 0;
  const interval = known ? wilsonInterval({ numerator: met, denominator: judged }) : undefined;
  return {
    measure,
    title,
    ...(stratum === undefined ? {} : { stratum }),
    denominator,
    met,
    excluded,
    pending,
    ...(interval === undefined ? {} : { share: met / judged, low: interval.low, high: interval.high }),
  };
}

function nameOf({ value }: MeasureReportGroupStratifierStratum): string {
  const code = value?.coding?.[0];
  return code?.system === DATA_ABSENT ? UNKNOWN : (value?.text ?? code?.display ?? code?.code ?? UNKNOWN);
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
  by?: string,
): ResultLine[] {
  const [group] = report.group ?? [];
  if (group === undefined) return [];
  const stratifier = group.stratifier?.find((one) =>
    one.code?.some((code) => code.coding?.some((coding) => coding.code === by)),
  );
  const strata = (stratifier?.stratum ?? []).map((stratum) => line(measure, title, stratum, nameOf(stratum)));
  return [line(measure, title, group), ...strata.sort(byName)];
}
