import { Temporal } from 'temporal-polyfill';

/** Milliseconds since 1970, from `low` up to but without `high`; ±Infinity where a period is open. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** Dates without an offset are days in this zone. */
export const DEFAULT_ZONE = 'Europe/Copenhagen';

const DATE =
  /^(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?(Z|[+-]\d\d:\d\d)?)?)?)?$/;

/** Dates read before: births and days of stays, of which a country has some ten thousand. */
const dates = new Map<string, Interval>();
const days = new Map<string, number>();

/** Start of a day in the zone; remembered, since the same days come again and again. */
function startOfDay(year: number, month: number, day: number, zone: string): number {
  const key = `${year}-${month}-${day}${zone}`;
  let start = days.get(key);
  if (start === undefined) {
    start = new Temporal.PlainDate(year, month, day).toZonedDateTime(zone).epochMilliseconds;
    if (days.size > 20_000) {
      days.clear();
    }
    days.set(key, start);
  }
  return start;
}

function dayInterval(
  year: number,
  month: number | undefined,
  day: number | undefined,
  zone: string,
): Interval {
  const first = new Temporal.PlainDate(year, month ?? 1, day ?? 1, 'iso8601');
  const next = first.add(
    month === undefined ? { years: 1 } : day === undefined ? { months: 1 } : { days: 1 },
  );
  return {
    low: startOfDay(first.year, first.month, first.day, zone),
    high: startOfDay(next.year, next.month, next.day, zone),
  };
}

/**
 * An instant as nearly all are written, at a tenth of Temporal's time; undefined for what Temporal must judge: leap
 * seconds, days that do not exist, the first centuries.
 */
function plainInstant(plain: string, offset: string): number | undefined {
  const day = Number(plain.slice(8, 10));
  const utc = Date.parse(`${plain}Z`);
  // Date takes the 31st of February for the 3rd of March, and midnight may be written as hour 24.
  if (Number.isNaN(utc) || plain < '1000' || plain.slice(11, 13) > '23' || (day > 28 && dayOf(utc) !== day)) {
    return undefined;
  }
  if (offset === 'Z') {
    return utc;
  }
  const [hours, minutes] = [Number(offset.slice(1, 3)), Number(offset.slice(4, 6))];
  if (hours > 14 || minutes > 59) {
    return undefined;
  }
  const ahead = (hours * 60 + minutes) * 60_000;
  return offset.startsWith('-') ? utc + ahead : utc - ahead;
}

function dayOf(instant: number): number {
  return new Date(instant).getUTCDate();
}

/**
 * The interval that a date, dateTime or instant of any precision stands for: `2026-03` is the whole month, and
 * `2026-03-12T08:15Z` (allowed in a search) the whole minute. Undefined when the text is no such value.
 */
export function dateInterval(text: string, zone: string = DEFAULT_ZONE): Interval | undefined {
  const known = text.length <= 10 ? dates.get(text + zone) : undefined;
  if (known !== undefined) {
    return known;
  }
  const match = DATE.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, year = '', month, day, hour, minute, second, fraction, offset] = match;
  try {
    if (hour === undefined) {
      // Temporal refuses the 31st of February; `overflow` would move it.
      if (day !== undefined) {
        Temporal.PlainDate.from(text, { overflow: 'reject' });
      } else if (month !== undefined && (Number(month) < 1 || Number(month) > 12)) {
        return undefined;
      }
      const interval = dayInterval(
        Number(year),
        month === undefined ? undefined : Number(month),
        day === undefined ? undefined : Number(day),
        zone,
      );
      if (dates.size > 20_000) {
        dates.clear();
      }
      dates.set(text + zone, interval);
      return interval;
    }
    const thousandths = fraction?.padEnd(3, '0').slice(0, 3) ?? '000';
    const plain = `${year}-${month}-${day}T${hour}:${minute}:${second ?? '00'}.${thousandths}`;
    const low =
      offset === undefined
        ? Temporal.PlainDateTime.from(plain, { overflow: 'reject' }).toZonedDateTime(zone).epochMilliseconds
        : (plainInstant(plain, offset) ?? Temporal.Instant.from(plain + offset).epochMilliseconds);
    const width =
      second === undefined
        ? 60_000
        : fraction === undefined
          ? 1_000
          : fraction.length === 1
            ? 100
            : fraction.length === 2
              ? 10
              : 1;
    return { low, high: low + width };
  } catch (error) {
    if (error instanceof RangeError) {
      return undefined;
    }
    throw error;
  }
}

/** Start and end of a Period; undefined when it has neither, or one that cannot be read. */
export function periodInterval(
  start: unknown,
  end: unknown,
  zone: string = DEFAULT_ZONE,
): Interval | undefined {
  const low = typeof start === 'string' ? dateInterval(start, zone) : undefined;
  const high = typeof end === 'string' ? dateInterval(end, zone) : undefined;
  if (low === undefined && high === undefined) {
    return undefined;
  }
  return { low: low?.low ?? Number.NEGATIVE_INFINITY, high: high?.high ?? Number.POSITIVE_INFINITY };
}
