import { describe, expect, it } from '@jest/globals';
import type { Measure, MeasureReport, Resource } from '@medplum/fhirtypes';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { type EvaluateMeasuresRequest, evaluateMeasures } from '../../src/measures/evaluate-measures.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { nationalMeasure, SIX } from './support/facts.ts';
import { aarhus, citizen, planned, profiles, put } from './support/stored.ts';

const now = '2027-02-01T00:00:00.000Z';

/** The stay of March moved to another month. */
function inMonth(month: string, resources: readonly Resource[]): Resource[] {
  return JSON.parse(JSON.stringify(resources).replaceAll('2026-03-', `${month}-`)) as Resource[];
}

/** About patients: whether a stay of theirs ends in the measurement period or after it. */
const ofPatients: Measure = {
  resourceType: 'Measure',
  id: 'of-patients',
  url: 'https://example.org/Measure/of-patients',
  version: '1',
  status: 'active',
  scoring: { coding: [{ code: 'proportion' }] },
  group: [
    {
      population: (
        [
          ['initial-population', 'true'],
          ['denominator', 'true'],
          ['numerator', '%data.ofType(Encounter).where(period.end >= %periodStart).exists()'],
        ] as const
      ).map(([code, expression]) => ({
        code: { coding: [{ code }] },
        criteria: { language: 'text/fhirpath', expression },
      })),
    },
  ],
};

/** As a national one, but the time of asking is in a criterion: its verdicts cannot be kept. */
function asking(): Measure {
  const { identifier: _, ...measure } = structuredClone(nationalMeasure('discharge-report'));
  const criteria = measure.group?.[0]?.population?.find(
    ({ code }) => code?.coding?.[0]?.code === 'numerator',
  )?.criteria;
  if (criteria?.expression === undefined) throw new Error('no numerator');
  criteria.expression = `(${criteria.expression}) and %asOf > @2020-01-01T00:00:00Z`;
  return { ...measure, id: 'asking', url: 'https://example.org/Measure/asking' };
}

onStore('PostgreSQL', (fixture) => {
  const filled = async (): Promise<Store> => {
    const store = planned(await fixture.open());
    await put(store, ...profiles, asking());
    await put(store, ...aarhus, ...citizen(1));
    await put(store, ...inMonth('2026-05', citizen(2)), ...inMonth('2025-12', citizen(3)));
    return store;
  };

  async function expectSingles(store: Store, request: EvaluateMeasuresRequest, periods: [string, string][]) {
    const bundle = await evaluateMeasures(store, request, { now });
    const { series: _, ...single } = request;
    const reports: MeasureReport[] = [];
    for (const [periodStart, periodEnd] of periods) {
      reports.push(
        await evaluateMeasure(
          store,
          { ...single, periodStart, periodEnd, reportType: 'population' },
          { now },
        ),
      );
    }
    expect(bundle.entry?.map(({ resource }) => resource)).toEqual(reports);
    expect(validateResource(JSON.parse(JSON.stringify(bundle)))).toEqual([]);
    return reports.map((report) => report.group?.[0]?.population?.[0]?.count);
  }

  const months: [string, string][] = [
    '2025-11',
    '2025-12',
    '2026-01',
    '2026-02',
    '2026-03',
    '2026-04',
    '2026-05',
    '2026-06',
  ].map((month) => [month, month]);

  describe('$evaluate-measure with a series', () => {
    it('gives for each month what a request for the month gives', async () => {
      const store = await filled();
      const request = { periodStart: '2025-11', periodEnd: '2026-06', series: 'month', asOf: now };
      for (const measureId of [...SIX, 'asking']) {
        const counts = await expectSingles(store, { ...request, measureId }, months);
        expect([measureId, counts]).toEqual([measureId, [0, 1, 0, 0, 2, 0, 1, 0]]);
      }
    }, 120_000);

    it('goes by quarters and years too', async () => {
      const store = await filled();
      const request = { measureId: 'discharge-letter', periodStart: '2025', periodEnd: '2026', asOf: now };
      expect(
        await expectSingles(store, { ...request, series: 'quarter' }, [
          ['2025-01', '2025-03'],
          ['2025-04', '2025-06'],
          ['2025-07', '2025-09'],
          ['2025-10', '2025-12'],
          ['2026-01', '2026-03'],
          ['2026-04', '2026-06'],
          ['2026-07', '2026-09'],
          ['2026-10', '2026-12'],
        ]),
      ).toEqual([0, 0, 0, 1, 2, 1, 0, 0]);
      expect(
        await expectSingles(store, { ...request, series: 'year' }, [
          ['2025', '2025'],
          ['2026', '2026'],
        ]),
      ).toEqual([1, 3]);
    });

    it('follows one citizen, and Measures about patients', async () => {
      const store = await filled();
      await put(store, ofPatients);
      const request = { periodStart: '2025-11', periodEnd: '2026-06', series: 'month', asOf: now };
      const subject = { subject: 'Patient/citizen', reportType: 'population' };
      expect(
        await expectSingles(store, { ...request, ...subject, measureId: 'discharge-letter' }, months),
      ).toEqual([0, 0, 0, 0, 1, 0, 0, 0]);
      expect(await expectSingles(store, { ...request, measureId: 'of-patients' }, months)).toEqual(
        months.map(() => 4),
      );
    });

    it('is refused with the name of the parameter', async () => {
      const store = await filled();
      const request = {
        measureId: 'discharge-letter',
        periodStart: '2026',
        periodEnd: '2026',
        series: 'month',
      };
      const refused: [Partial<EvaluateMeasuresRequest>, string][] = [
        [{ series: 'week' }, 'Parameters.series'],
        [{ series: 'toString' }, 'Parameters.series'],
        [{ series: '' }, 'Parameters.series'],
        [{ periodStart: '2010' }, 'Parameters.series'],
        [{ periodStart: '2026-01-02' }, 'Parameters.periodStart'],
        [{ periodStart: '2026-02', series: 'quarter' }, 'Parameters.periodStart'],
        [{ periodStart: '2025-07', series: 'year' }, 'Parameters.periodStart'],
        [{ periodEnd: '2026-11-29' }, 'Parameters.periodEnd'],
        [{ periodEnd: '2026-11', series: 'quarter' }, 'Parameters.periodEnd'],
        [{ reportType: 'subject-list' }, 'Parameters.reportType'],
        [{ subject: 'Patient/citizen' }, 'Parameters.reportType'],
      ];
      for (const [changed, parameter] of refused) {
        await expect(evaluateMeasures(store, { ...request, ...changed }, { now })).rejects.toMatchObject({
          status: 400,
          outcome: { issue: [{ expression: [parameter] }] },
        });
      }
    });
  });
});
