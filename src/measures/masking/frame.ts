import type {
  CodeableConcept,
  MeasureReport,
  MeasureReportGroup,
  MeasureReportGroupStratifierStratum,
} from '@medplum/fhirtypes';
import type { Counts } from '../suppression/table.ts';
import type { Scoring } from '../vocabulary.ts';
import type { ReportPeriod } from '../yearly/model.ts';
import { periodsOfYear, withLonger } from '../yearly/periods.ts';
import { type Counted, tablesOf } from './report-counts.ts';

/** All that is published of one year by $evaluate-measure, before anything is hidden. */
export interface Frame {
  readonly periods: readonly ReportPeriod[];
  readonly tables: readonly FrameTable[];
}

/** One table of one group of one Measure. */
export interface FrameTable {
  readonly name: string;
  /** Period → counts. */
  readonly whole: ReadonlyMap<string, Counts>;
  /** Stratifier → value → period → counts. */
  readonly strata: ReadonlyMap<string, ReadonlyMap<string, ReadonlyMap<string, Counts>>>;
}

/** A Measure with its true reports for the twelve months of the year, in order. */
export interface MonthlyReports {
  readonly id: string;
  readonly scorings: readonly Scoring[];
  readonly months: readonly MeasureReport[];
}

/** The months of each Measure, summed up to quarters and the year. */
export function frameOf(year: number, measures: readonly MonthlyReports[]): Frame {
  const periods = periodsOfYear(year);
  const months = periods.filter(({ kind }) => kind === 'month');
  const tables = measures.flatMap(({ id, scorings, months: reports }) =>
    scorings.flatMap((scoring, group) => {
      const open = new Map<string, OpenTable>();
      for (const [index, report] of reports.entries()) {
        const counted = report.group?.[group];
        if (counted === undefined) continue;
        const longer = withLonger(periods, months[index]?.id ?? '').map((period) => period.id);
        add(open, tableName(id, group), scoring, counted, longer);
      }
      return [...open.values()];
    }),
  );
  return { periods, tables };
}

export function tableName(id: string, group: number): (table: string) => string {
  return (table) => `${id}/${group}/${table}`;
}

/** What stratifiers and values are told apart by: the codes, or the text where there are none. */
export function keyOf(concept: CodeableConcept | undefined): string {
  const [coding] = concept?.coding ?? [];
  return coding === undefined
    ? JSON.stringify([concept?.text ?? ''])
    : JSON.stringify([coding.system, coding.code]);
}

/** What a stratum is told apart by within its stratifier. */
export function stratumKey({ value, component }: MeasureReportGroupStratifierStratum): string {
  return component === undefined ? keyOf(value) : JSON.stringify(component.map((part) => keyOf(part.value)));
}

interface OpenTable extends FrameTable {
  readonly whole: Map<string, Counts>;
  readonly strata: Map<string, Map<string, Map<string, Counts>>>;
}

function add(
  open: Map<string, OpenTable>,
  nameOf: (table: string) => string,
  scoring: Scoring,
  counted: MeasureReportGroup,
  periods: readonly string[],
): void {
  const tableOf = (table: string): OpenTable =>
    got(open, nameOf(table), (name) => ({ name, whole: new Map(), strata: new Map() }));
  const take = (one: Counted, into: (table: OpenTable) => Map<string, Counts>): void => {
    for (const [table, counts] of tablesOf(scoring, one)) {
      const target = into(tableOf(table));
      for (const period of periods) target.set(period, sum(target.get(period), counts));
    }
  };
  take(counted, ({ whole }) => whole);
  for (const stratifier of counted.stratifier ?? []) {
    const key = keyOf(stratifier.code?.[0]);
    for (const table of tablesOf(scoring, counted).keys()) got(tableOf(table).strata, key, () => new Map());
    for (const stratum of stratifier.stratum ?? []) {
      const value = stratumKey(stratum);
      take(stratum, ({ strata }) =>
        got(
          got(strata, key, () => new Map()),
          value,
          () => new Map(),
        ),
      );
    }
  }
}

function got<K, V>(map: Map<K, V>, key: K, make: (key: K) => V): V {
  let value = map.get(key);
  if (value === undefined) {
    value = make(key);
    map.set(key, value);
  }
  return value;
}

function sum(one: Counts | undefined, other: Counts): Counts {
  if (one === undefined) return other;
  return {
    numerator: one.numerator + other.numerator,
    denominator: one.denominator + other.denominator,
    excluded: one.excluded + other.excluded,
    pending: one.pending + other.pending,
  };
}
