import { describe, expect, it } from '@jest/globals';
import { MUNICIPALITIES as KNOWN } from '../../src/coordination/municipalities.ts';
import { agreementFacts } from '../../src/synthetic/agreement-facts.ts';
import {
  dateText,
  dateTimeText,
  dayNumber,
  dayOf,
  endOfDay,
  instantAt,
  readInstant,
} from '../../src/synthetic/clock.ts';
import { CITIZENS, citizenNumber } from '../../src/synthetic/cpr.ts';
import { carePathwayPlanDue, dischargeLetterDue } from '../../src/synthetic/due.ts';
import { gln } from '../../src/synthetic/places/identifiers.ts';
import { MUNICIPALITIES } from '../../src/synthetic/places/municipalities.ts';

const inCopenhagen = new Intl.DateTimeFormat('sv-SE', {
  timeZone: 'Europe/Copenhagen',
  dateStyle: 'short',
  timeStyle: 'medium',
});

describe("the generator's clock", () => {
  it('shows what the time zone database shows, every 13 hours from 2024 to 2027', () => {
    const wrong: string[] = [];
    for (let instant = Date.UTC(2024, 0, 1); instant < Date.UTC(2028, 0, 1); instant += 13 * 3_600_000) {
      const text = dateTimeText(instant);
      if (text.slice(0, 19).replace('T', ' ') !== inCopenhagen.format(instant)) wrong.push(text);
      if (readInstant(text) !== instant) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  it('ends a day one millisecond before the next, also when the clock changes', () => {
    const spring = dayNumber(2026, 3, 29);
    const autumn = dayNumber(2026, 10, 25);
    expect(dateTimeText(endOfDay(spring))).toBe('2026-03-29T23:59:59.999+02:00');
    expect(endOfDay(spring) - endOfDay(spring - 1)).toBe(23 * 3_600_000);
    expect(endOfDay(autumn) - endOfDay(autumn - 1)).toBe(25 * 3_600_000);
  });

  it('reads a time that a spring night skips an hour later, and a repeated one the first time', () => {
    expect(dateTimeText(instantAt(dayNumber(2026, 3, 29), 2, 30))).toBe('2026-03-29T03:30:00+02:00');
    expect(dateTimeText(instantAt(dayNumber(2026, 10, 25), 2, 30))).toBe('2026-10-25T02:30:00+02:00');
  });
});

describe("the generator's deadlines", () => {
  const at = (text: string): number => readInstant(text);
  const midt = agreementFacts('DK-82', dayNumber(2026, 3, 1));
  const hovedstaden = agreementFacts('DK-84', dayNumber(2026, 3, 1));

  it.each([
    ['2026-03-12T14:00:00+01:00', '2026-03-17'],
    ['2026-03-13T14:00:00+01:00', '2026-03-18'],
    ['2026-04-01T10:00:00+02:00', '2026-04-09'],
    ['2026-05-13T10:00:00+02:00', '2026-05-19'],
    ['2025-12-23T10:00:00+01:00', '2025-12-30'],
    ['2025-12-30T10:00:00+01:00', '2026-01-05'],
    ['2024-04-25T10:00:00+02:00', '2024-04-30'],
    ['2023-05-04T10:00:00+02:00', '2023-05-10'],
  ])('put the letter of a discharge at %s at the end of %s', (discharge, day) => {
    const due = dischargeLetterDue(midt, at(discharge));
    expect(dateText(dayOf(due))).toBe(day);
    expect(dateText(dayOf(due + 1))).not.toBe(day);
  });

  it('put the care pathway plan of Hovedstaden on the day before, over a change of the clock too', () => {
    const due = carePathwayPlanDue(hovedstaden, at('2026-03-30T11:00:00+02:00'));
    expect(dateTimeText(due)).toBe('2026-03-29T23:59:59.999+02:00');
    expect(dateTimeText(carePathwayPlanDue(midt, at('2026-03-30T11:00:00+02:00')))).toBe(
      '2026-03-30T10:59:59.999+02:00',
    );
  });

  it('follow the default agreement where a region has ended', () => {
    expect(agreementFacts('DK-84', dayNumber(2027, 1, 1))).toEqual(midt);
    expect(agreementFacts('DK-84', dayNumber(2026, 12, 31))).not.toEqual(midt);
  });
});

describe("the generator's places and people", () => {
  it('are the municipalities that the server knows, in the same regions', () => {
    expect(MUNICIPALITIES.map(({ code, region }) => `${code} ${region}`)).toEqual(
      KNOWN.map(({ code, regionOf2007 }) => `${code} ${regionOf2007}`),
    );
    expect(MUNICIPALITIES.map(({ name }) => name)).toEqual(KNOWN.map(({ name }) => name));
  });

  it('have location numbers with a right check digit', () => {
    const number = gln('municipality', 97);
    const sum = [...number].reduce((total, digit, at) => total + Number(digit) * (at % 2 === 0 ? 1 : 3), 0);
    expect(number).toMatch(/^\d{13}$/);
    expect(sum % 10).toBe(0);
  });

  it('share no number among the first 50,000 citizens', () => {
    const numbers = new Set<string>();
    for (let index = 0; index < 50_000; index += 1) numbers.add(citizenNumber(index, 12_345).cpr);
    expect(numbers.size).toBe(50_000);
    expect(CITIZENS).toBeGreaterThan(7_000_000);
  });
});
