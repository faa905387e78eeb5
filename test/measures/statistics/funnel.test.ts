import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { funnel, funnelLimits } from '../../../src/measures/statistics/funnel.ts';
import { wilsonInterval } from '../../../src/measures/statistics/wilson.ts';

describe('the funnel', () => {
  // Public Health England, PHEindicatormethods, tests/testthat/testdata_funnel_prop_outputs.csv (baseline
  // 80.642448 %): population, 95 % limits, 99.8 % limits.
  it.each([
    [1, 3.204264, 100, 0, 100],
    [3, 35.933491, 100, 10.150815, 100],
    [18, 62.390093, 98.894803, 51.864359, 100],
    [41, 68.548635, 92.73626, 61.574398, 99.710497],
    [102, 72.974925, 88.309971, 68.553233, 92.731663],
    [1008, 78.203374, 83.081521, 76.796814, 84.488082],
    [9998, 79.867989, 81.416907, 79.421375, 81.863521],
    [110000, 80.408963, 80.875933, 80.274317, 81.010578],
  ])(
    'has at %i observations the limits that Public Health England published',
    (n, low95, high95, low998, high998) => {
      const inner = funnelLimits(0.80642448, n, 0.95);
      const outer = funnelLimits(0.80642448, n, 0.998);
      expect(inner.low * 100).toBeCloseTo(low95, 4);
      expect(inner.high * 100).toBeCloseTo(high95, 4);
      expect(outer.low * 100).toBeCloseTo(low998, 4);
      expect(outer.high * 100).toBeCloseTo(high998, 4);
    },
  );

  // Same package, testdata_funnel_prop_inputs.csv: area, numerator, denominator and the published significance.
  it.each([
    ['Heywood and Middleton', 14493.3552, 17964, 'within', 'above'],
    ['South Gloucestershire', 50050.7443, 61921, 'within', 'above'],
    ['West Norfolk', 26789.238, 33012, 'alert', 'above'],
    ['North Devon', 30277.5312, 37828, 'alert', 'below'],
    ['New Forest', 35078.488, 41980, 'alarm', 'above'],
    ['Norwich', 24803.6256, 31824, 'alarm', 'below'],
  ])('places %s where Public Health England placed it', (_name, numerator, denominator, place, side) => {
    const [point] = funnel([{ numerator, denominator }], 0.80642448)!.points;
    expect(point).toMatchObject({ place, side });
  });

  it('pools the units it is given and leaves out the empty ones', () => {
    const result = funnel([
      { name: 'a', numerator: 30, denominator: 100 },
      { name: 'b', numerator: 0, denominator: 0 },
      { name: 'c', numerator: 90, denominator: 100 },
    ])!;
    expect(result.pooled).toBeCloseTo(0.6, 12);
    expect(result.points.map(({ unit, place, side }) => [unit.name, place, side])).toEqual([
      ['a', 'alarm', 'below'],
      ['c', 'alarm', 'above'],
    ]);
    expect(funnel([])).toBeUndefined();
    expect(funnel([{ numerator: 0, denominator: 0 }])).toBeUndefined();
  });

  it('puts a unit outside exactly when its own Wilson interval leaves out the pooled share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 999 }),
        fc
          .integer({ min: 1, max: 3000 })
          .chain((n) => fc.tuple(fc.constant(n), fc.integer({ min: 0, max: n }))),
        (perMille, [denominator, numerator]) => {
          const pooled = (perMille + 0.5) / 1000;
          const [point] = funnel([{ numerator, denominator }], pooled)!.points;
          const excludes = (level: number) => {
            const { low, high } = wilsonInterval({ numerator, denominator }, level)!;
            return pooled < low || pooled > high;
          };
          const expected = excludes(0.998) ? 'alarm' : excludes(0.95) ? 'alert' : 'within';
          expect(point!.place).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});
