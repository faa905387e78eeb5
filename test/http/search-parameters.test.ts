import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Patient, SearchParameter } from '@medplum/fhirtypes';
import { createParameterRegistry } from '../../src/fhir/search/parameters.ts';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { reindexBatch } from '../../src/store/reindex/reindex.ts';
import { finishedParameters, indexStates, wantParameters } from '../../src/store/reindex/state.ts';
import { onEveryStore, onStore } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { openServer, type Server } from './support/server.ts';

const parameter = (
  code: string,
  expression: string,
  more: Partial<SearchParameter> = {},
): SearchParameter => ({
  resourceType: 'SearchParameter',
  id: code,
  url: `urn:test:${code}`,
  name: 'Test',
  status: 'active',
  description: 'A test',
  code,
  base: ['Patient'],
  type: 'token',
  expression,
  ...more,
});

const EYES = parameter('eyes', "Patient.extension('urn:eyes').value.ofType(code)");
const patient = (id: string, eyes: string): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  extension: [{ url: 'urn:eyes', valueCode: eyes }],
  name: [{ use: 'official', family: `Fam-${id}` }],
});

onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    beforeAll(async () => {
      server = await openServer(fixture);
      send = server.send;
      for (const [id, eyes] of [
        ['p1', 'blue'],
        ['p2', 'green'],
        ['p3', 'blue'],
      ] as const) {
        await send('PUT', `Patient/${id}`, patient(id, eyes));
      }
    }, 120_000);
    afterAll(() => server.close());

    const ids = async (search: string): Promise<string[] | string> => {
      const { status, body } = await send('GET', search);
      return status === 200
        ? (body.entry ?? []).map((entry: { resource: { id: string } }) => entry.resource.id).sort()
        : `${status} ${body.issue[0].diagnostics}`;
    };
    const states = async (): Promise<Record<string, string>> => {
      const { body } = await send('GET', 'SearchParameter/$index-status');
      return Object.fromEntries(
        (body.parameter ?? []).map(({ part }: { part: { name: string; [value: string]: string }[] }) => [
          part.find(({ name }) => name === 'code')?.valueString,
          part.find(({ name }) => name === 'state')?.valueCode,
        ]),
      );
    };
    const put = async (resource: SearchParameter): Promise<void> => {
      const { status, text } = await send('PUT', `SearchParameter/${resource.id}`, resource);
      expect([text, status < 300]).toEqual([text, true]);
      const left = until(states, (all) => all[resource.code as string] !== 'indexing');
      expect((await left)[resource.code as string]).not.toBe('indexing');
    };

    describe('a stored search parameter', () => {
      it('finds what was stored before it and after it, and is told in metadata', async () => {
        expect(await ids('Patient?eyes=blue')).toMatch(/^400 "eyes" is no search parameter/);
        await put(EYES);
        expect((await states()).eyes).toBe('ready');
        expect(await ids('Patient?eyes=blue')).toEqual(['p1', 'p3']);
        await send('PUT', 'Patient/p4', patient('p4', 'blue'));
        await send('PUT', 'Patient/p1', patient('p1', 'green'));
        expect(await ids('Patient?eyes=blue')).toEqual(['p3', 'p4']);
        const { rest } = (await send('GET', 'metadata')).body;
        const served = rest[0].resource.find(({ type }: { type: string }) => type === 'Patient').searchParam;
        expect(served).toContainEqual({ name: 'eyes', type: 'token', definition: 'urn:test:eyes' });
        await send('PUT', 'Patient/p1', patient('p1', 'blue'));
      });

      it('works in chains, _has, _filter, conditional URLs, If-None-Exist and conditional references', async () => {
        await put(EYES);
        await send('PUT', 'Observation/o2', {
          resourceType: 'Observation',
          id: 'o2',
          status: 'final',
          code: { text: 'x' },
          subject: { reference: 'Patient/p2' },
        });
        expect(await ids('Observation?subject:Patient.eyes=green')).toEqual(['o2']);
        expect(await ids('Patient?_filter=eyes eq green')).toEqual(['p2']);
        expect(await ids('Patient?_has:Observation:subject:_id=o2&eyes=green')).toEqual(['p2']);
        const green = { resourceType: 'Patient', active: true };
        const exists = await send('POST', 'Patient', green, { 'if-none-exist': 'eyes=green' });
        expect([exists.status, exists.body.id]).toEqual([200, 'p2']);
        const updated = await send('PUT', 'Patient?eyes=green', { ...patient('p2', 'green'), active: true });
        expect([updated.status, updated.body.id]).toEqual([200, 'p2']);
        const bundle = {
          resourceType: 'Bundle',
          type: 'transaction',
          entry: [
            {
              resource: {
                resourceType: 'Observation',
                status: 'final',
                code: { text: 'y' },
                subject: { reference: 'Patient?eyes=green' },
              },
              request: { method: 'POST', url: 'Observation' },
            },
          ],
        };
        const written = await send('POST', '', bundle);
        const location = written.body.entry[0].response.location.replace(/^.*\/fhir\//, '');
        expect((await send('GET', location)).body.subject.reference).toBe('Patient/p2');
      });

      it('with another expression indexes anew; retired or deleted it is unknown', async () => {
        await put(EYES);
        await put({ ...EYES, expression: 'Patient.name.use' });
        expect(await ids('Patient?eyes=blue')).toEqual([]);
        expect(((await ids('Patient?eyes=official')) as string[]).length).toBeGreaterThanOrEqual(3);
        await put({ ...EYES, status: 'retired' });
        expect(await ids('Patient?eyes=official')).toMatch(/^400 "eyes" is no search parameter/);
        await put(EYES);
        expect(await ids('Patient?eyes=green')).toEqual(['p2']);
        await send('DELETE', 'SearchParameter/eyes');
        expect(await ids('Patient?eyes=green')).toMatch(/^400 "eyes" is no search parameter/);
      });

      it('with an expression beyond R4’s own is evaluated by Medplum’s FHIRPath', async () => {
        await put(
          parameter('shouted', "Patient.name.where(use = 'official' and family.exists()).family.upper()", {
            type: 'string',
          }),
        );
        expect(await ids('Patient?shouted:exact=FAM-P2')).toEqual(['p2']);
      });

      it('that cannot be served is stored, and refused with the reason', async () => {
        await put(parameter('family', 'Patient.name.family', { type: 'string' }));
        await put(parameter('broken', 'Patient.name.nonsense('));
        expect(await states()).toMatchObject({ family: 'refused', broken: 'refused' });
        expect((await send('POST', 'Patient', patient('x', 'blue'))).status).toBe(201);
        expect(await ids('Patient?family=fam-p2')).toEqual(['p2']);
      });
    });
  },
  { lifetime: 'block' },
);

onEveryStore((fixture) => {
  it('indexing goes on where it stopped, and the last batch makes the parameter ready', async () => {
    const store = await fixture.open();
    const resources = Array.from({ length: 450 }, (_, n) => patient(`r${n}`, n % 3 === 0 ? 'blue' : 'green'));
    await store.transaction((transaction) =>
      transaction.write(resources.map((resource) => ({ op: 'update', resource }))),
    );
    const registry = createParameterRegistry([EYES]);
    const wanted = [registry.of('Patient').get('eyes')].filter((each) => each !== undefined);
    await wantParameters(store, wanted);
    const done = async (): Promise<number | undefined> => (await indexStates(store))[0]?.done;
    expect([await done(), (await finishedParameters(store)).size]).toEqual([0, 0]);
    await reindexBatch(store, registry);
    expect(await done()).toBe(200);
    // Another server, or this one after a crash.
    await wantParameters(store, wanted);
    await reindexBatch(store, registry);
    expect(await done()).toBe(400);
    await reindexBatch(store, registry);
    expect([await done(), [...(await finishedParameters(store))]]).toEqual([450, ['Patient.eyes']]);
    expect(await reindexBatch(store, registry)).toBe(false);
    const query = parseSearch(
      'Patient',
      [
        ['eyes', 'blue'],
        ['_total', 'accurate'],
      ],
      { registry },
    );
    expect((await store.search(query)).total).toBe(150);
    // An update that takes the value away leaves no row behind.
    store.indexBy(registry);
    await store.transaction((transaction) =>
      transaction.write([
        {
          op: 'update',
          resource: { resourceType: 'Patient', id: 'r0', name: [{ use: 'official', family: 'Fam-r0' }] },
        },
      ]),
    );
    expect((await store.search(query)).total).toBe(149);
  });
});
