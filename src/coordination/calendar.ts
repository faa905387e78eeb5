import { Temporal } from 'temporal-polyfill';
import { badRequest } from '../fhir/outcome.ts';
import { remembered } from '../fhir/remembered.ts';
import { type Day, isDay, MILLISECONDS_A_DAY, numberOfDay, textOfDay, weekday } from './day.ts';
import { holidaysOf } from './holidays.ts';

const DEFAULT_TIME_ZONE = 'Europe/Copenhagen';

export interface CalendarOptions {
  /** IANA name; Europe/Copenhagen when absent. */
  readonly timeZone?: string;
  /**
   * Days that an agreement counts as no business days though they are no public holidays:
   * one day (`2026-05-15`) or every year (`--12-24`).
   */
  readonly extraNonBusinessDays?: readonly string[];
}

/**
 * The calendar of deadlines: local days and their limits in one time zone, and business days (Monday to Friday, no
 * Danish public holiday, none of the extra days). Instants are milliseconds since 1970 (UTC).
 */
export interface Calendar {
  readonly timeZone: string;
  /** The local day on which an instant falls. */
  dayOf(instant: number): Day;
  /** First millisecond of a local day. */
  startOf(day: Day): number;
  /** Last millisecond of a local day: 23:59:59.999, however many hours the day has. */
  endOf(day: Day): number;
  /** The same wall-clock time some days later; a time that the spring shift skips moves on by the hour skipped. */
  plusDays(instant: number, days: number): number;
  isBusinessDay(day: Day): boolean;
  /** The n-th business day after the day (n ≥ 1); for n = 0 the day itself, business day or not. */
  addBusinessDays(day: Day, count: number): Day;
}

/** Days remembered. */
const MOST_DAYS = 100_000;

const EXTRA_DAY = /^--(\d{2})-(\d{2})$/;

/** @throws FhirError 400 when the zone or an extra day does not exist */
export function createCalendar(options: CalendarOptions = {}): Calendar {
  const timeZone = checkedTimeZone(options.timeZone ?? DEFAULT_TIME_ZONE);
  const extra = new Set((options.extraNonBusinessDays ?? []).map(checkedExtraDay));

  // The zone's rules are slow to ask (about 0.1 ms) and the days of a course few: each day is asked once.
  const startOfNumber = remembered(
    MOST_DAYS,
    (number: number): number =>
      Temporal.PlainDate.from(textOfDay(number)).toZonedDateTime(timeZone).epochMilliseconds,
  );

  const isBusinessDay = (day: Day): boolean =>
    weekday(day) <= 5 &&
    !holidaysOf(Number(day.slice(0, 4))).has(day) &&
    !extra.has(day) &&
    !extra.has(`-${day.slice(4)}`);
  const isBusinessNumber = remembered(MOST_DAYS, (number: number): boolean =>
    isBusinessDay(textOfDay(number)),
  );

  const numberAt = (instant: number): number => {
    let number = Math.floor(instant / MILLISECONDS_A_DAY);
    while (instant < startOfNumber(number)) number -= 1;
    while (instant >= startOfNumber(number + 1)) number += 1;
    return number;
  };
  const isWhole = (number: number): boolean =>
    startOfNumber(number + 1) - startOfNumber(number) === MILLISECONDS_A_DAY;

  return {
    timeZone,
    dayOf: (instant) => textOfDay(numberAt(instant)),
    startOf: (day) => startOfNumber(numberOfDay(day)),
    endOf: (day) => startOfNumber(numberOfDay(day) + 1) - 1,
    plusDays: (instant, days) => {
      const from = numberAt(instant);
      // Clocks that are not changed on either day show the same time as long after midnight.
      if (isWhole(from) && isWhole(from + days)) {
        return startOfNumber(from + days) + instant - startOfNumber(from);
      }
      return Temporal.Instant.fromEpochMilliseconds(instant).toZonedDateTimeISO(timeZone).add({ days })
        .epochMilliseconds;
    },
    isBusinessDay,
    addBusinessDays: (day, count) => {
      let last = numberOfDay(day);
      for (let left = count; left > 0; ) {
        last += 1;
        if (isBusinessNumber(last)) left -= 1;
      }
      return textOfDay(last);
    },
  };
}

function checkedTimeZone(timeZone: string): string {
  try {
    return Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(timeZone).timeZoneId;
  } catch {
    throw badRequest(`"${timeZone}" is no IANA time zone; use a name such as ${DEFAULT_TIME_ZONE}`);
  }
}

function checkedExtraDay(text: string): string {
  const yearly = EXTRA_DAY.exec(text);
  // 2000 was a leap year: --02-29 is a day of some years.
  if (yearly ? isDay(`2000-${yearly[1]}-${yearly[2]}`) : isDay(text)) return text;
  throw badRequest(`"${text}" is no day; write 2026-05-15 for one day or --12-24 for every year`);
}
