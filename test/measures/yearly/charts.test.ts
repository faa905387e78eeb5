import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { funnel } from '../../../src/measures/statistics/funnel.ts';
import { runChart } from '../../../src/measures/statistics/run-chart.ts';
import { funnelPicture } from '../../../src/measures/yearly/charts/funnel-picture.ts';
import { intervalBars } from '../../../src/measures/yearly/charts/interval-bars.ts';
import { runChartPicture } from '../../../src/measures/yearly/charts/run-chart-picture.ts';
import { pathOf, shareTicks, ticks } from '../../../src/measures/yearly/charts/scale.ts';
import { parseXml } from './xml.ts';

const months = (rates: readonly (number | undefined)[]) =>
  rates.map((rate, index) => ({
    start: `${2024 + Math.floor(index / 12)}-${String((index % 12) + 1).padStart(2, '0')}-01`,
    hidden: rate === undefined,
    ...(rate !== undefined && { rate }),
  }));

describe('axes', () => {
  it('have round steps that cover the values', () => {
    expect(ticks(0, 100, 5)).toEqual([0, 20, 40, 60, 80, 100]);
    expect(ticks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0.001, max: 1e6, noNaN: true }),
        (low, width) => {
          const steps = ticks(low, low + width, 5);
          expect(steps[0]).toBeLessThanOrEqual(low + 1e-6);
          expect(steps.at(-1)).toBeGreaterThanOrEqual((low + width) * (1 - 1e-9) - 1e-6);
          expect(steps.length).toBeLessThanOrEqual(7);
        },
      ),
    );
  });

  it('of shares stay within 0 and 1 and cover every share', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (shares) => {
        const steps = shareTicks(shares);
        expect(steps.length).toBeGreaterThan(1);
        expect(steps[0]).toBeGreaterThanOrEqual(0);
        expect(steps.at(-1)).toBeLessThanOrEqual(1);
        expect(Math.min(...shares)).toBeGreaterThanOrEqual(steps[0]! - 1e-9);
        expect(Math.max(...shares)).toBeLessThanOrEqual(steps.at(-1)! + 1e-9);
      }),
    );
  });

  it('draw no line across a gap', () => {
    expect(pathOf([[0, 0], [1, 1], undefined, [3, 3], [4, 4]])).toBe('M0 0L1 1M3 3L4 4');
  });
});

describe('the run chart', () => {
  const shifted = [...Array(12).fill(0.6), ...Array(12).fill(0.8)].map(
    (rate, index) => rate + (index % 3) / 100,
  );

  it('is sound XML with a name and a description that says the signal', () => {
    const chart = runChart(shifted)!;
    const picture = runChartPicture('a', 'P4 måned for måned', months(shifted), chart).markup;
    expect(parseXml(picture)).toBe('svg');
    expect(picture).toContain('<title id="a-t">P4 måned for måned</title>');
    expect(picture).toMatch(/Ikke-tilfældig variation: usædvanligt lang serie og usædvanligt få krydsninger/);
    expect(picture.match(/class="point signal"/g)).toHaveLength(12);
    expect(picture).toContain('class="median signal"');
  });

  it('draws one mark per shown month and a star for each hidden one', () => {
    const rates = [0.5, undefined, 0.6, 0.7, undefined, 0.4];
    const picture = runChartPicture('b', 'x', months(rates), runChart(rates)!).markup;
    expect(picture.match(/<circle class="point"/g)).toHaveLength(4);
    expect(picture.match(/class="hidden-mark"/g)).toHaveLength(2);
    expect(picture).toContain('2 måneder er skjult');
    expect(picture).toContain('For få brugbare punkter');
  });

  it('can draw a single month', () => {
    const picture = runChartPicture('c', 'x', months([1]), runChart([1])!).markup;
    expect(parseXml(picture)).toBe('svg');
    expect(picture).not.toMatch(/NaN|Infinity|undefined/);
  });
});

describe('the funnel', () => {
  it('names the units beyond 99.8 % and marks those beyond 95 % by their shape', () => {
    const units = [
      { name: 'Midt', numerator: 70, denominator: 100 },
      { name: 'Lav & fjern', numerator: 20, denominator: 100 },
      { name: 'Næsten', numerator: 81, denominator: 100 },
      { name: 'Stor', numerator: 700, denominator: 1000 },
    ];
    const picture = funnelPicture('f', 'P1 efter kommune', funnel(units, 0.7)!).markup;
    expect(parseXml(picture)).toBe('svg');
    expect(picture).toContain('>Lav &amp; fjern</text>');
    expect(picture).not.toContain('>Midt</text>');
    expect(picture.match(/class="unit alarm"/g)).toHaveLength(1);
    expect(picture.match(/class="unit alert"/g)).toHaveLength(1);
    expect(picture.match(/<circle class="unit"/g)).toHaveLength(2);
    expect(picture).toContain('Under 99,8 %-grænsen: Lav &amp; fjern.');
  });

  it('is drawn for any units without a broken number', () => {
    const unit = fc
      .integer({ min: 1, max: 5000 })
      .chain((denominator) =>
        fc
          .integer({ min: 0, max: denominator })
          .map((numerator) => ({ name: 'Ærø', numerator, denominator })),
      );
    fc.assert(
      fc.property(fc.array(unit, { minLength: 1, maxLength: 98 }), (units) => {
        const picture = funnelPicture('f', 'x', funnel(units)!).markup;
        expect(parseXml(picture)).toBe('svg');
        expect(picture).not.toMatch(/NaN|Infinity|undefined/);
      }),
      { numRuns: 20 },
    );
  });
});

describe('bars with intervals', () => {
  it('have a whisker per interval and a note where there is no rate', () => {
    const picture = intervalBars('i', 'x', [
      {
        name: 'Hele landet',
        rate: 0.8,
        interval: { low: 0.7, high: 0.9 },
        emphasis: true,
        counts: '80 af 100',
      },
      { name: 'Region <A>', note: '* skjult' },
    ]).markup;
    expect(parseXml(picture)).toBe('svg');
    expect(picture.match(/class="whisker"/g)).toHaveLength(1);
    expect(picture).toContain('Region &lt;A&gt;: * skjult.');
    expect(picture).toContain('Hele landet: 80,0\u00a0% (70,0–90,0\u00a0%).');
  });
});
