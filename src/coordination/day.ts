/** Calendar days as text (`2026-03-12`, a full FHIR date) and as whole numbers, free of any time zone. */

import { remembered } from '../fhir/remembered.ts';

/** A calendar day, `YYYY-MM-DD`; compares as text. */
export type Day = string;

export const MILLISECONDS_A_DAY = 86_400_000;

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Whether the text names a day that exists (not 30 February). */
export function isDay(text: string): boolean {
  return text.length === 10 && startsWithDay(text);
}

/** Whether a day that exists is what the text begins with. Read figure by figure: it is asked of every time there is. */
export function startsWithDay(text: string): boolean {
  const month = twoDigits(text, 5);
  const day = twoDigits(text, 8);
  const year = yearOf(text);
  if (year < 0 || text.charCodeAt(4) !== HYPHEN || text.charCodeAt(7) !== HYPHEN) return false;
  return day >= 1 && day <= daysIn(year, month);
}

const HYPHEN = 45;

/** The number of two figures; -1 when they are none. */
export function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48;
  const ones = text.charCodeAt(at + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1;
}

function yearOf(text: string): number {
  const century = twoDigits(text, 0);
  const year = twoDigits(text, 2);
  return century < 0 || year < 0 ? -1 : century * 100 + year;
}

/** 0 for a month that does not exist. */
function daysIn(year: number, month: number): number {
  if (month !== 2) return LENGTHS[month - 1] ?? 0;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Days since 1 January 1970 of the day that the text begins with; NaN when it begins with none. */
export function numberOfDay(day: Day): number {
  return startsWithDay(day) ? dayNumber(yearOf(day), twoDigits(day, 5), twoDigits(day, 8)) : Number.NaN;
}

/** Days of a 400-year cycle of the Gregorian calendar, and from 1 March of the year 0 to 1 January 1970. */
const CYCLE = 146_097;
const TO_1970 = 719_468;

/** Years begin with March here, so that a leap day is the last of its year. */
function dayNumber(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1;
  const cycle = Math.floor(shifted / 400);
  const inCycle = shifted - cycle * 400;
  const inYear = Math.floor((153 * ((month + 9) % 12) + 2) / 5) + day - 1;
  const inCycleDays = inCycle * 365 + Math.floor(inCycle / 4) - Math.floor(inCycle / 100) + inYear;
  return cycle * CYCLE + inCycleDays - TO_1970;
}

export const textOfDay = remembered(
  100_000,
  (number: number): Day => new Date(number * MILLISECONDS_A_DAY).toISOString().slice(0, 10),
);

export function addDays(day: Day, days: number): Day {
  return textOfDay(numberOfDay(day) + days);
}

/** 1 Monday … 7 Sunday (ISO 8601). */
export function weekday(day: Day): number {
  return ((((numberOfDay(day) + 3) % 7) + 7) % 7) + 1;
}
