import { describe, expect, it } from '@jest/globals';
import { easterSunday, holidaysOf } from '../../src/coordination/holidays.ts';
import { gaussEaster, slowHolidays } from './support/slow-calendar.ts';

/** Movable feasts as the Danish parliament's answer (KIU alm. del, 19, 2022-23) lists them, and the calendar of 2027. */
const LISTED: Readonly<Record<number, string>> = {
  2013: '28/3 29/3 31/3 1/4 26/4 9/5 19/5 20/5',
  2023: '6/4 7/4 9/4 10/4 5/5 18/5 28/5 29/5',
  2024: '28/3 29/3 31/3 1/4 9/5 19/5 20/5',
  2025: '17/4 18/4 20/4 21/4 29/5 8/6 9/6',
  2026: '2/4 3/4 5/4 6/4 14/5 24/5 25/5',
  2027: '25/3 26/3 28/3 29/3 6/5 16/5 17/5',
};

const listed = (year: number): string[] =>
  `1/1 ${LISTED[year]} 25/12 26/12`.split(' ').map((text) => {
    const [day, month] = text.split('/') as [string, string];
    return `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  });

describe('Danish public holidays', () => {
  it.each(Object.keys(LISTED).map(Number))('of %i are those the parliament lists', (year) => {
    expect([...holidaysOf(year).keys()].sort()).toEqual(listed(year).sort());
  });

  it('have store bededag in 2023 and no longer in 2024', () => {
    expect(holidaysOf(2023).get('2023-05-05')).toBe('Store bededag');
    expect(holidaysOf(2024).has('2024-04-26')).toBe(false);
    expect([...holidaysOf(2024).values()]).not.toContain('Store bededag');
  });

  it('do not count constitution day, Christmas Eve and New Year’s Eve', () => {
    for (const day of ['2025-06-05', '2025-12-24', '2025-12-31'])
      expect(holidaysOf(2025).has(day)).toBe(false);
  });

  it('fall on the Easter of Gauss’s rule from 1700 to 2500', () => {
    for (let year = 1700; year <= 2500; year += 1) expect(easterSunday(year)).toBe(gaussEaster(year));
  });

  it('agree with the package date-holidays from 2000 to 2060', () => {
    for (let year = 2000; year <= 2060; year += 1) {
      expect([...holidaysOf(year).keys()].sort()).toEqual([...slowHolidays(year)].sort());
    }
  });
});
