import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { onStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

/** `FUZZ_RUNS=100000 npm run test:run -- test/http/fuzz` for the long run. */
const RUNS = Number(process.env.FUZZ_RUNS ?? 400);

const nasty = fc.constantFrom(
  "'; DROP TABLE resource; --",
  '%00',
  '\u0000',
  '../../etc/passwd',
  '{{7*7}}',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
  '1e999999',
  '-0',
  '9'.repeat(400),
  '2026-02-30',
  'ge2026-13',
  '\ud800',
  '|',
  'a|b|c|d',
  '\\',
  ',,,',
  'urn:uuid:',
  'Patient?identifier=',
);
const text = fc.oneof(nasty, fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 10 }));
const name = fc.oneof(
  fc.constantFrom(
    '_id',
    '_sort',
    '_count',
    '_include',
    '_has:Task:patient:status',
    'identifier',
    'birthdate',
  ),
  fc.constantFrom(
    'name:exact',
    'general-practitioner.name',
    '_summary',
    '_elements',
    '_since',
    '_cursor',
    '_filter',
  ),
  text,
);
const encoded = (value: string): string => {
  try {
    return encodeURIComponent(value);
  } catch {
    return '%ED%A0%80';
  }
};
const path = fc.oneof(
  fc.constantFrom(
    '',
    'Patient',
    'Patient/a',
    'Patient/a/_history',
    '_history',
    'metadata',
    'Patient/_search',
  ),
  fc.constantFrom(
    'Patient/a/Task',
    '$process-message',
    'Patient/$validate',
    'ValueSet/$expand',
    'Measure/$evaluate-measure',
  ),
  fc.array(text, { maxLength: 4 }).map((segments) => segments.map(encoded).join('/')),
);
const resource = fc.oneof(
  fc.constant(PATIENT),
  fc
    .record({ resourceType: fc.constantFrom('Patient', 'Bundle', 'Task', 'Parameters', 'Measure') })
    .chain((head) =>
      fc
        .dictionary(
          fc.constantFrom('id', 'meta', 'entry', 'type', 'name', 'parameter', 'status', 'group', '__proto__'),
          fc.jsonValue(),
        )
        .map((rest) => ({ ...rest, ...head })),
    ),
  fc.jsonValue(),
);
const body = fc.oneof(
  fc.constant(undefined),
  resource.map((value) => JSON.stringify(value) ?? 'null'),
  resource.map((value) => (JSON.stringify(value) ?? 'null').slice(0, -1)),
  fc.uint8Array({ maxLength: 40 }).map((bytes) => Buffer.from(bytes)),
  text.map((value) => `<Patient xmlns="http://hl7.org/fhir"><birthDate value="${value}"/></Patient>`),
);
const request = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'),
  path,
  query: fc.array(fc.tuple(name, text), { maxLength: 3 }),
  body,
  type: fc.constantFrom(
    'application/fhir+json',
    'application/fhir+xml',
    'application/json-patch+json',
    'application/x-www-form-urlencoded',
    'text/plain',
  ),
  prefer: fc.constantFrom('return=minimal', 'handling=lenient', 'handling=strict'),
  ifMatch: fc.constantFrom(undefined, '*', 'W/"1"', 'x', 'W/"99999999999999999999"'),
});

onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    beforeAll(async () => {
      server = await openServer(fixture);
      await server.send('PUT', 'Patient/a', { ...PATIENT, id: 'a' });
    }, 120_000);
    afterAll(() => server.close());

    it(`of ${RUNS} mutilated requests none is answered with 5xx, and every refusal is an OperationOutcome`, async () => {
      await fc.assert(
        fc.asyncProperty(
          request,
          async ({ method, path: where, query, body: sent, type, prefer, ifMatch }) => {
            const pairs = query.map(([one, value]) => `${encoded(one)}=${encoded(value)}`).join('&');
            const answer = await server.send(method, `${where}${pairs === '' ? '' : `?${pairs}`}`, sent, {
              'content-type': type,
              prefer,
              ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
            });
            expect(answer.status).toBeLessThan(500);
            if (answer.status >= 400 && method !== 'HEAD')
              expect(answer.body?.resourceType).toBe('OperationOutcome');
          },
        ),
        { numRuns: RUNS },
      );
      expect((await server.send('GET', 'metadata')).status).toBe(200);
    }, 3_600_000);
  },
  { lifetime: 'block' },
);
