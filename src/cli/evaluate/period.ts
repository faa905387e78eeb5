import { dateText, dayNumber } from '../../synthetic/clock.ts';
import { usageError } from '../io.ts';

/** First and last day, `2026-03-12`. */
export interface Period {
  readonly start: string;
  readonly end: string;
}

/** The last day of the month before this one (month 1…12; 13 is January of the next year). */
const dayBefore = (year: number, month: number): string => dateText(dayNumber(year, month, 1) - 1);

/**
 * Reads a period: a year `2026`, a quarter `2026-Q1`, a month `2026-03`, or days `2026-01-15..2026-02-14`.
 * @throws CliError 2
 */
export function readPeriod(text: string): Period {
  const quarter = /^(\d{4})-[Qq]([1-4])$/.exec(text);
  if (quarter !== null) {
    const [year, first] = [Number(quarter[1]), 3 * Number(quarter[2]) - 2];
    return { start: dateText(dayNumber(year, first, 1)), end: dayBefore(year, first + 3) };
  }
  const month = /^(\d{4})-(0[1-9]|1[0-2])$/.exec(text);
  if (month !== null) return { start: `${text}-01`, end: dayBefore(Number(month[1]), Number(month[2]) + 1) };
  if (/^\d{4}$/.test(text)) return { start: `${text}-01-01`, end: `${text}-12-31` };
  const days = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/.exec(text);
  if (days !== null) return { start: days[1] as string, end: days[2] as string };
  throw usageError(
    `--period '${text}' is no year (2026), quarter (2026-Q1), month (2026-03) or 2026-01-15..2026-02-14`,
  );
}
