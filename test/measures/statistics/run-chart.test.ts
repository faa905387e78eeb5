import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { crossingsLimit, longestRunLimit, runChart } from '../../../src/measures/statistics/run-chart.ts';
import { runsAround } from '../../../src/measures/statistics/runs.ts';

describe('runs and crossings', () => {
  it('count as published for 13 points with 5 crossings and a longest run of 3', () => {
    // Improving tools for quality improvement (sciencetrends.com, on Wentzel-Larsen & Anhøj 2019): crossings from
    // 3 to 4, 6 to 7, 7 to 8, 9 to 10, 10 to 11; the longest run is 4, 5, 6.
    const values = [1, 1, 1, -1, -1, -1, 1, -1, -1, 1, -1, -1, -1];
    expect(runsAround(values, 0)).toMatchObject({ useful: 13, crossings: 5, longestRun: 3 });
  });

  it('have over all sequences of 16 points the published joint distribution', () => {
    // Wentzel-Larsen & Anhøj, PLoS ONE 14(10):e0223233 (2019), table "Joint distribution in the symmetric case,
    // n = 16, times representation": sequences with c crossings and longest run l, counted from one side.
    const published: Record<number, readonly number[]> = {
      0: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1],
      1: [0, 0, 0, 0, 0, 0, 0, 1, 2, 2, 2, 2, 2, 2, 2, 0],
      2: [0, 0, 0, 0, 0, 6, 15, 21, 18, 15, 12, 9, 6, 3, 0, 0],
      3: [0, 0, 0, 1, 34, 90, 106, 84, 60, 40, 24, 12, 4, 0, 0, 0],
      4: [0, 0, 0, 65, 300, 370, 280, 175, 100, 50, 20, 5, 0, 0, 0, 0],
      5: [0, 0, 21, 525, 960, 741, 420, 210, 90, 30, 6, 0, 0, 0, 0, 0],
    };
    const counted = Array.from({ length: 16 }, () => new Array<number>(16).fill(0));
    for (let bits = 0; bits < 2 ** 15; bits += 1) {
      const values = Array.from({ length: 16 }, (_, index) => (bits & (1 << index) ? 1 : -1));
      const { crossings, longestRun } = runsAround(values, 0);
      counted[crossings]![longestRun - 1]! += 1;
    }
    for (const [crossings, row] of Object.entries(published)) expect(counted[Number(crossings)]).toEqual(row);
  });

  it('leave out points on the line and gaps', () => {
    expect(runsAround([1, 0, 1, undefined, 1, -1], 0)).toEqual({
      useful: 4,
      crossings: 1,
      longestRun: 3,
      longest: [0, 2, 4],
    });
  });

  it('agree with the signs taken pair by pair', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -2, max: 2 }), { maxLength: 60 }), (values) => {
        const signs = values.map(Math.sign).filter((sign) => sign !== 0);
        const crossings = signs.filter((sign, index) => index > 0 && sign !== signs[index - 1]).length;
        const text = signs.map((sign) => (sign > 0 ? 'a' : 'b')).join('');
        const longest = Math.max(0, ...(text.match(/a+|b+/g) ?? []).map((run) => run.length));
        expect(runsAround(values, 0)).toMatchObject({ useful: signs.length, crossings, longestRun: longest });
      }),
    );
  });
});

describe('the Anhøj rules', () => {
  // round(log2(n) + 3) and qbinom(0.05, n − 1, 0.5) as tabulated for 10–100 points in the qicharts vignette
  // (Anhøj); 12, 20, 24 and 36 also in ../shared/reference/measures.md F.
  it.each([
    [10, 6, 2],
    [12, 7, 3],
    [13, 7, 3],
    [16, 7, 4],
    [20, 7, 6],
    [22, 7, 7],
    [23, 8, 7],
    [24, 8, 8],
    [30, 8, 10],
    [36, 8, 13],
    [46, 9, 17],
    [100, 10, 41],
  ])('allow at %i useful points a run of %i and ask for %i crossings', (useful, run, crossings) => {
    expect(longestRunLimit(useful)).toBe(run);
    expect(crossingsLimit(useful)).toBe(crossings);
  });

  it('signal for 24 points with a run of 13 and 4 crossings (limits 8 and 8), as in the qicharts2 vignette', () => {
    const values = [7, 1, 2, 1, 13].flatMap((length, index) =>
      Array<number>(length).fill(index % 2 === 0 ? 1 : -1),
    );
    const chart = runChart(values, { line: 0 })!;
    expect(chart.useful).toBe(24);
    expect(chart.longestRunLimit).toBe(8);
    expect(chart.crossingsLimit).toBe(8);
    expect(chart.longestRun).toBe(13);
    expect(chart.crossings).toBe(4);
    expect(chart.signals).toEqual(['long-run', 'few-crossings']);
  });

  it('signal few crossings alone when no run is long', () => {
    const values = [1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1, 1, 1, 1, 1, 1, 1, -1, -1, -1, -1, -1, -1];
    const chart = runChart(values, { line: 0 })!;
    expect(chart.longestRun).toBe(6);
    expect(chart.crossings).toBe(3);
    expect(chart.signals).toEqual(['few-crossings']);
  });

  it('keep silent about a series that swings around its median', () => {
    const values = Array.from({ length: 24 }, (_, index) => (index % 2 === 0 ? 0.8 : 0.9));
    const chart = runChart(values)!;
    expect(chart.median).toBeCloseTo(0.85, 12);
    expect(chart.signals).toEqual([]);
  });

  it('judge nothing below 12 useful points, however the series looks', () => {
    const chart = runChart([1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], { line: 0 })!;
    expect(chart.judged).toBe(false);
    expect(chart.signals).toEqual([]);
    expect(runChart([...Array(12).fill(1)], { line: 0 })!.signals).toEqual(['long-run', 'few-crossings']);
  });

  it('take the median of what is there, and have nothing to say of nothing', () => {
    expect(runChart([1, undefined, 3])!.median).toBe(2);
    expect(runChart([undefined])).toBeUndefined();
    expect(runChart([])).toBeUndefined();
  });

  it('give fewer than 5 % of random series too few crossings', () => {
    // The crossings limit is a 5 % quantile: by definition at most 5 % of fair series fall below it.
    for (const useful of [12, 16]) {
      let below = 0;
      for (let bits = 0; bits < 2 ** useful; bits += 1) {
        const values = Array.from({ length: useful }, (_, index) => (bits & (1 << index) ? 1 : -1));
        if (runsAround(values, 0).crossings < crossingsLimit(useful)) below += 1;
      }
      expect(below / 2 ** useful).toBeLessThan(0.05);
    }
  });
});
