import type { Calendar } from '../../coordination/calendar.ts';
import type { Reader } from '../../store/store.ts';
import type { Interval, Proportion } from '../statistics/counts.ts';
import { wilsonInterval } from '../statistics/wilson.ts';
import {
  DEFAULT_THRESHOLD,
  type PublishedRow,
  type SuppressionOptions,
  suppress,
} from '../suppression/suppress.ts';
import type { CountTable } from '../suppression/table.ts';
import { evaluate } from '../threads/evaluation.ts';
import type { ReportPeriod, ReportUnit, YearlyReport } from './model.ts';

/** The report with what may be seen of its counts. The renderers know only this, so nothing hidden can slip out. */
export interface PublishedReport extends Omit<YearlyReport, 'counts'> {
  readonly threshold: number;
  readonly rows: readonly ReportRow[];
  row(measure: string, unit: string, period: string): ReportRow | undefined;
}

export interface ReportRow extends PublishedRow {
  /** Wilson 95 %; with the rate only. */
  readonly interval?: Interval;
}

/** @throws FhirError 400 for a threshold that is none; RangeError for counts that do not add up */
export function publishReport(report: YearlyReport, options: SuppressionOptions = {}): PublishedReport {
  const { threshold = DEFAULT_THRESHOLD } = options;
  return publishedAs(report, suppress(tableOf(report), { ...options, threshold }), threshold);
}

/**
 * The same; what must be hidden, which can take seconds, is found out in a thread of its own.
 * @throws as {@link publishReport}
 */
export async function publishAside(
  reader: Reader,
  report: YearlyReport,
  threshold: number,
  calendar: Calendar,
): Promise<PublishedReport> {
  const task = { kind: 'suppress', measures: [], table: tableOf(report), threshold } as const;
  return publishedAs(report, await evaluate(calendar, task, reader), threshold);
}

function tableOf({ units, periods, counts }: YearlyReport): CountTable {
  return { units, periods, rows: counts };
}

function publishedAs(
  report: YearlyReport,
  suppressed: readonly PublishedRow[],
  threshold: number,
): PublishedReport {
  const { counts: _hidden, ...rest } = report;
  const rows = suppressed.map(withInterval);
  const byKey = new Map(rows.map((row) => [keyOf(row.measure, row.unit, row.period), row]));
  return {
    ...rest,
    threshold,
    rows,
    row: (measure, unit, period) => byKey.get(keyOf(measure, unit, period)),
  };
}

/** Both counts of a rate, where both are shown. */
export function proportionOf(row: PublishedRow | undefined): Proportion | undefined {
  if (row === undefined || !('value' in row.numerator) || !('value' in row.scored)) return undefined;
  return { numerator: row.numerator.value, denominator: row.scored.value };
}

export function unitsAt(report: PublishedReport, level: ReportUnit['level']): readonly ReportUnit[] {
  return report.units.filter((unit) => unit.level === level);
}

export function nationOf(report: PublishedReport): ReportUnit {
  const nation = report.units.find((unit) => unit.level === 'nation');
  if (nation === undefined) throw new RangeError('the report has no national unit');
  return nation;
}

/** Periods of a kind in time order. */
export function periodsOf(report: PublishedReport, kind: ReportPeriod['kind']): readonly ReportPeriod[] {
  return report.periods
    .filter((period) => period.kind === kind)
    .sort((a, b) => a.start.localeCompare(b.start));
}

function withInterval(row: PublishedRow): ReportRow {
  const counts = row.rate === undefined ? undefined : proportionOf(row);
  const interval = counts === undefined ? undefined : wilsonInterval(counts);
  return interval === undefined ? row : { ...row, interval };
}

function keyOf(measure: string, unit: string, period: string): string {
  return JSON.stringify([measure, unit, period]);
}
