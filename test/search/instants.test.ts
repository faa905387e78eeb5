import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { dateInterval } from '../../src/fhir/search/values/interval.ts';
import { writtenTimes } from '../support/written-times.ts';

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
      fc.property(writtenTimes, (text) => {
        expect(dateInterval(text)?.low).toBe(byTemporal(text));
      }),
      { numRuns: 5_000 },
    );
  });
});
