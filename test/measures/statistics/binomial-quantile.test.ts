import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { binomialQuantile } from '../../../src/measures/statistics/binomial-quantile.ts';

/** The naive sum in whole numbers: the smallest k with Σ C(n, i) ≥ share · 2ⁿ for a fair coin. */
function fairQuantile(percent: number, size: number): number {
  let coefficient = 1n;
  let sum = 1n;
  let k = 0;
  while (sum * 100n < BigInt(percent) * 2n ** BigInt(size)) {
    coefficient = (coefficient * BigInt(size - k)) / BigInt(k + 1);
    k += 1;
    sum += coefficient;
  }
  return k;
}

describe('the binomial quantile', () => {
  it('equals the exact sum for a fair coin, for any percentage and size', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 99 }), fc.integer({ min: 0, max: 400 }), (percent, size) => {
        expect(binomialQuantile(percent / 100, size, 0.5)).toBe(fairQuantile(percent, size));
      }),
      { numRuns: 500 },
    );
  });

  it('equals a naive sum of products for any chance', () => {
    const naive = (probability: number, size: number, chance: number) => {
      let cumulative = 0;
      for (let k = 0; k <= size; k += 1) {
        let term = 1;
        for (let i = 1; i <= k; i += 1) term *= ((size - k + i) / i) * chance;
        for (let i = 0; i < size - k; i += 1) term *= 1 - chance;
        cumulative += term;
        if (cumulative >= probability) return k;
      }
      return size;
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 98 }),
        fc.integer({ min: 0, max: 60 }),
        fc.integer({ min: 1, max: 99 }),
        (percent, size, chance) => {
          // A probability that no sum of terms hits by accident keeps rounding out of the comparison.
          const probability = (percent + 0.123456789) / 100;
          expect(binomialQuantile(probability, size, chance / 100)).toBe(
            naive(probability, size, chance / 100),
          );
        },
      ),
    );
  });

  it('stands sizes whose terms underflow one by one', () => {
    expect(binomialQuantile(0.5, 100_000, 0.5)).toBe(50_000);
    expect(binomialQuantile(0.05, 100_000, 0.5)).toBe(49_740);
  });

  it('ends at 0 and at the size', () => {
    expect(binomialQuantile(0, 10, 0.5)).toBe(0);
    expect(binomialQuantile(1, 10, 0.5)).toBe(10);
    expect(binomialQuantile(0.5, 10, 0)).toBe(0);
    expect(binomialQuantile(0.5, 10, 1)).toBe(10);
  });

  it('refuses broken sizes, chances and probabilities', () => {
    expect(() => binomialQuantile(0.05, -1, 0.5)).toThrow(RangeError);
    expect(() => binomialQuantile(0.05, 1.5, 0.5)).toThrow(RangeError);
    expect(() => binomialQuantile(0.05, 3, 2)).toThrow(RangeError);
    expect(() => binomialQuantile(-0.05, 3, 0.5)).toThrow(RangeError);
  });
});
