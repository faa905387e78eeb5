import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { wilsonInterval } from '../../../src/measures/statistics/wilson.ts';

const counts = fc
  .integer({ min: 1, max: 20_000 })
  .chain((denominator) =>
    fc.record({ numerator: fc.integer({ min: 0, max: denominator }), denominator: fc.constant(denominator) }),
  );

describe('the Wilson interval', () => {
  // Newcombe, Statistics in Medicine 17:857–872 (1998), Table I, method 3.
  it.each([
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ])('of %i in %i is as Newcombe published it', (numerator, denominator, low, high) => {
    const interval = wilsonInterval({ numerator, denominator })!;
    expect(interval.low).toBeCloseTo(low, 4);
    expect(interval.high).toBeCloseTo(high, 4);
  });

  // Code Golf Stack Exchange 105389, test cases with z = 1.96 (so equal to about five digits).
  it.each([
    [1, 2, 0.09452865480086611, 0.905471345199134],
    [1, 11, 0.016231752262825982, 0.3773646254862038],
    [10, 100, 0.05522854161313612, 0.1743673043676654],
    [75, 100, 0.6569535362992417, 0.8245490599627573],
    [0, 100, 0, 0.03699480747600191],
    [100, 100, 0.9630051925239981, 1],
  ])('of %i in %i agrees with the published test case', (numerator, denominator, low, high) => {
    const interval = wilsonInterval({ numerator, denominator })!;
    expect(Math.abs(interval.low - low)).toBeLessThan(1e-5);
    expect(Math.abs(interval.high - high)).toBeLessThan(1e-5);
  });

  it('of nothing is undefined', () => {
    expect(wilsonInterval({ numerator: 0, denominator: 0 })).toBeUndefined();
  });

  it('refuses counts that are no proportion, and levels that are none', () => {
    expect(() => wilsonInterval({ numerator: 3, denominator: 2 })).toThrow(RangeError);
    expect(() => wilsonInterval({ numerator: -1, denominator: 2 })).toThrow(RangeError);
    expect(() => wilsonInterval({ numerator: 1, denominator: Number.NaN })).toThrow(RangeError);
    expect(() => wilsonInterval({ numerator: 1, denominator: 2 }, 1)).toThrow(RangeError);
  });

  it('contains the estimate and stays within [0, 1]', () => {
    fc.assert(
      fc.property(counts, fc.double({ min: 0.5, max: 0.9999, noNaN: true }), (proportion, level) => {
        const { low, high } = wilsonInterval(proportion, level)!;
        const share = proportion.numerator / proportion.denominator;
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(share);
        expect(high).toBeGreaterThanOrEqual(share);
      }),
    );
  });

  it('narrows when the same share rests on more observations, widens with the level', () => {
    fc.assert(
      fc.property(counts, fc.integer({ min: 2, max: 50 }), ({ numerator, denominator }, times) => {
        const width = (level: number, factor: number) => {
          const { low, high } = wilsonInterval(
            { numerator: numerator * factor, denominator: denominator * factor },
            level,
          )!;
          return high - low;
        };
        expect(width(0.95, times)).toBeLessThan(width(0.95, 1));
        expect(width(0.998, 1)).toBeGreaterThan(width(0.95, 1));
      }),
    );
  });

  it('mirrors when met and not met change places', () => {
    fc.assert(
      fc.property(counts, ({ numerator, denominator }) => {
        const met = wilsonInterval({ numerator, denominator })!;
        const missed = wilsonInterval({ numerator: denominator - numerator, denominator })!;
        expect(missed.low).toBeCloseTo(1 - met.high, 12);
        expect(missed.high).toBeCloseTo(1 - met.low, 12);
      }),
    );
  });

  it('has limits from which the observed share lies exactly z standard errors away (the score equation)', () => {
    fc.assert(
      fc.property(counts, ({ numerator, denominator }) => {
        const share = numerator / denominator;
        const { low, high } = wilsonInterval({ numerator, denominator })!;
        for (const limit of [low, high]) {
          if (limit === 0 || limit === 1) continue;
          const distance = Math.abs(share - limit) / Math.sqrt((limit * (1 - limit)) / denominator);
          expect(distance).toBeCloseTo(1.959963984540054, 5);
        }
      }),
    );
  });
});
