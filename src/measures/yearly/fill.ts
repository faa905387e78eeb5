import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { badRequest } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import type { CountRow } from '../suppression/table.ts';
import { agreementsOf } from './agreements.ts';
import { courseCounts } from './course-counts.ts';
import { fundingOf } from './funding.ts';
import { COURSES, type ReportPeriod, type ReportUnit, type YearlyReport } from './model.ts';
import { type MunicipalCounts, parameterCounts } from './municipal-counts.ts';
import { parameterMeasures, parameterOf } from './parameters.ts';
import { periodsOfYear, withLonger } from './periods.ts';
import { ancestorsOf, UNKNOWN_UNIT, unitsIn } from './units.ts';

export interface YearlyReportRequest {
  readonly year: number;
  /** Instant that decides what was due; now unless told. The same instant over the same data gives the same report. */
  readonly asOf?: string;
  /** Years before it that the report shows the development from; 2 unless told. */
  readonly yearsBefore?: number;
  readonly publisher?: string;
  readonly calendar?: Calendar;
  /** Instant of making the report; the clock unless told. */
  readonly now?: string;
}

/**
 * Counts everything that the yearly report tells, from the store: the national parameters (Measures with an
 * identifier of the parameter system) by municipality and month from the kept verdicts, and the courses begun.
 * Regions are those of the report's last day, for the earlier years too, so that the years compare.
 * @throws FhirError 400 for a year or number of years that is none; 404 for a parameter whose verdicts are not kept
 */
export async function yearlyReport(store: Store, request: YearlyReportRequest): Promise<YearlyReport> {
  const { year, yearsBefore = 2 } = request;
  if (!Number.isInteger(year) || year < 2007 || year > 2199) {
    throw badRequest(
      'Give the year as a number from 2007, when regions began, to 2199',
      'Parameters.year',
      'value',
    );
  }
  if (!Number.isInteger(yearsBefore) || yearsBefore < 0 || yearsBefore > 10) {
    throw badRequest(
      'The number of years before must be a whole number from 0 to 10',
      'Parameters.yearsBefore',
      'value',
    );
  }
  const now = request.now ?? new Date().toISOString();
  const asOf = request.asOf ?? now;
  const calendar = request.calendar ?? createCalendar();
  const first = Math.max(2007, year - yearsBefore);
  const periods = Array.from({ length: year - first + 1 }, (_, index) => first + index).flatMap(
    periodsOfYear,
  );
  const months = periods.filter(({ kind, start }) => kind === 'month' && start <= asOf);
  const measures = await parameterMeasures(store);
  const units = unitsIn(`${year}-12-31`);
  const sums = emptySums(units, periods, [...measures.map(({ id }) => id), COURSES]);
  for (const counts of await parameterCounts(store, measures, months, asOf, calendar)) sums.add(counts);
  for (const counts of await courseCounts(store, months, calendar)) sums.add(counts);
  const funding = await fundingOf(store, year, units);
  return {
    year,
    asOf,
    generated: now,
    publisher: request.publisher ?? 'Overgang',
    units: sums.unknown() ? units : units.filter(({ id }) => id !== UNKNOWN_UNIT),
    periods,
    parameters: measures.map(({ id, measure }) => parameterOf(id, measure)),
    counts: sums.rows(),
    ...(funding === undefined ? {} : { funding }),
    agreements: await agreementsOf(store, year),
  };
}

/** Sums of municipalities and months up the two trees, with a row (of zeros) for every unit, measure and period. */
function emptySums(
  units: readonly ReportUnit[],
  periods: readonly ReportPeriod[],
  measures: readonly string[],
) {
  const rows = new Map<string, Writable<CountRow>>();
  const keyOf = (measure: string, unit: string, period: string) => `${measure} ${unit} ${period}`;
  for (const measure of measures) {
    for (const unit of units) {
      for (const period of periods) {
        if (unit.level === 'municipality' && period.kind !== 'year') continue;
        rows.set(keyOf(measure, unit.id, period.id), {
          unit: unit.id,
          measure,
          period: period.id,
          numerator: 0,
          denominator: 0,
          excluded: 0,
          pending: 0,
        });
      }
    }
  }
  let unknown = false;
  return {
    add({ measure, month, municipality, ...own }: MunicipalCounts): void {
      const above = ancestorsOf(units, municipality);
      unknown ||= above.includes(UNKNOWN_UNIT);
      for (const unit of above) {
        for (const period of withLonger(periods, month.id)) {
          const row = rows.get(keyOf(measure, unit, period.id));
          if (row === undefined) continue;
          row.numerator += own.numerator;
          row.denominator += own.denominator;
          row.excluded += own.excluded;
          row.pending += own.pending;
        }
      }
    },
    unknown: () => unknown,
    rows: () => [...rows.values()].filter(({ unit }) => unknown || unit !== UNKNOWN_UNIT),
  };
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };
