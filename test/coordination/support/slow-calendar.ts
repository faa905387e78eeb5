import Holidays from 'date-holidays';

/**
 * A second calendar that shares nothing with the product's: the zone comes from Intl (ICU) instead of Temporal,
 * limits of days are found by walking, Easter by Gauss's rule, and days are counted one by one.
 */
const clock = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'medium',
});

export const slowDayOf = (instant: number): string => clock.format(new Date(instant)).slice(0, 10);

/** The last second of the local day walks forward by seconds from a minute before its end. */
export function slowEndOfDay(instant: number): number {
  const day = slowDayOf(instant);
  let last = instant;
  for (const step of [3_600_000, 60_000, 1000, 100, 10, 1]) {
    while (slowDayOf(last + step) === day) last += step;
  }
  return last;
}

/** Gauss's Easter rule with its two exceptions. */
export function gaussEaster(year: number): string {
  const [a, b, c] = [year % 19, year % 4, year % 7];
  const k = Math.floor(year / 100);
  const p = Math.floor((13 + 8 * k) / 25);
  const m = (15 - p + k - Math.floor(k / 4)) % 30;
  const n = (4 + k - Math.floor(k / 4)) % 7;
  const d = (19 * a + m) % 30;
  const e = (2 * b + 4 * c + 6 * d + n) % 7;
  let days = 22 + d + e;
  if (d === 29 && e === 6) days = 50;
  else if (d === 28 && e === 6 && (11 * m + 11) % 30 < 19) days = 49;
  return new Date(Date.UTC(year, 2, days)).toISOString().slice(0, 10);
}

const denmark = new Holidays('DK', { languages: ['da'] });
const yearly = new Map<number, ReadonlySet<string>>();

/** Public holidays as the package date-holidays knows them. */
export function slowHolidays(year: number): ReadonlySet<string> {
  let days = yearly.get(year);
  if (days === undefined) {
    days = new Set(
      denmark
        .getHolidays(year)
        .filter((holiday) => holiday.type === 'public')
        .map((holiday) => holiday.date.slice(0, 10)),
    );
    yearly.set(year, days);
  }
  return days;
}

export function slowIsBusinessDay(day: string): boolean {
  const name = new Date(`${day}T12:00:00Z`).toUTCString().slice(0, 3);
  return name !== 'Sat' && name !== 'Sun' && !slowHolidays(Number(day.slice(0, 4))).has(day);
}

/** End of the n-th business day after the instant's day, found by walking from one day's end to the next. */
export function slowBusinessDeadline(instant: number, count: number): number {
  let end = slowEndOfDay(instant);
  for (let found = 0; found < count; ) {
    end = slowEndOfDay(end + 1);
    if (slowIsBusinessDay(slowDayOf(end))) found += 1;
  }
  return end;
}
