import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { pChart } from '../../../src/measures/statistics/p-chart.ts';

// Pyzdek & Keller, The Handbook for Quality Management (2013), Table 9.6: bruised peaches in 25 shipments of
// 250 or 500; 1,544 of 8,000, p̄ = 0.193; limits 0.118–0.268 (n = 250) and 0.140–0.246 (n = 500).
const LARGE = new Set([11, 12, 13, 22, 23, 24, 25]);
const BRUISED = [
  47, 42, 55, 51, 46, 61, 39, 44, 41, 51, 88, 101, 101, 40, 48, 47, 50, 48, 57, 45, 43, 105, 98, 100, 96,
];
const PEACHES = BRUISED.map((numerator, index) => ({
  numerator,
  denominator: LARGE.has(index + 1) ? 500 : 250,
}));

const series = (numerators: readonly number[], denominator = 100) =>
  numerators.map((numerator) => ({ numerator, denominator }));
const signalled = (numerators: readonly number[], signal: string, centre?: number) =>
  pChart(series(numerators), centre === undefined ? {} : { centre })!
    .points.map((point, index) => (point.signals.some((found) => found === signal) ? index : -1))
    .filter((index) => index >= 0);

describe('the p-chart', () => {
  it('has centre and limits of the bruised peaches as published', () => {
    const chart = pChart(PEACHES)!;
    expect(chart.centre).toBeCloseTo(0.193, 12);
    expect(chart.points[0]!.low).toBeCloseTo(0.118, 3);
    expect(chart.points[0]!.high).toBeCloseTo(0.268, 3);
    expect(chart.points[10]!.low).toBeCloseTo(0.14, 3);
    expect(chart.points[10]!.high).toBeCloseTo(0.246, 3);
    expect(chart.points.flatMap((point) => point.signals)).not.toContain('outside-limits');
  });

  it('marks a point outside the limits', () => {
    expect(signalled([50, 52, 48, 50, 70, 49, 51, 50, 50, 48], 'outside-limits')).toEqual([4]);
  });

  it('marks a shift of seven on one side, not of six, and a point on the line breaks it', () => {
    expect(signalled([48, 51, 52, 51, 53, 51, 52, 51], 'shift', 0.5)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(signalled([48, 51, 52, 51, 53, 51, 52], 'shift', 0.5)).toEqual([]);
    expect(signalled([51, 52, 51, 50, 53, 51, 52, 51], 'shift', 0.5)).toEqual([]);
  });

  it('marks a trend of seven rising or falling points, and equal neighbours break it', () => {
    expect(signalled([47, 48, 49, 50, 51, 52, 53], 'trend', 0.5)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(signalled([53, 52, 51, 50, 49, 48, 47, 60], 'trend', 0.5)).toEqual([0, 1, 2, 3, 4, 5, 6]);
    expect(signalled([47, 48, 49, 49, 51, 52, 53], 'trend', 0.5)).toEqual([]);
    expect(signalled([47, 48, 49, 50, 51, 52], 'trend', 0.5)).toEqual([]);
  });

  it('marks two of three points near the same limit', () => {
    // sigma is 0.05: 0.61 and 0.62 lie beyond 2 sigma, 0.38 beyond it on the other side.
    expect(signalled([61, 50, 62], 'two-of-three', 0.5)).toEqual([0, 2]);
    expect(signalled([61, 50, 38], 'two-of-three', 0.5)).toEqual([]);
    expect(signalled([61, 50, 50, 62], 'two-of-three', 0.5)).toEqual([]);
  });

  it('leaves an empty period as a gap that breaks runs', () => {
    const points = [...series([51, 52, 51]), { numerator: 0, denominator: 0 }, ...series([53, 51, 52, 51])];
    const chart = pChart(points, { centre: 0.5 })!;
    expect(chart.points[3]).toEqual({ numerator: 0, denominator: 0, low: 0, high: 1, signals: [] });
    expect(chart.points.flatMap((point) => point.signals)).toEqual([]);
  });

  it('stays silent when every course is met, and has nothing to draw of nothing', () => {
    expect(pChart(series(Array(12).fill(100)))!.points.flatMap((point) => point.signals)).toEqual([]);
    expect(pChart([{ numerator: 0, denominator: 0 }])).toBeUndefined();
    expect(pChart([])).toBeUndefined();
  });

  it('has limits around the centre, within [0, 1], narrower for more observations', () => {
    const point = fc
      .integer({ min: 1, max: 1000 })
      .chain((denominator) =>
        fc.integer({ min: 0, max: denominator }).map((numerator) => ({ numerator, denominator })),
      );
    fc.assert(
      fc.property(fc.array(point, { minLength: 1, maxLength: 30 }), (points) => {
        const chart = pChart(points)!;
        const sorted = [...chart.points].sort((a, b) => a.denominator - b.denominator);
        for (const [index, { low, high, denominator, rate, signals }] of sorted.entries()) {
          expect(low).toBeGreaterThanOrEqual(0);
          expect(high).toBeLessThanOrEqual(1);
          expect(low).toBeLessThanOrEqual(chart.centre + 1e-12);
          expect(high).toBeGreaterThanOrEqual(chart.centre - 1e-12);
          if (index > 0 && sorted[index - 1]!.denominator < denominator) {
            expect(high).toBeLessThanOrEqual(sorted[index - 1]!.high);
            expect(low).toBeGreaterThanOrEqual(sorted[index - 1]!.low);
          }
          const sigma = Math.sqrt((chart.centre * (1 - chart.centre)) / denominator);
          const outside = Math.abs(rate! - chart.centre) > 3 * sigma * (1 + 1e-9) + 1e-12;
          expect(signals.includes('outside-limits')).toBe(outside);
        }
      }),
    );
  });
});
