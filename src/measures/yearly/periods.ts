import type { ReportPeriod } from './model.ts';

/** A year with its quarters and months, ids `2026`, `2026-Q1`, `2026-01`; each after its parent. */
export function periodsOfYear(year: number): ReportPeriod[] {
  const id = String(year);
  const periods: ReportPeriod[] = [{ id, kind: 'year', start: `${id}-01-01`, end: `${id}-12-31` }];
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    const first = 3 * quarter - 2;
    periods.push({
      id: `${id}-Q${quarter}`,
      parent: id,
      kind: 'quarter',
      start: firstDay(year, first),
      end: lastDay(year, first + 2),
    });
    for (let month = first; month < first + 3; month += 1) {
      periods.push({
        id: `${id}-${twoDigits(month)}`,
        parent: `${id}-Q${quarter}`,
        kind: 'month',
        start: firstDay(year, month),
        end: lastDay(year, month),
      });
    }
  }
  return periods;
}

/** The period, the longer ones it lies in, up to the year. */
export function withLonger(periods: readonly ReportPeriod[], id: string): ReportPeriod[] {
  const found = periods.find((period) => period.id === id);
  if (found === undefined) return [];
  return found.parent === undefined ? [found] : [found, ...withLonger(periods, found.parent)];
}

function firstDay(year: number, month: number): string {
  return `${year}-${twoDigits(month)}-01`;
}

function lastDay(year: number, month: number): string {
  return `${year}-${twoDigits(month)}-${twoDigits(new Date(Date.UTC(year, month, 0)).getUTCDate())}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}
