import { describe, expect, it } from '@jest/globals';
import type { MeasureReport } from '@medplum/fhirtypes';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { openServer } from '../http/support/server.ts';
import { onEveryStore } from '../support/stores.ts';
import { nationalMeasure } from './support/facts.ts';
import { aarhus, profiles } from './support/stored.ts';

const DEQM = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition';
const SCORING = `${DEQM}/extension-measureScoring`;
const summary = `profile=${DEQM}/summary-measurereport-deqm`;
const individual = `profile=${DEQM}/indv-measurereport-deqm`;

/** What the two profiles demand beside R4, by their invariants; the demands that are not met. */
function unmet(report: MeasureReport): string[] {
  const scorings = (extension: MeasureReport['extension']) =>
    (extension ?? []).filter(({ url }) => url === SCORING);
  const groups = report.group ?? [];
  const codes = [report, ...groups]
    .flatMap(({ extension }) => scorings(extension))
    .map(({ valueCodeableConcept }) => valueCodeableConcept?.coding?.[0]?.code);
  const ofGroups = groups.filter(({ extension }) => scorings(extension).length === 1).length;
  const strata = groups.flatMap(({ stratifier = [] }) => stratifier.flatMap(({ stratum = [] }) => stratum));
  const populations = [...groups, ...strata].flatMap(({ population = [] }) => population);
  const demands: { readonly [name: string]: boolean } = {
    'deqm-0: version': /^\S+\|\S+$/.test(report.measure),
    'deqm-1: days': [report.period.start, report.period.end].every((day) =>
      /^\d{4}-\d\d-\d\d$/.test(day ?? ''),
    ),
    'deqm-2: notation': codes[0] === 'cohort' || report.improvementNotation !== undefined,
    'deqm-3: scoring':
      (scorings(report.extension).length === 1) !== (ofGroups > 0 && ofGroups === groups.length),
    populations: groups.length > 0 && groups.every(({ population = [] }) => population.length > 0),
    reporter: report.reporter !== undefined,
    date: report.date !== undefined,
    ids: populations.length > 0 && populations.every(({ id, code }) => Boolean(id && code)),
    'stratifier ids': groups.every(({ stratifier = [] }) => stratifier.every(({ id }) => Boolean(id))),
    about:
      report.type === 'individual'
        ? Boolean(report.subject?.reference?.startsWith('Patient/')) && report.evaluatedResource !== undefined
        : report.evaluatedResource === undefined &&
          populations.every((one) => one.subjectResults === undefined),
  };
  return Object.keys(demands).filter((name) => !demands[name]);
}

/** What is wrong by R4 and our definitions; the profiles of DEQM are not among them, which is a warning. */
function wrong(resource: Parameters<typeof validateResource>[0]): unknown[] {
  return validateResource(resource).filter(({ severity }) => severity !== 'warning');
}

onEveryStore((fixture) => {
  describe('a report as DEQM demands it', () => {
    it('has what the profiles demand, and the same counts; other profiles are refused', async () => {
      const server = await openServer(fixture, { OVERGANG_SMALL_NUMBERS: 'show' });
      const more = ['length-of-stay', 'courses'].map(nationalMeasure);
      const entry = [...profiles, ...more, ...aarhus].map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const stored = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expect(stored.status).toBe(200);
      const ask = async (measure: string, query: string) =>
        server.send(
          'GET',
          `Measure/${measure}/$evaluate-measure?periodStart=2026&periodEnd=2026&asOf=2026-12-31&${query}`,
        );
      for (const measure of ['discharge-letter', 'length-of-stay', 'courses']) {
        const { status, body } = await ask(measure, summary);
        expect([measure, status, unmet(body)]).toEqual([measure, 200, []]);
        expect(body.meta.profile).toEqual([`${DEQM}/summary-measurereport-deqm`]);
        expect(wrong(body)).toEqual([]);
        const plain = (await ask(measure, 'reportType=population')).body as MeasureReport;
        expect(unmet(plain)).not.toEqual([]);
        const counts = ({ group }: MeasureReport) =>
          group?.map(({ population }) => population?.map(({ count }) => count));
        expect(counts(body)).toEqual(counts(plain));
      }
      const one = await ask(
        'discharge-letter',
        `subject=Patient/citizen&reporter=Organization/region&${individual}`,
      );
      expect([one.status, unmet(one.body)]).toEqual([200, []]);
      expect(one.body).toMatchObject({
        meta: { profile: [`${DEQM}/indv-measurereport-deqm`] },
        reporter: { reference: 'Organization/region' },
        type: 'individual',
      });
      expect(wrong(one.body)).toEqual([]);
      const refused: [query: string, name: string][] = [
        [individual, 'profile'],
        [`subject=Patient/citizen&${summary}`, 'profile'],
        ['profile=https://example.org/other', 'profile'],
        ['reporter=Organization/region', 'reporter'],
        [`reporter=nobody&${summary}`, 'reporter'],
        [`reporter=Organization/nobody&${summary}`, 'reporter'],
        [`reporter=Patient/citizen&${summary}`, 'reporter'],
        [`subject=Encounter/stay&${individual}`, 'subject'],
      ];
      for (const [query, name] of refused) {
        const answer = await ask('discharge-letter', query);
        expect([query, answer.status, answer.body.issue[0].expression]).toEqual([
          query,
          400,
          [`Parameters.${name}`],
        ]);
      }
      await server.close();
    });
  });
});
