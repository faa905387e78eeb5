import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { differenceOfProportions } from '../../../src/measures/statistics/difference.ts';
import { developmentOf, directionOf } from '../../../src/measures/statistics/improvement.ts';

describe('the difference of two proportions', () => {
  // Newcombe, Statistics in Medicine 17:873–890 (1998), Table II, method 10.
  it.each([
    [56, 70, 48, 80, 0.0524, 0.3339],
    [9, 10, 3, 10, 0.1705, 0.809],
    [6, 7, 2, 7, 0.0582, 0.8062],
    [5, 56, 0, 29, -0.0381, 0.1926],
    [0, 10, 0, 20, -0.1611, 0.2775],
    [10, 10, 0, 20, 0.6791, 1],
  ])('%i/%i − %i/%i has the interval that Newcombe published', (a, n, b, m, low, high) => {
    const difference = differenceOfProportions(
      { numerator: a, denominator: n },
      { numerator: b, denominator: m },
    )!;
    expect(difference.low).toBeCloseTo(low, 4);
    expect(difference.high).toBeCloseTo(high, 4);
  });
});

describe('the development', () => {
  const proportion = fc
    .integer({ min: 1, max: 500 })
    .chain((denominator) =>
      fc.integer({ min: 0, max: denominator }).map((numerator) => ({ numerator, denominator })),
    );

  it('is better when a measure that should rise rose for sure, and worse when it should fall', () => {
    const before = { numerator: 500, denominator: 1000 };
    const now = { numerator: 600, denominator: 1000 };
    expect(developmentOf(before, now, 'increase').development).toBe('better');
    expect(developmentOf(before, now, 'decrease').development).toBe('worse');
  });

  it('is no sure change when chance may explain it', () => {
    const change = developmentOf(
      { numerator: 5, denominator: 10 },
      { numerator: 6, denominator: 10 },
      'increase',
    );
    expect(change.development).toBe('no-sure-change');
    expect(change.difference!.estimate).toBeCloseTo(0.1, 12);
  });

  it('is not comparable when a period has nothing to count', () => {
    expect(
      developmentOf({ numerator: 0, denominator: 0 }, { numerator: 1, denominator: 2 }, 'increase'),
    ).toEqual({
      development: 'not-comparable',
    });
  });

  it('points the other way when the periods change places or the notation does', () => {
    const opposite = {
      better: 'worse',
      worse: 'better',
      'no-sure-change': 'no-sure-change',
      'not-comparable': 'not-comparable',
    };
    fc.assert(
      fc.property(proportion, proportion, (one, other) => {
        const forward = developmentOf(one, other, 'increase').development;
        expect(developmentOf(other, one, 'increase').development).toBe(opposite[forward]);
        expect(developmentOf(one, other, 'decrease').development).toBe(opposite[forward]);
      }),
    );
  });

  it('has no direction when nothing differs', () => {
    expect(directionOf(0, 'increase')).toBe('unchanged');
    expect(directionOf(0.1, 'increase')).toBe('better');
    expect(directionOf(0.1, 'decrease')).toBe('worse');
  });
});
