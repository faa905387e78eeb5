import { describe, expect, it } from '@jest/globals';
import type { MeasureReport, Parameters, Resource } from '@medplum/fhirtypes';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { openServer, type Server } from '../http/support/server.ts';
import { onStore, type StoreFixture } from '../support/stores.ts';
import { aarhus, profiles } from './support/stored.ts';

const SHOWN = { OVERGANG_SMALL_NUMBERS: 'show' };
const YEAR = 'periodStart=2026&periodEnd=2026';
const LETTER = 'https://overgang.dk/fhir/Measure/discharge-letter';

async function serverWith(fixture: StoreFixture, ...resources: readonly Resource[]): Promise<Server> {
  const server = await openServer(fixture, SHOWN);
  const entry = resources.map((resource) => ({
    resource,
    request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
  }));
  const { status } = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
  expect(status).toBe(200);
  return server;
}

const named = ({ parameter = [] }: Parameters, name: string): Resource[] =>
  parameter.filter((one) => one.name === name).map(({ resource }) => resource as Resource);

onStore('PostgreSQL', (fixture) => {
  describe('the data of a Measure', () => {
    it('is collected here and, submitted elsewhere, gives the same individual report there', async () => {
      const here = await serverWith(fixture, ...profiles, ...aarhus);
      const asked = `Measure/discharge-letter/$collect-data?${YEAR}&subject=Patient/citizen`;
      const { status, body } = await here.send('GET', asked);
      expect([status, validateResource(body)]).toEqual([200, []]);
      const [report] = named(body, 'measureReport') as MeasureReport[];
      const resources = named(body, 'resource');
      expect(report).toMatchObject({ type: 'data-collection', measure: expect.stringContaining(LETTER) });
      expect(report?.group).toBeUndefined();
      expect(report?.evaluatedResource?.map(({ reference }) => reference)).toEqual(
        resources.map(({ resourceType, id }) => `${resourceType}/${id}`),
      );
      expect(new Set(resources.map(({ resourceType }) => resourceType))).toEqual(
        new Set(['Communication', 'Encounter', 'EpisodeOfCare', 'Organization', 'Patient']),
      );

      const there = await serverWith(fixture, ...profiles);
      const sent = await there.send('POST', 'Measure/discharge-letter/$submit-data', body);
      expect([sent.status, sent.body.issue[0].diagnostics]).toEqual([
        200,
        expect.stringContaining(`${resources.length + 1} new, 0 changed, 0 as they were`),
      ]);
      const individual = async (server: Server) => {
        const path = `Measure/discharge-letter/$evaluate-measure?${YEAR}&subject=Patient/citizen`;
        return (await server.send('GET', path)).body.group;
      };
      expect(await individual(there)).toEqual(await individual(here));

      const again = await there.send('POST', 'Measure/$submit-data', body);
      expect(again.body.issue[0].diagnostics).toContain('0 new, 0 changed');
      await there.close();

      const everybody = await here.send('GET', `Measure/discharge-letter/$collect-data?${YEAR}`);
      expect(named(everybody.body, 'resource')).toEqual(resources);
      const later = await here.send('GET', `${asked}&lastReceivedOn=2199-01-01`);
      expect(named(later.body, 'resource')).toEqual([]);
      expect(named(later.body, 'measureReport')[0]).toMatchObject({
        extension: [{ valueCode: 'incremental' }],
      });
      const outside = 'Measure/discharge-letter/$collect-data?periodStart=2025&periodEnd=2025';
      expect(named((await here.send('GET', outside)).body, 'resource')).toEqual([]);
      await here.close();
    });

    it('is refused with its place where it does not belong, and nothing of it is stored', async () => {
      const server = await serverWith(fixture, ...profiles, ...aarhus);
      const [citizen] = aarhus.filter(({ resourceType }) => resourceType === 'Patient');
      const submit = (resources: readonly unknown[], report: object = {}) =>
        server.send('POST', 'Measure/discharge-letter/$submit-data', {
          resourceType: 'Parameters',
          parameter: [
            {
              name: 'measureReport',
              resource: {
                resourceType: 'MeasureReport',
                status: 'complete',
                type: 'data-collection',
                measure: LETTER,
                subject: { reference: `Patient/${citizen?.id}` },
                period: { start: '2026-01-01', end: '2026-12-31' },
                ...report,
              },
            },
            ...resources.map((resource) => ({ name: 'resource', resource })),
          ],
        });
      const patient = { ...citizen, birthDate: '1930-01-01' };
      const faults: readonly (readonly [number, string, readonly unknown[], object?])[] = [
        [422, 'Parameters.resource[1]', [patient, { resourceType: 'Condition', id: 'x' }]],
        [
          422,
          'Parameters.resource[1]',
          [patient, profiles.find((one) => one.resourceType === 'PlanDefinition')],
        ],
        [422, 'Parameters.resource[1]', [patient, { resourceType: 'Patient', id: 'somebody-else' }]],
        [422, 'Parameters.resource[1]', [patient, patient]],
        [422, 'Parameters.resource[0].id', [{ ...patient, id: undefined }]],
        [
          422,
          'Parameters.measureReport.evaluatedResource[0]',
          [patient],
          { evaluatedResource: [{ reference: 'Encounter/nowhere' }] },
        ],
        [422, 'Parameters.measureReport.type', [patient], { type: 'summary' }],
        [400, 'Parameters.measureReport.measure', [patient], { measure: `${LETTER.slice(0, -6)}plan` }],
        [404, 'Parameters.measure', [patient], { measure: 'https://example.dk/Measure/none' }],
      ];
      for (const [status, place, resources, report] of faults) {
        const answer = await submit(resources, report);
        expect([answer.status, answer.body.issue[0].expression]).toEqual([status, [place]]);
      }
      const { body } = await server.send('GET', `Patient/${citizen?.id}`);
      expect([body.birthDate, body.meta.versionId]).toEqual([
        (citizen as { birthDate: string }).birthDate,
        '1',
      ]);
      expect((await server.send('GET', 'MeasureReport?_summary=count')).body.total).toBe(0);
      await server.close();
    });
  });
});
