import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  normalCumulative,
  normalQuantile,
  twoSidedZ,
} from '../../../src/measures/statistics/normal-quantile.ts';

describe('the normal distribution', () => {
  // Standard table values (e.g. NIST/SEMATECH e-Handbook §1.3.6.7.1; R's qnorm to 15 digits).
  it.each([
    [0.5, 0],
    [0.9, 1.2815515655446004],
    [0.975, 1.959963984540054],
    [0.99, 2.3263478740408408],
    [0.995, 2.5758293035489004],
    [0.999, 3.090232306167813],
    [0.9999, 3.719016485455709],
  ])('has the quantile of %d', (probability, z) => {
    expect(normalQuantile(probability)).toBeCloseTo(z, 11);
    expect(normalQuantile(1 - probability)).toBeCloseTo(-z, 10);
  });

  it('has a 95 % and a 99.8 % two-sided z', () => {
    expect(twoSidedZ(0.95)).toBeCloseTo(1.959963984540054, 12);
    expect(twoSidedZ(0.998)).toBeCloseTo(3.090232306167813, 12);
  });

  it('has quantile and cumulative share as inverses', () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1 - 1e-6, noNaN: true }), (probability) => {
        expect(normalCumulative(normalQuantile(probability))).toBeCloseTo(probability, 12);
      }),
    );
  });

  it('refuses what is no probability', () => {
    for (const probability of [0, 1, -0.1, 1.1, Number.NaN]) {
      expect(() => normalQuantile(probability)).toThrow(RangeError);
    }
  });
});
