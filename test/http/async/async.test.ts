import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { aarhus, profiles } from '../../measures/support/stored.ts';
import { onEveryStore } from '../../support/stores.ts';
import { openServer, type Server } from '../support/server.ts';

const LATER = { prefer: 'respond-async' };
const BASE = 'http://overgang.test/fhir/';
const REPORT =
  'Measure/discharge-letter/$evaluate-measure?periodStart=2026-03&periodEnd=2026-03&asOf=2026-04-15';

onEveryStore(
  (fixture) => {
    let server: Server;
    beforeAll(async () => {
      server = await openServer(fixture);
      const entry = [...profiles, ...aarhus].map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
    }, 120_000);
    afterAll(() => server.close());

    /** The path of the status below the base. */
    const kickOff = async (path: string, headers = {}, body?: unknown): Promise<string> => {
      const answer = await server.send(body === undefined ? 'GET' : 'POST', path, body, {
        ...LATER,
        ...headers,
      });
      expect([answer.status, answer.text]).toEqual([202, '']);
      expect(answer.headers['preference-applied']).toBe('respond-async');
      expect(answer.headers['content-location']).toMatch(
        /^http:\/\/overgang\.test\/fhir\/_async\/[0-9a-f-]{36}$/,
      );
      return answer.headers['content-location']?.slice(BASE.length) as string;
    };

    const awaited = async (status: string) => {
      for (;;) {
        const answer = await server.send('GET', status);
        if (answer.status !== 202) return answer;
        expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
        expect(answer.headers['x-progress']).toMatch(/^(waiting, \d+ before it|running for \d+ s)$/);
        await wait(20);
      }
    };

    describe('Prefer: respond-async', () => {
      it('answers later what the same request answers at once', async () => {
        const answer = await awaited(await kickOff(REPORT));
        expect(answer.status).toBe(200);
        expect(validateResource(answer.body)).toEqual([]);
        expect(answer.body).toMatchObject({
          resourceType: 'Bundle',
          type: 'batch-response',
          entry: [{ response: { status: '200' } }],
        });
        expect(Date.parse(answer.headers.expires as string)).toBeGreaterThan(Date.now());
        const { body } = await server.send('GET', REPORT);
        expect({ ...answer.body.entry[0].resource, date: '' }).toEqual({ ...body, date: '' });
      });

      it('takes Parameters by POST, a series too', async () => {
        const parameter = [
          { name: 'measure', valueString: 'discharge-letter' },
          { name: 'periodStart', valueDate: '2026-01' },
          { name: 'periodEnd', valueDate: '2026-03' },
          { name: 'series', valueCode: 'month' },
        ];
        const status = await kickOff(
          'Measure/$evaluate-measure',
          {},
          { resourceType: 'Parameters', parameter },
        );
        const { body } = await awaited(status);
        expect(body.entry[0].resource.entry).toHaveLength(3);
      });

      it('gives what is no resource as a Binary', async () => {
        const status = await kickOff('Measure/$yearly-report?year=2026', { accept: 'text/csv' });
        const { body } = await awaited(status);
        expect(body.entry[0].resource).toMatchObject({
          resourceType: 'Binary',
          contentType: 'text/csv; charset=utf-8',
        });
        const csv = Buffer.from(body.entry[0].resource.data, 'base64').toString('utf8');
        expect(csv).toMatch(/^\uFEFFmeasure;version/);
      });

      it('answers in XML to who asks for the status so', async () => {
        const status = await kickOff(REPORT);
        await awaited(status);
        const { text } = await server.send('GET', status, undefined, { accept: 'application/fhir+xml' });
        expect(text).toMatch(/^<.*<Bundle xmlns="http:\/\/hl7\.org\/fhir">/s);
      });

      it('refuses at once what can be told at once', async () => {
        const answer = await server.send('GET', `${REPORT}&nonsense=1`, undefined, LATER);
        expect([answer.status, answer.body.resourceType]).toEqual([400, 'OperationOutcome']);
      });

      it('tells the refusal of the operation in the entry', async () => {
        const status = await kickOff('Measure/nobody/$evaluate-measure?periodStart=2026&periodEnd=2026');
        const { body } = await awaited(status);
        expect(body.entry).toEqual([
          {
            response: {
              status: '404',
              outcome: expect.objectContaining({ resourceType: 'OperationOutcome' }),
            },
          },
        ]);
        expect(validateResource(body)).toEqual([]);
      });

      it('is no preference where an answer is always quick', async () => {
        const answer = await server.send('GET', 'Measure/discharge-letter', undefined, LATER);
        expect(answer.status).toBe(200);
      });

      it('forgets what is deleted, and knows nobody else', async () => {
        const status = await kickOff(REPORT);
        expect((await server.send('DELETE', status)).status).toBe(202);
        expect((await server.send('GET', status)).status).toBe(404);
        expect((await server.send('DELETE', status)).status).toBe(404);
        expect((await server.send('GET', '_async/1')).body.resourceType).toBe('OperationOutcome');
      });
    });
  },
  { lifetime: 'block' },
);
