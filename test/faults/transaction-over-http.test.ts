import { afterEach, expect, it } from '@jest/globals';
import { openServer } from '../http/support/server.ts';
import { onEveryStore } from '../support/stores.ts';
import { injectFault, mend } from './inject-fault.ts';

/** A Bundle that takes every turn: conditions, links among entries, a reference to look up, a read of what it wrote. */
const bundle = (mark: string) => ({
  resourceType: 'Bundle',
  type: 'transaction',
  entry: [
    {
      fullUrl: 'urn:uuid:5d9b1f5e-0e0c-4b2c-9a55-2f2f2f2f2f2f',
      resource: { resourceType: 'Patient', identifier: [{ system: 'urn:x', value: mark }] },
      request: { method: 'POST', url: 'Patient', ifNoneExist: `identifier=urn:x|${mark}` },
    },
    {
      resource: {
        resourceType: 'Encounter',
        id: `e-${mark}`,
        status: 'in-progress',
        class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
        subject: { reference: 'urn:uuid:5d9b1f5e-0e0c-4b2c-9a55-2f2f2f2f2f2f' },
        serviceProvider: { reference: 'Organization?identifier=urn:x|org' },
        period: { start: '2026-03-01T08:00:00Z' },
      },
      request: { method: 'PUT', url: `Encounter/e-${mark}` },
    },
    { request: { method: 'GET', url: `Patient?identifier=urn:x|${mark}` } },
  ],
});

onEveryStore((fixture) => {
  afterEach(mend);

  it('a transaction over HTTP is answered 200 and stored once, whichever statement fails, COMMIT included', async () => {
    const server = await openServer(fixture);
    try {
      await server.send('PUT', 'Organization/org', {
        resourceType: 'Organization',
        id: 'org',
        identifier: [{ system: 'urn:x', value: 'org' }],
        name: 'O',
      });
      const failedAt: string[] = [];
      for (let fault = 1; ; fault++) {
        let failed: string | undefined;
        let begun = false;
        let number = 0;
        injectFault((_, text) => {
          begun ||= text.startsWith('BEGIN');
          if (begun && failed === undefined && ++number === fault) {
            failed = text;
            return fault % 2 === 0 ? '40001' : '40P01';
          }
          return undefined;
        });
        const mark = `m${fault}`;
        const { status, body, text } = await server.send('POST', '', bundle(mark));
        mend();
        expect([failed, text, status]).toEqual([failed, text, 200]);
        expect(body.entry[2].resource.entry).toHaveLength(1);
        const stay = await server.send('GET', `Encounter/e-${mark}`);
        expect(stay.body.serviceProvider.reference).toBe('Organization/org');
        const patients = await server.send('GET', `Patient?identifier=urn:x|${mark}&_total=accurate`);
        expect(patients.body.total).toBe(1);
        expect(stay.body.subject.reference).toBe(`Patient/${patients.body.entry[0].resource.id}`);
        const history = await server.send('GET', `Patient/${patients.body.entry[0].resource.id}/_history`);
        expect(history.body.entry).toHaveLength(1);
        if (failed === undefined) break;
        failedAt.push(failed);
      }
      expect(failedAt[0]).toMatch(/^BEGIN/);
      expect(failedAt).toContain('COMMIT');
      expect(failedAt.length).toBeGreaterThan(8);
    } finally {
      await server.close();
    }
  }, 60_000);
});
