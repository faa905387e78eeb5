import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { MedplumClient } from '@medplum/core';
import type { Bundle, OperationOutcome, Patient } from '@medplum/fhirtypes';
import { Client as KitClient } from 'fhir-kit-client';
import fhirclient from 'fhirclient';
import { onStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

/** What each client must be able to do with the server, over a real socket. */
onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    let base: string;
    beforeAll(async () => {
      server = await openServer(fixture);
      const address = await server.app.listen({ host: '127.0.0.1', port: 0 });
      base = `${address}/fhir`;
      for (const family of ['Aa', 'Bb', 'Cc']) {
        await server.send('POST', 'Patient', { ...PATIENT, name: [{ family }], gender: 'other' });
      }
    }, 120_000);
    afterAll(() => server.close());

    const transaction = (id: string): Bundle => ({
      resourceType: 'Bundle',
      type: 'transaction',
      entry: [
        { resource: { ...(PATIENT as Patient), id }, request: { method: 'PUT', url: `Patient/${id}` } },
        { request: { method: 'GET', url: `Patient/${id}` } },
      ],
    });
    /** The clients follow links to the public address; the test server has another port each time. */
    const local = (bundle: Bundle): Bundle =>
      JSON.parse(JSON.stringify(bundle).replaceAll('http://overgang.test/fhir', base)) as Bundle;

    describe('fhir-kit-client', () => {
      it('reads, searches, pages, creates, updates, patches, deletes, runs a transaction and an operation', async () => {
        const client = new KitClient({ baseUrl: base });
        expect((await client.capabilityStatement()).resourceType).toBe('CapabilityStatement');
        const created = await client.create({ resourceType: 'Patient', body: { ...PATIENT } });
        const id = created.id as string;
        expect(await client.read({ resourceType: 'Patient', id })).toMatchObject({ id });
        const updated = await client.update({
          resourceType: 'Patient',
          id,
          body: { ...created, active: false },
        });
        expect(updated).toMatchObject({ meta: { versionId: '2' } });
        expect((await client.vread({ resourceType: 'Patient', id, version: '1' })).active).toBe(true);
        const patched = await client.patch({
          resourceType: 'Patient',
          id,
          jsonPatch: [{ op: 'replace', path: '/active', value: true }],
        });
        expect(patched.active).toBe(true);
        const history = (await client.history({ resourceType: 'Patient', id })) as unknown as Bundle;
        expect(history.entry).toHaveLength(3);
        const search = { gender: 'other', _count: 2, _sort: 'family' };
        const first = local(
          (await client.search({ resourceType: 'Patient', searchParams: search })) as unknown as Bundle,
        );
        const second = (await client.nextPage({ bundle: first as never })) as unknown as Bundle;
        expect([first.entry?.length, second.entry?.length]).toEqual([2, 1]);
        const bundle = (await client.transaction({ body: transaction('kit') as never })) as unknown as Bundle;
        expect(bundle.entry?.[1]?.resource?.id).toBe('kit');
        const checked = (await client.operation({
          name: 'validate',
          resourceType: 'Patient',
          input: { ...PATIENT, birthDate: 'soon' },
        })) as unknown as OperationOutcome;
        expect(checked.issue?.[0]?.severity).toBe('error');
        await client.delete({ resourceType: 'Patient', id });
        await expect(client.read({ resourceType: 'Patient', id })).rejects.toMatchObject({
          response: { status: 410 },
        });
      });
    });

    describe('fhirclient', () => {
      it('connects openly, reads, searches, pages, creates, updates, patches and deletes', async () => {
        const request = { headers: {}, url: '/' } as never;
        const client = fhirclient(request, {} as never).client(base);
        const created = (await client.create({ ...PATIENT } as never)) as unknown as Patient & { id: string };
        expect((await client.request(`Patient/${created.id}`)) as Patient).toMatchObject({ active: true });
        const updated = (await client.update({ ...created, active: false } as never)) as unknown as Patient;
        expect(updated.active).toBe(false);
        const patched = (await client.patch(`Patient/${created.id}`, [
          { op: 'replace', path: '/active', value: true },
        ] as never)) as unknown as Patient;
        expect(patched.active).toBe(true);
        const found = (await client.request('Patient?gender=other&_sort=family&_count=2')) as Bundle;
        expect(found.entry?.map(({ resource }) => (resource as Patient).name?.[0]?.family)).toEqual([
          'Aa',
          'Bb',
        ]);
        const next = local(found).link?.find(({ relation }) => relation === 'next')?.url as string;
        expect(((await client.request(next)) as Bundle).entry).toHaveLength(1);
        await client.delete(`Patient/${created.id}`);
        await expect(client.request(`Patient/${created.id}`)).rejects.toThrow();
      });
    });

    describe('MedplumClient', () => {
      it('reads, searches, creates, updates, patches, runs a batch and an operation, deletes', async () => {
        const client = new MedplumClient({ baseUrl: base.replace(/fhir$/, ''), fhirUrlPath: 'fhir', fetch });
        const created = await client.createResource<Patient>({ ...(PATIENT as Patient) });
        const id = created.id as string;
        expect((await client.readResource('Patient', id, { reload: true } as never)).active).toBe(true);
        const updated = await client.updateResource<Patient>({ ...created, active: false } as Patient & {
          id: string;
        });
        expect(updated.active).toBe(false);
        const patched = await client.patchResource('Patient', id, [
          { op: 'replace', path: '/active', value: true },
        ]);
        expect(patched.active).toBe(true);
        const found = await client.searchResources('Patient', 'gender=other&_sort=family');
        expect(found.map(({ name }) => name?.[0]?.family)).toEqual(['Aa', 'Bb', 'Cc']);
        const once = await client.createResourceIfNoneExist<Patient>(
          { ...(PATIENT as Patient) },
          `_id=${id}`,
        );
        expect(once.id).toBe(id);
        const history = await client.readHistory('Patient', id);
        expect(history.entry).toHaveLength(3);
        const answers = await client.executeBatch(transaction('medplum'));
        expect(answers.entry?.[0]?.response?.status).toBe('201 Created');
        const everything = await client.readPatientEverything(id);
        expect(everything.entry?.[0]?.resource?.id).toBe(id);
        await client.deleteResource('Patient', id);
        await expect(client.readResource('Patient', id, { cache: 'reload' })).rejects.toThrow();
      });
    });
  },
  { lifetime: 'block' },
);
