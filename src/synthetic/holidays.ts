import { type DayNumber, dayNumber, weekday } from './clock.ts';

/**
 * Danish public holidays that move, as published for each year (month-day). A list, not an Easter formula:
 * the server computes them, and a formula here could share its mistake.
 */
const MOVABLE: Readonly<Record<number, readonly string[]>> = {
  2023: ['04-06', '04-07', '04-09', '04-10', '05-05', '05-18', '05-28', '05-29'],
  2024: ['03-28', '03-29', '03-31', '04-01', '05-09', '05-19', '05-20'],
  2025: ['04-17', '04-18', '04-20', '04-21', '05-29', '06-08', '06-09'],
  2026: ['04-02', '04-03', '04-05', '04-06', '05-14', '05-24', '05-25'],
  2027: ['03-25', '03-26', '03-28', '03-29', '05-06', '05-16', '05-17'],
};

const FIXED = ['01-01', '12-25', '12-26'];

const HOLIDAYS: ReadonlySet<DayNumber> = new Set(
  Object.entries(MOVABLE).flatMap(([year, days]) =>
    [...FIXED, ...days].map((text) =>
      dayNumber(Number(year), Number(text.slice(0, 2)), Number(text.slice(3))),
    ),
  ),
);

/** Monday to Friday and no public holiday. */
export function isBusinessDay(day: DayNumber): boolean {
  const inWeek = weekday(day);
  return inWeek !== 0 && inWeek !== 6 && !HOLIDAYS.has(day);
}
