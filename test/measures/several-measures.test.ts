import { describe, expect, it } from '@jest/globals';
import type { MeasureReport } from '@medplum/fhirtypes';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { type EvaluateMeasuresRequest, evaluateMeasures } from '../../src/measures/evaluate-measures.ts';
import { onStore } from '../support/stores.ts';
import { nationalMeasure, patient, SIX } from './support/facts.ts';
import { aarhus, citizen, planned, profiles, put } from './support/stored.ts';

const now = '2026-03-14T00:00:00.000Z';
const year = { periodStart: '2026', periodEnd: '2026' };
const codesOf = (report: MeasureReport | undefined) =>
  (report?.group?.[0]?.stratifier ?? []).map(({ code }) => code?.[0]?.coding?.[0]?.code);

onStore('PostgreSQL', (fixture) => {
  const filled = async () => {
    const store = planned(await fixture.open());
    await put(store, ...profiles);
    await put(store, ...aarhus, ...citizen(1));
    return store;
  };

  describe('$evaluate-measure of several Measures', () => {
    it('answers for each what it answers alone, in the order asked, by periods too', async () => {
      const store = await filled();
      const measures = [...SIX].reverse();
      const bundle = await evaluateMeasures(store, { ...year, measures }, { now });
      const alone: MeasureReport[] = [];
      for (const measureId of measures) {
        alone.push(await evaluateMeasure(store, { ...year, measureId }, { now }));
      }
      expect(bundle.entry?.map(({ resource }) => resource)).toEqual(alone);
      expect(alone.every((report) => report.group?.[0]?.population?.[0]?.count === 2)).toBe(true);
      expect(validateResource(JSON.parse(JSON.stringify(bundle)))).toEqual([]);
      const quarters = await evaluateMeasures(
        store,
        { ...year, measures: measures.slice(0, 2), series: 'quarter' },
        { now },
      );
      expect(
        quarters.entry?.map(({ resource }) => [
          resource?.measure.split('/').at(-1)?.split('|')[0],
          resource?.period.start,
          resource?.group?.[0]?.population?.[0]?.count,
        ]),
      ).toEqual(
        measures.slice(0, 2).flatMap((id) => [
          [id, '2026-01-01', 2],
          [id, '2026-04-01', 0],
          [id, '2026-07-01', 0],
          [id, '2026-10-01', 0],
        ]),
      );
      expect(new Set(quarters.entry?.map(({ fullUrl }) => fullUrl)).size).toBe(8);
    });

    it('gives the stratifiers that are asked for, each as in the whole report', async () => {
      const store = await filled();
      const request = { ...year, measureId: 'admission-report' };
      const whole = await evaluateMeasure(store, request, { now });
      const chosen = await evaluateMeasure(
        store,
        { ...request, stratifiers: ['timely', 'municipality'] },
        { now },
      );
      const kept = (whole.group?.[0]?.stratifier ?? []).filter(({ code }) =>
        ['timely', 'municipality'].includes(code?.[0]?.coding?.[0]?.code ?? ''),
      );
      expect(kept.length).toBe(2);
      expect(chosen).toEqual({ ...whole, group: [{ ...whole.group?.[0], stratifier: kept }] });
      const none = await evaluateMeasure(store, { ...request, stratifiers: ['none'] }, { now });
      const { stratifier: _, ...plain } = whole.group?.[0] ?? {};
      expect(none).toEqual({ ...whole, group: [plain] });
      const several = await evaluateMeasures(
        store,
        { ...year, measures: ['admission-report', 'discharge-letter'], stratifiers: ['timely'] },
        { now },
      );
      expect(several.entry?.map(({ resource }) => codesOf(resource))).toEqual([['timely'], []]);
    });

    it('gives the strata that are asked for, each as in the whole report, kept or not and by days too', async () => {
      const store = await filled();
      const { address: _, ...homeless } = patient;
      await put(store, { ...homeless, id: 'citizen-1' }, nationalMeasure('length-of-stay'));
      const strata = ['municipality|0751', 'municipality|0101', 'region|unknown'];
      for (const [periodStart, periodEnd] of [
        ['2026-03', '2026-03'],
        ['2026-03-02', '2026-03-30'],
      ] as const) {
        for (const measureId of ['admission-report', 'discharge-letter', 'length-of-stay']) {
          const request = { periodStart, periodEnd, measureId };
          const whole = await evaluateMeasure(store, request, { now });
          const [group] = whole.group ?? [];
          const wanted = (group?.stratifier ?? [])
            .filter(({ code }) => ['municipality', 'region'].includes(code?.[0]?.coding?.[0]?.code ?? ''))
            .map(({ stratum, ...rest }) => {
              const isRegion = rest.code?.[0]?.coding?.[0]?.code === 'region';
              const kept = stratum?.filter(
                ({ value }) => value?.coding?.[0]?.code === (isRegion ? 'unknown' : '0751'),
              );
              return { ...rest, ...(kept?.length ? { stratum: kept } : {}) };
            });
          expect(wanted.flatMap(({ stratum }) => stratum ?? []).length).toBe(2);
          const chosen = await evaluateMeasure(store, { ...request, strata }, { now });
          expect(chosen).toEqual({ ...whole, group: [{ ...group, stratifier: wanted }] });
          const alone = await evaluateMeasure(store, { ...request, strata: strata.slice(0, 1) }, { now });
          expect(alone).toEqual({
            ...whole,
            group: [
              {
                ...group,
                stratifier: wanted.filter(({ code }) => code?.[0]?.coding?.[0]?.code === 'municipality'),
              },
            ],
          });
        }
      }
    });

    it('is refused with the name of the parameter', async () => {
      const store = await filled();
      const two = ['discharge-letter', 'discharge-plan'];
      const refused: [EvaluateMeasuresRequest, number, string][] = [
        [{ ...year, measures: ['discharge-letter', 'Measure/discharge-letter'] }, 400, 'measure'],
        [{ ...year, measures: [] }, 400, 'measure'],
        [{ ...year, measures: two, measureId: 'discharge-letter' }, 400, 'measure'],
        [{ ...year, measures: ['discharge-letter', 'nowhere'] }, 404, 'measure'],
        [{ ...year, measures: two, reportType: 'subject-list' }, 400, 'reportType'],
        [{ ...year, measures: two, stratifiers: ['colour'] }, 400, 'stratifier'],
        [{ ...year, measures: two, stratifiers: ['none', 'region'] }, 400, 'stratifier'],
        [{ ...year, measures: two, strata: ['municipality'] }, 400, 'stratum'],
        [{ ...year, measures: two, strata: ['municipality|'] }, 400, 'stratum'],
        [{ ...year, measures: two, strata: ['colour|red'] }, 400, 'stratum'],
        [{ ...year, measures: two, strata: ['region|1082'], stratifiers: ['region'] }, 400, 'stratifier'],
        [{ periodStart: '2020', periodEnd: '2026', measures: SIX, series: 'month' }, 400, 'stratifier'],
      ];
      for (const [request, status, name] of refused) {
        await expect(evaluateMeasures(store, request, { now })).rejects.toMatchObject({
          status,
          outcome: { issue: [{ expression: [`Parameters.${name}`] }] },
        });
      }
    });
  });
});
