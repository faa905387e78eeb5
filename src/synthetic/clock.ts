/**
 * Danish civil time by the European rule itself (summer time from the last Sunday of March to the last Sunday of
 * October, both at 01:00 UTC, since 1996): the generator is the oracle for the server's deadlines, so it
 * shares no calendar code with it. Instants are milliseconds since 1970-01-01T00:00Z.
 */
export type Instant = number;

const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A calendar day as the number of days since 1970-01-01. */
export type DayNumber = number;

export function dayNumber(year: number, month: number, day: number): DayNumber {
  return Date.UTC(year, month - 1, day) / DAY;
}

/** 0 = Sunday … 6 = Saturday (1970-01-01 was a Thursday). */
export function weekday(day: DayNumber): number {
  return (((day + 4) % 7) + 7) % 7;
}

/** 01:00 UTC of the last Sunday of a month with 31 days. */
function lastSunday(year: number, month: number): Instant {
  const last = dayNumber(year, month, 31);
  return (last - weekday(last)) * DAY + HOUR;
}

/** Hours that Danish clocks are ahead of UTC at this instant, in milliseconds. */
function offsetAt(instant: Instant): number {
  const year = new Date(instant).getUTCFullYear();
  return instant >= lastSunday(year, 3) && instant < lastSunday(year, 10) ? 2 * HOUR : HOUR;
}

/** The Danish calendar day on which the instant lies. */
export function dayOf(instant: Instant): DayNumber {
  return Math.floor((instant + offsetAt(instant)) / DAY);
}

/** The instant at which Danish clocks first show this time of day; a time that the spring night skips is read an hour later. */
export function instantAt(day: DayNumber, hour: number, minute = 0, second = 0): Instant {
  const wall = day * DAY + hour * HOUR + minute * MINUTE + second * SECOND;
  const summer = wall - 2 * HOUR;
  return offsetAt(summer) === 2 * HOUR ? summer : wall - HOUR;
}

/** The last millisecond of the day. Danish days begin at 00:00 all year: the clock changes at 02:00 and 03:00. */
export function endOfDay(day: DayNumber): Instant {
  return instantAt(day + 1, 0) - 1;
}

/** `2026-03-12`. */
export function dateText(day: DayNumber): string {
  return new Date(day * DAY).toISOString().slice(0, 10);
}

/** FHIR dateTime in Danish time with its offset, milliseconds only where there are any: `2026-03-12T09:12:00+01:00`. */
export function dateTimeText(instant: Instant): string {
  const offset = offsetAt(instant);
  const wall = new Date(instant + offset).toISOString();
  const shown = wall.endsWith('.000Z') ? wall.slice(0, 19) : wall.slice(0, 23);
  return `${shown}+0${offset / HOUR}:00`;
}

/** Reads a date (`2026-03-12`: its first instant) or a dateTime with offset. @throws RangeError for anything else. */
export function readInstant(text: string): Instant {
  const date = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text);
  if (date !== null) {
    const day = dayNumber(Number(date[1]), Number(date[2]), Number(date[3]));
    if (dateText(day) === text) return instantAt(day, 0);
  } else if (/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,3})?)?(Z|[+-]\d{2}:\d{2})$/.test(text)) {
    const instant = Date.parse(text);
    if (!Number.isNaN(instant)) return instant;
  }
  throw new RangeError(
    `'${text}' is neither a date (2026-03-31) nor a time with offset (2026-03-31T12:00:00+02:00)`,
  );
}
