import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { dateInterval } from '../../src/fhir/search/values/interval.ts';

const two = (number: number) => String(number).padStart(2, '0');

/** Times as they may be written, among them some that do not exist. */
const written = fc
  .record({
    year: fc.integer({ min: 1, max: 9999 }),
    month: fc.integer({ min: 0, max: 13 }),
    day: fc.integer({ min: 0, max: 32 }),
    hour: fc.integer({ min: 0, max: 24 }),
    minute: fc.integer({ min: 0, max: 60 }),
    second: fc.integer({ min: 0, max: 60 }),
    fraction: fc.constantFrom('', '.5', '.25', '.125', '.000999', '.999999999'),
    offset: fc.oneof(
      fc.constant('Z'),
      fc
        .tuple(fc.constantFrom('+', '-'), fc.integer({ min: 0, max: 24 }), fc.integer({ min: 0, max: 60 }))
        .map(([sign, hours, minutes]) => `${sign}${two(hours)}:${two(minutes)}`),
    ),
  })
  .map(
    ({ year, month, day, hour, minute, second, fraction, offset }) =>
      `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}${fraction}${offset}`,
  );

function byTemporal(text: string): number | undefined {
  try {
    return Math.floor(Temporal.Instant.from(text).epochMilliseconds);
  } catch {
    return undefined;
  }
}

describe('the start of an instant in the index', () => {
  it('is what Temporal says, and times that do not exist have none', () => {
    fc.assert(
      fc.property(written, (text) => {
        expect(dateInterval(text)?.low).toBe(byTemporal(text));
      }),
      { numRuns: 5_000 },
    );
  });
});
