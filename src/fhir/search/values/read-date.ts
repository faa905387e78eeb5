import type { TypedValue } from '../path.ts';
import { dateInterval, type Interval, periodInterval } from './interval.ts';

interface Timing {
  readonly event?: readonly string[];
  readonly repeat?: { readonly boundsPeriod?: { readonly start?: string; readonly end?: string } };
}

/** From the first to the last event, or the bounds; a Timing without either cannot be found by date. */
function timing({ event = [], repeat }: Timing, zone?: string): Interval | undefined {
  const intervals = event.map((each) => dateInterval(each, zone)).filter((each) => each !== undefined);
  const bounds = periodInterval(repeat?.boundsPeriod?.start, repeat?.boundsPeriod?.end, zone);
  const all = bounds === undefined ? intervals : [...intervals, bounds];
  if (all.length === 0) {
    return undefined;
  }
  return { low: Math.min(...all.map(({ low }) => low)), high: Math.max(...all.map(({ high }) => high)) };
}

/** The interval of a date, dateTime, instant, Period or Timing; undefined for what is no point in time (Age, free text). */
export function readDate({ type, value }: TypedValue, zone?: string): Interval | undefined {
  if (typeof value === 'string') {
    return dateInterval(value, zone);
  }
  if (type === 'Period') {
    const { start, end } = value as { readonly start?: string; readonly end?: string };
    return periodInterval(start, end, zone);
  }
  return type === 'Timing' ? timing(value as Timing, zone) : undefined;
}
