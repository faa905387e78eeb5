/** Calendar days as text (`2026-03-12`, a full FHIR date) and as whole numbers, free of any time zone. */

/** A calendar day, `YYYY-MM-DD`; compares as text. */
export type Day = string;

export const MILLISECONDS_A_DAY = 86_400_000;

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Whether the text names a day that exists (not 30 February). */
export function isDay(text: string): boolean {
  if (!DAY.test(text)) return false;
  const [year, month, day] = [Number(text.slice(0, 4)), Number(text.slice(5, 7)), Number(text.slice(8, 10))];
  return day >= 1 && day <= daysIn(year, month);
}

/** 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return LENGTHS[month - 1] ?? 0;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days since 1 January 1970. Parsed as text, because Date.UTC takes the years 0 to 99 for 1900 to 1999. */
export function numberOfDay(day: Day): number {
  return Date.parse(`${day}T00:00:00Z`) / MILLISECONDS_A_DAY;
}

const texts = new Map<number, Day>();

export function textOfDay(number: number): Day {
  let text = texts.get(number);
  if (text === undefined) {
    text = new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10);
    if (texts.size >= 100_000) texts.clear();
    texts.set(number, text);
  }
  return text;
}

export function addDays(day: Day, days: number): Day {
  return textOfDay(numberOfDay(day) + days);
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekday(day: Day): number {
  return ((((numberOfDay(day) + 3) % 7) + 7) % 7) + 1;
}
