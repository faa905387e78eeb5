import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { momentOf } from '../../src/coordination/moment.ts';
import { writtenTimes } from '../support/written-times.ts';

const calendar = createCalendar();
/** Without leap seconds, which Temporal takes for the second before. */
const times = writtenTimes.filter((text) => text.slice(17, 19) !== '60');

/** What Temporal makes of it: only a time that exists, to the millisecond. */
function oracle(text: string): number | undefined {
  try {
    Temporal.PlainDate.from(text.slice(0, 10), { overflow: 'reject' });
    return text.slice(11, 13) === '24' ? undefined : Temporal.Instant.from(text).epochMilliseconds;
  } catch {
    return undefined;
  }
}

describe('a time', () => {
  it('is the instant that Temporal reads, or none where there is none', () => {
    fc.assert(
      fc.property(times, (text) => {
        expect([text, momentOf(text, calendar)?.earliest]).toEqual([text, oracle(text)]);
      }),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '2026-03-12T09:00:00',
    '2026-03-12T09:00+01:00',
    '2026-03-12 09:00:00Z',
    '2026-03-12T09:00:00+0100',
    '2026-03-12T24:00:00Z',
  ])('has seconds and an offset as R4 writes them, and no hour 24: %s is none', (text) =>
    expect(momentOf(text, calendar)).toBeUndefined(),
  );
});

describe('days later', () => {
  it('are those of the wall clock in Copenhagen, over shifts too', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: Date.UTC(1996, 0, 1), max: Date.UTC(2037, 0, 1) }),
        fc.integer({ min: -400, max: 400 }),
        (instant, days) => {
          const later = Temporal.Instant.fromEpochMilliseconds(instant)
            .toZonedDateTimeISO('Europe/Copenhagen')
            .add({ days }).epochMilliseconds;
          expect(calendar.plusDays(instant, days)).toBe(later);
        },
      ),
      { numRuns: 1_000 },
    );
  });
});
