import { describe, expect, it } from '@jest/globals';
import type { MeasureReport, OperationOutcome } from '@medplum/fhirtypes';
import { FhirError } from '../../src/fhir/outcome.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import type { EvaluateMeasureRequest } from '../../src/measures/evaluate-request.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { letter, nationalMeasure, SIX } from './support/facts.ts';
import { aarhus, citizen, planned, profiles, put } from './support/stored.ts';

const march = { periodStart: '2026-03', periodEnd: '2026-03' };
const now = '2026-05-01T00:00:00.000Z';
const url = 'https://overgang.dk/fhir/Measure/ready-for-discharge';

const counts = (report: MeasureReport): Record<string, number | undefined> =>
  Object.fromEntries(
    (report.group?.[0]?.population ?? []).map((one) => [one.code?.coding?.[0]?.code ?? '', one.count]),
  );

async function refusal(
  work: Promise<unknown>,
): Promise<{ status: number; issue: OperationOutcome['issue'][number] }> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    const issue = error.outcome.issue[0];
    if (issue === undefined) throw error;
    return { status: error.status, issue };
  }
  throw new Error('The request was not refused');
}

onStore('PostgreSQL', (fixture) => {
  const filled = async (): Promise<Store> => {
    const store = planned(await fixture.open());
    await put(store, ...profiles);
    await put(store, ...aarhus);
    return store;
  };

  describe('$evaluate-measure', () => {
    it('reports the six parameters of a period', async () => {
      const store = await filled();
      for (const id of SIX) {
        const report = await evaluateMeasure(store, { measureId: id, ...march }, { now });
        expect([
          id,
          report.status,
          report.type,
          counts(report),
          report.group?.[0]?.measureScore?.value,
        ]).toEqual([
          id,
          'complete',
          'summary',
          {
            'initial-population': 1,
            denominator: 1,
            'denominator-exclusion': 0,
            numerator: 1,
            'denominator-exception': 0,
          },
          1,
        ]);
        expect(report.measure).toBe(`https://overgang.dk/fhir/Measure/${id}|${nationalMeasure(id).version}`);
        expect(report.period).toEqual({ start: '2026-03-01', end: '2026-03-31' });
      }
    });

    it('gives Wilson’s interval beside the score', async () => {
      const store = await filled();
      await put(store, ...citizen(2), ...citizen(3));
      const report = await evaluateMeasure(store, { measureId: 'discharge-report', ...march }, { now });
      const parts = report.group?.[0]?.measureScore?.extension?.[0]?.extension ?? [];
      const limits = Object.fromEntries(parts.map((one) => [one.url, one.valueDecimal]));
      // 3 of 3: from n / (n + z²) to 1.
      expect(limits.low).toBeCloseTo(3 / (3 + 1.959964 ** 2), 5);
      expect([limits.high, limits.level]).toEqual([1, 0.95]);
    });

    it('counts a stay in the period of its anchor alone', async () => {
      const store = await filled();
      const april = await evaluateMeasure(
        store,
        { measureId: 'discharge-report', periodStart: '2026-04', periodEnd: '2026-12' },
        { now },
      );
      expect(counts(april).denominator).toBe(0);
      expect(april.group?.[0]?.measureScore?.extension?.[0]?.valueCode).toBe('not-applicable');
      const day = { periodStart: '2026-03-13', periodEnd: '2026-03-13' };
      expect(
        counts(await evaluateMeasure(store, { measureId: 'discharge-report', ...day }, { now })).denominator,
      ).toBe(1);
      expect(
        counts(await evaluateMeasure(store, { measureId: 'admission-report', ...day }, { now })).denominator,
      ).toBe(0);
    });

    it('finds the Measure by id, reference, canonical and versioned canonical', async () => {
      const store = await filled();
      const version = nationalMeasure('ready-for-discharge').version;
      for (const measure of [
        'ready-for-discharge',
        'Measure/ready-for-discharge',
        url,
        `${url}|${version}`,
      ]) {
        expect((await evaluateMeasure(store, { measure, ...march }, { now })).measure).toBe(
          `${url}|${version}`,
        );
      }
    });

    it('stratifies by region, municipality, hospital and more, with names', async () => {
      const store = await filled();
      const report = await evaluateMeasure(store, { measureId: 'discharge-report', ...march }, { now });
      const strata = (report.group?.[0]?.stratifier ?? []).map((one) => [
        one.code?.[0]?.coding?.[0]?.code,
        one.stratum?.[0]?.value?.text,
      ]);
      expect(strata).toEqual([
        ['timely', 'true'],
        ['complete', 'true'],
        ['region', 'Region Midtjylland'],
        ['municipality', 'Aarhus'],
        ['hospital', 'hospital'],
        ['department', 'ward'],
        ['age-band', '75-84'],
        ['discharge-day', 'weekday'],
        ['inclusion', 'rule'],
      ]);
    });

    it('lets the as-of time alone decide what is pending', async () => {
      const store = planned(await fixture.open());
      await put(store, ...profiles);
      await put(store, ...aarhus.filter((resource) => resource.resourceType !== 'Communication'));
      const at = async (asOf: string): Promise<number | undefined> =>
        counts(await evaluateMeasure(store, { measureId: 'discharge-letter', ...march, asOf }, { now }))[
          'denominator-exception'
        ];
      expect(await at('2026-03-18T23:59:59.998+01:00')).toBe(1);
      expect(await at('2026-03-18T23:59:59.999+01:00')).toBe(0);
    });

    it('reports on one citizen with the stays, the letters and the reasons', async () => {
      const store = await filled();
      await put(store, ...citizen(2));
      await put(
        store,
        letter('ready-for-discharge', '2026-03-13T09:12:00+01:00', { id: 'ready-for-discharge-1' }),
      );
      const report = await evaluateMeasure(
        store,
        { measureId: 'ready-for-discharge', subject: 'Patient/citizen', ...march },
        { now },
      );
      expect([
        report.type,
        report.subject?.reference,
        counts(report).denominator,
        counts(report).numerator,
      ]).toEqual(['individual', 'Patient/citizen', 1, 0]);
      expect(report.evaluatedResource?.map((one) => one.reference)).toEqual([
        'Encounter/stay',
        'Communication/ready-for-discharge-1',
      ]);
      const said = (name: string) =>
        report.evaluatedResource?.[0]?.extension?.[0]?.extension?.find((one) => one.url === name);
      expect(said('result')?.valueCode).toBe('not-met');
      expect(said('explanation-en')?.valueString).toMatch(
        /^P4 not met: notice sent 13 March 09:12, due 12 March 23:59, agreement DK-82 v/,
      );
      expect(said('explanation')?.valueString).toMatch(
        /^P4 ikke opfyldt: melding sendt 13\. marts 09\.12, frist 12\. marts 23\.59, aftale DK-82 v/,
      );
    });

    it('lists the stays of each population', async () => {
      const store = await filled();
      await put(store, ...citizen(2));
      const report = await evaluateMeasure(
        store,
        { measureId: 'discharge-report', reportType: 'subject-list', ...march },
        { now },
      );
      const numerator = report.group?.[0]?.population?.find(
        (one) => one.code?.coding?.[0]?.code === 'numerator',
      );
      const list = report.contained?.find((one) => `#${one.id}` === numerator?.subjectResults?.reference);
      expect(list?.resourceType === 'List' && list.entry?.map((one) => one.item.reference).sort()).toEqual([
        'Encounter/stay',
        'Encounter/stay-2',
      ]);
      expect(numerator?.count).toBe(2);
    });

    it('reports on the citizens of one coordinator', async () => {
      const store = await filled();
      const others = citizen(2).map((resource) =>
        resource.resourceType === 'EpisodeOfCare' && resource.id === 'course-2'
          ? { ...resource, careManager: { reference: 'Practitioner/kirsten' } }
          : resource,
      );
      await put(store, { resourceType: 'Practitioner', id: 'kirsten' });
      await put(store, ...others);
      const report = await evaluateMeasure(
        store,
        { measureId: 'discharge-report', practitioner: 'Practitioner/kirsten', ...march },
        { now },
      );
      expect(counts(report).denominator).toBe(1);
    });
  });
});

onStore('PostgreSQL', (fixture) => {
  describe('$evaluate-measure refuses', () => {
    const request: EvaluateMeasureRequest = { measureId: 'discharge-report', ...march };
    const refused: [
      string,
      Partial<EvaluateMeasureRequest> & { drop?: keyof EvaluateMeasureRequest },
      number,
      string,
    ][] = [
      ['a missing start', { drop: 'periodStart' }, 400, 'Parameters.periodStart'],
      ['a missing end', { drop: 'periodEnd' }, 400, 'Parameters.periodEnd'],
      ['a day that does not exist', { periodStart: '2026-02-30' }, 400, 'Parameters.periodStart'],
      ['a month that does not exist', { periodEnd: '2026-13' }, 400, 'Parameters.periodEnd'],
      ['a time as a date', { periodStart: '2026-03-01T00:00:00Z' }, 400, 'Parameters.periodStart'],
      ['words', { periodEnd: 'soon' }, 400, 'Parameters.periodEnd'],
      ['a period that ends before it begins', { periodEnd: '2025' }, 400, 'Parameters.periodEnd'],
      ['a period out of all reason', { periodStart: '0001' }, 400, 'Parameters.periodStart'],
      ['an unknown report type', { reportType: 'patient' }, 400, 'Parameters.reportType'],
      ['an individual report on nobody', { reportType: 'subject' }, 400, 'Parameters.subject'],
      ['a subject of another type', { subject: 'Organization/ward' }, 400, 'Parameters.subject'],
      ['an unknown subject', { subject: 'Patient/nobody' }, 404, 'Parameters.subject'],
      ['an unknown stay', { subject: 'Encounter/nothing' }, 404, 'Parameters.subject'],
      ['a practitioner of another type', { practitioner: 'Patient/citizen' }, 400, 'Parameters.practitioner'],
      ['lastReceivedOn for a population', { lastReceivedOn: '2026-03-01' }, 400, 'Parameters.lastReceivedOn'],
      ['an as-of time that is none', { asOf: 'yesterday' }, 400, 'Parameters.asOf'],
      ['a Measure beside the one in the URL', { measure: url }, 400, 'Parameters.measure'],
      ['an unknown Measure', { measureId: 'nothing' }, 404, 'Parameters.measure'],
      ['no Measure at all', { drop: 'measureId' }, 400, 'Parameters.measure'],
      [
        'an unknown canonical',
        { drop: 'measureId', measure: 'http://example.org/Measure/x' },
        404,
        'Parameters.measure',
      ],
    ];

    it('a request that cannot be answered, naming the parameter and never repeating the subject', async () => {
      const store = await fixture.open();
      await put(store, ...profiles, ...aarhus);
      for (const [what, { drop, ...changed }, status, expression] of refused) {
        const given = { ...request, ...changed } as Record<string, string>;
        if (drop !== undefined) delete given[drop];
        const { status: answered, issue } = await refusal(evaluateMeasure(store, given, { now }));
        expect([what, answered, issue.expression]).toEqual([what, status, [expression]]);
        expect(issue.diagnostics).not.toMatch(/citizen|nobody/);
      }
    });

    it('criteria in another language, with the path', async () => {
      const store = await fixture.open();
      const measure = nationalMeasure('discharge-report');
      const criteria = measure.group?.[0]?.population?.[1]?.criteria;
      if (criteria === undefined) throw new Error('no criteria');
      criteria.language = 'text/cql';
      await put(store, measure);
      const { status, issue } = await refusal(evaluateMeasure(store, request, { now }));
      expect([status, issue.code, issue.expression]).toEqual([
        422,
        'not-supported',
        ['Measure.group[0].population[1].criteria.language'],
      ]);
    });
  });
});
