import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { shareMissing } from '../../../src/measures/statistics/missing.ts';
import { median, quantile } from '../../../src/measures/statistics/quantile.ts';

describe('quantiles', () => {
  it('are those of R (type 7) for 1 to 10', () => {
    // quantile(1:10) in R: 1.00 3.25 5.50 7.75 10.00
    const values = [10, 2, 3, 9, 5, 6, 7, 8, 4, 1];
    expect([0, 0.25, 0.5, 0.75, 1].map((probability) => quantile(values, probability))).toEqual([
      1, 3.25, 5.5, 7.75, 10,
    ]);
  });

  it('sort as numbers and leave their input as it was', () => {
    const values = [10, 9, 100];
    expect(median(values)).toBe(10);
    expect(values).toEqual([10, 9, 100]);
  });

  it('of nothing are undefined, and of broken input an error', () => {
    expect(median([])).toBeUndefined();
    expect(() => quantile([1], 1.1)).toThrow(RangeError);
    expect(() => median([1, Number.NaN])).toThrow(RangeError);
  });

  it('have half the values at or below the median and half at or above', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1 }), (values) => {
        const middle = median(values)!;
        expect(values.filter((value) => value <= middle).length * 2).toBeGreaterThanOrEqual(values.length);
        expect(values.filter((value) => value >= middle).length * 2).toBeGreaterThanOrEqual(values.length);
      }),
    );
  });

  it('rise with the probability and stay between the extremes', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1 }),
        fc.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 0, max: 100 })),
        (values, percents) => {
          const [lower, upper] = [Math.min(...percents), Math.max(...percents)];
          const low = quantile(values, lower / 100)!;
          const high = quantile(values, upper / 100)!;
          expect(low).toBeLessThanOrEqual(high + 1e-9);
          expect(low).toBeGreaterThanOrEqual(Math.min(...values));
          expect(high).toBeLessThanOrEqual(Math.max(...values));
        },
      ),
    );
  });
});

describe('the share of missing data', () => {
  it('is what is missing of what is expected', () => {
    expect(shareMissing(3, 12)).toEqual({ missing: 3, expected: 12, share: 0.25 });
    expect(shareMissing(0, 0)).toEqual({ missing: 0, expected: 0 });
    expect(() => shareMissing(2, 1)).toThrow(RangeError);
  });
});
