import { addDays, type Day } from './day.ts';

/**
 * Danish public holidays (helligdage), computed: they are the fixed days and the movable feasts that hang on Easter
 * Sunday, so a few lines hold every year, and no table of years can run out. The package date-holidays knows Denmark
 * too, but mixes in observances and half holidays that no agreement means; the tests use it as a second opinion.
 */

/** Last year with store bededag as a public holiday: abolished from 1 January 2024. */
const LAST_YEAR_OF_PRAYER_DAY = 2023;

const FIXED: readonly (readonly [monthAndDay: string, name: string])[] = [
  ['01-01', 'Nytårsdag'],
  ['12-25', 'Juledag'],
  ['12-26', '2. juledag'],
];

const AFTER_EASTER: readonly (readonly [days: number, name: string, lastYear?: number])[] = [
  [-3, 'Skærtorsdag'],
  [-2, 'Langfredag'],
  [0, 'Påskedag'],
  [1, '2. påskedag'],
  [26, 'Store bededag', LAST_YEAR_OF_PRAYER_DAY],
  [39, 'Kristi himmelfartsdag'],
  [49, 'Pinsedag'],
  [50, '2. pinsedag'],
];

const years = new Map<number, ReadonlyMap<Day, string>>();

/** The public holidays of one year of the Gregorian calendar (1583 or later): day → Danish name. */
export function holidaysOf(year: number): ReadonlyMap<Day, string> {
  let days = years.get(year);
  if (days === undefined) {
    const easter = easterSunday(year);
    const movable = AFTER_EASTER.filter(([, , lastYear]) => lastYear === undefined || year <= lastYear);
    const entries = [
      ...FIXED.map(
        ([monthAndDay, name]) => [`${String(year).padStart(4, '0')}-${monthAndDay}`, name] as const,
      ),
      ...movable.map(([days, name]) => [addDays(easter, days), name] as const),
    ];
    // Sorted from the latest to the earliest rule, so that of two feasts on one day the first named wins.
    days = new Map(entries.reverse());
    years.set(year, days);
  }
  return days;
}

/** Easter Sunday by the Gregorian computus (the anonymous algorithm of 1876): moon's age first, then the Sunday. */
export function easterSunday(year: number): Day {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const yearOfCentury = year % 100;
  const moonCorrection = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - Math.floor(century / 4) - moonCorrection + 15) % 30;
  const toSunday =
    (32 + 2 * (century % 4) + 2 * Math.floor(yearOfCentury / 4) - epact - (yearOfCentury % 4)) % 7;
  const shift = Math.floor((golden + 11 * epact + 22 * toSunday) / 451);
  const marchDays = epact + toSunday - 7 * shift + 22;
  return addDays(`${String(year).padStart(4, '0')}-03-01`, marchDays - 1);
}
