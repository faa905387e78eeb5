import { describe, expect, it } from '@jest/globals';
import { FhirError } from '../../../src/fhir/outcome.ts';
import { evaluateMeasure } from '../../../src/measures/evaluate-measure.ts';
import { yearlyReport } from '../../../src/measures/yearly/fill.ts';
import { renderYearlyReport } from '../../../src/measures/yearly/package.ts';
import { onStore } from '../../support/stores.ts';
import { aarhus, citizen, planned, profiles, put } from '../support/stored.ts';

const AS_OF = '2027-01-31T12:00:00.000Z';

onStore('PostgreSQL', ({ open }) => {
  describe('the yearly report from a store', () => {
    it('counts the six parameters and the courses where the citizens live, as $evaluate-measure does', async () => {
      const store = planned(await open());
      await put(store, ...profiles);
      await put(store, ...aarhus, ...citizen(1), ...citizen(2));
      const report = await yearlyReport(store, { year: 2026, asOf: AS_OF, yearsBefore: 1, now: AS_OF });

      expect(report.parameters.map(({ id }) => id)).toEqual(['P1', 'P2', 'P3', 'P4', 'P5', 'P6']);
      expect(report.periods.filter(({ kind }) => kind === 'year').map(({ id }) => id)).toEqual([
        '2025',
        '2026',
      ]);
      const find = (measure: string, unit: string, period: string) =>
        report.counts.find((row) => row.measure === measure && row.unit === unit && row.period === period);
      for (const parameter of report.parameters) {
        const whole = await evaluateMeasure(
          store,
          {
            measure: `${parameter.url}|${parameter.version}`,
            periodStart: '2026',
            periodEnd: '2026',
            reportType: 'population',
            asOf: AS_OF,
          },
          { now: AS_OF },
        );
        const count = (code: string) =>
          whole.group![0]!.population!.find((population) => population.code?.coding?.[0]?.code === code)!
            .count;
        const expected = {
          numerator: count('numerator'),
          denominator: count('denominator'),
          excluded: count('denominator-exclusion'),
          pending: count('denominator-exception'),
        };
        expect(expected.denominator).toBe(3);
        for (const [unit, period] of [
          ['DK', '2026'],
          ['DK-82', '2026-Q1'],
          ['DK-82', '2026-03'],
          ['0751', '2026'],
        ] as const) {
          expect(find(parameter.id, unit, period)).toMatchObject(expected);
        }
        expect(find(parameter.id, 'DK-81', '2026')).toMatchObject({ numerator: 0, denominator: 0 });
        expect(find(parameter.id, 'DK', '2026-04')).toMatchObject({ denominator: 0 });
      }
      expect(
        report.counts
          .filter(({ measure, unit }) => measure === 'courses' && unit === 'DK')
          .reduce((sum, { denominator, period }) => sum + (period.length === 4 ? denominator : 0), 0),
      ).toBe(3);
      expect(report.agreements.map(({ area }) => area)).toContain('Region Midtjylland');

      // Three citizens are too few to be shown anywhere, in any form.
      const { csv, html, bundle } = renderYearlyReport(report);
      expect(csv).toContain(';0751;Aarhus;<5;<5;0;;;;1;0;<5');
      expect(html).toContain('God fælles koordination 2026');
      expect(JSON.stringify(bundle)).not.toContain('"count":3');
      await expect(
        yearlyReport(store, { year: 2026, asOf: AS_OF, yearsBefore: 1, now: AS_OF }),
      ).resolves.toEqual(report);
    }, 120_000);

    it('refuses a year that is none', async () => {
      const store = await open();
      await expect(yearlyReport(store, { year: 1999 })).rejects.toThrow(FhirError);
      await expect(yearlyReport(store, { year: 2026, yearsBefore: -1 })).rejects.toMatchObject({
        status: 400,
      });
    });

    it('is empty, and renders, when nothing is stored', async () => {
      const store = await open();
      const report = await yearlyReport(store, { year: 2026, asOf: AS_OF, now: AS_OF });
      expect(report.parameters).toEqual([]);
      expect(report.counts.every(({ denominator }) => denominator === 0)).toBe(true);
      expect(renderYearlyReport(report).html).toContain('I 2026 begyndte 0 koordinationsforløb.');
    });
  });
});
