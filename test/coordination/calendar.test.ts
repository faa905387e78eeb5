import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { addDays, isDay, numberOfDay, textOfDay, weekday } from '../../src/coordination/day.ts';
import { slowDayOf, slowEndOfDay, slowIsBusinessDay } from './support/slow-calendar.ts';

const calendar = createCalendar();
const at = (text: string): number => Date.parse(text);
const text = (instant: number): string => new Date(instant).toISOString();

const instants = fc.integer({ min: at('1995-01-01T00:00:00Z'), max: at('2060-01-01T00:00:00Z') });
/** Around the shifts of summer time, where mistakes live. */
const shiftNights = fc
  .tuple(
    fc.integer({ min: 1996, max: 2037 }),
    fc.constantFrom(2, 9),
    fc.integer({ min: -172_800_000, max: 172_800_000 }),
  )
  .map(([year, month, offset]) => {
    const last = new Date(Date.UTC(year, month + 1, 0));
    return last.getTime() - last.getUTCDay() * 86_400_000 + 3_600_000 + offset;
  });

describe('a local day', () => {
  it('of the spring night has 23 hours and of the autumn night 25', () => {
    const hours = (day: string) => (calendar.endOf(day) + 1 - calendar.startOf(day)) / 3_600_000;
    expect(hours('2026-03-29')).toBe(23);
    expect(hours('2026-10-25')).toBe(25);
    expect(hours('2026-10-26')).toBe(24);
  });

  it('ends one millisecond before the next begins, in summer and in winter', () => {
    expect(text(calendar.endOf('2026-01-15'))).toBe('2026-01-15T22:59:59.999Z');
    expect(text(calendar.endOf('2026-07-15'))).toBe('2026-07-15T21:59:59.999Z');
    expect(calendar.dayOf(at('2026-07-15T21:59:59.999Z'))).toBe('2026-07-15');
    expect(calendar.dayOf(at('2026-07-15T22:00:00.000Z'))).toBe('2026-07-16');
  });

  it('of both passes of the repeated hour is the same', () => {
    expect(calendar.dayOf(at('2026-10-25T02:30:00+02:00'))).toBe('2026-10-25');
    expect(calendar.dayOf(at('2026-10-25T02:30:00+01:00'))).toBe('2026-10-25');
  });

  it('is the one that Intl finds by walking, for any instant', () => {
    fc.assert(
      fc.property(fc.oneof(instants, shiftNights), (instant) => {
        const day = slowDayOf(instant);
        expect(calendar.dayOf(instant)).toBe(day);
        expect(calendar.endOf(day)).toBe(slowEndOfDay(instant));
        expect(calendar.dayOf(calendar.startOf(day))).toBe(day);
        expect(calendar.dayOf(calendar.startOf(day) - 1)).toBe(addDays(day, -1));
      }),
      { numRuns: 300 },
    );
  });

  it('of another zone is another day', () => {
    const nuuk = createCalendar({ timeZone: 'America/Nuuk' });
    expect(nuuk.dayOf(at('2026-01-15T01:00:00Z'))).toBe('2026-01-14');
    expect(nuuk.timeZone).toBe('America/Nuuk');
  });
});

describe('adding calendar days to an instant', () => {
  it('keeps the wall clock across both shifts', () => {
    expect(text(calendar.plusDays(at('2026-03-28T14:00:00+01:00'), 1))).toBe('2026-03-29T12:00:00.000Z');
    expect(text(calendar.plusDays(at('2026-10-24T14:00:00+02:00'), 1))).toBe('2026-10-25T13:00:00.000Z');
  });

  it('moves a time that the spring shift skips on by the hour skipped', () => {
    expect(text(calendar.plusDays(at('2026-03-28T02:30:00+01:00'), 1))).toBe('2026-03-29T01:30:00.000Z');
  });
});

describe('business days', () => {
  it('leave out weekends and holidays, and count from the day after', () => {
    expect(calendar.addBusinessDays('2026-03-12', 3)).toBe('2026-03-17');
    // Maundy Thursday, Good Friday, the weekend and Easter Monday of 2026.
    expect(calendar.addBusinessDays('2026-04-01', 1)).toBe('2026-04-07');
    expect(calendar.addBusinessDays('2026-04-04', 3)).toBe('2026-04-09');
    expect(calendar.addBusinessDays('2026-04-04', 0)).toBe('2026-04-04');
  });

  it('leave out store bededag in 2023 only', () => {
    expect(calendar.addBusinessDays('2023-05-04', 1)).toBe('2023-05-08');
    expect(calendar.addBusinessDays('2024-04-25', 1)).toBe('2024-04-26');
  });

  it('leave out the extra days of an agreement, of one year or of every year', () => {
    const local = createCalendar({ extraNonBusinessDays: ['--12-24', '--12-31', '2026-05-15'] });
    expect(local.addBusinessDays('2025-12-23', 3)).toBe('2026-01-02');
    expect(calendar.addBusinessDays('2025-12-23', 3)).toBe('2025-12-30');
    expect(local.isBusinessDay('2026-05-15')).toBe(false);
    expect(local.isBusinessDay('2025-05-15')).toBe(true);
  });

  it('are those of the independent calendar, one by one', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: numberOfDay('1995-01-01'), max: numberOfDay('2060-01-01') }),
        (number) => {
          const day = textOfDay(number);
          expect(calendar.isBusinessDay(day)).toBe(slowIsBusinessDay(day));
        },
      ),
      { numRuns: 2000 },
    );
  });
});

describe('what a calendar refuses', () => {
  it.each(['Mars/Base', '', 'Europe/Kobenhavn'])('the zone "%s", by name', (timeZone) => {
    expect(() => createCalendar({ timeZone })).toThrow(/is no IANA time zone/);
  });

  it.each(['2026-02-30', '24-12', '--02-30', '2026-5-1', ''])('the extra day "%s"', (day) => {
    expect(() => createCalendar({ extraNonBusinessDays: [day] })).toThrow(/is no day/);
  });
});

describe('a day as text', () => {
  it('exists or not', () => {
    expect(['2024-02-29', '2026-12-31', '0001-01-01'].every(isDay)).toBe(true);
    expect(['2026-02-29', '2026-13-01', '2026-00-10', '2026-1-1', 'today', ''].some(isDay)).toBe(false);
  });

  it('exists exactly when it is one of the days that are counted', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9999 }),
        fc.integer({ min: 0, max: 13 }),
        fc.integer({ min: 0, max: 32 }),
        (year, month, day) => {
          const two = (value: number): string => String(value).padStart(2, '0');
          const written = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
          const counted = Number.isNaN(numberOfDay(written)) ? undefined : textOfDay(numberOfDay(written));
          expect(isDay(written)).toBe(counted === written);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('has the weekday that JavaScript gives it', () => {
    fc.assert(
      fc.property(fc.integer({ min: -300_000, max: 300_000 }), (number) => {
        expect(weekday(textOfDay(number)) % 7).toBe(new Date(number * 86_400_000).getUTCDay());
        expect(numberOfDay(textOfDay(number))).toBe(number);
      }),
    );
  });
});
