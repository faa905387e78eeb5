import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onEveryStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

type Entry = Record<string, unknown>;

const transaction = (...entry: Entry[]): object => ({ resourceType: 'Bundle', type: 'transaction', entry });
const batch = (...entry: Entry[]): object => ({ resourceType: 'Bundle', type: 'batch', entry });
const request = (method: string, url: string, more: object = {}): Entry => ({
  request: { method, url, ...more },
});
const task = (reference: string): object => ({
  resourceType: 'Task',
  status: 'requested',
  intent: 'order',
  for: { reference },
});
const statuses = (body: { entry: { response: { status: string } }[] }): string[] =>
  body.entry.map(({ response }) => response.status);

onEveryStore(
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    beforeAll(async () => {
      server = await openServer(fixture);
      send = server.send;
    }, 120_000);
    afterAll(() => server.close());

    describe('a transaction', () => {
      it('runs deletes, creates, updates and reads in this order, and answers in the order of the request', async () => {
        await send('PUT', 'Patient/old', { ...PATIENT, id: 'old', identifier: [{ value: 'one' }] });
        const { status, body } = await send(
          'POST',
          '',
          transaction(
            request('GET', 'Patient?identifier=one&_elements=id'),
            { resource: { ...PATIENT, id: 'upd' }, ...request('PUT', 'Patient/upd') },
            { resource: { ...PATIENT, identifier: [{ value: 'one' }] }, ...request('POST', 'Patient') },
            request('DELETE', 'Patient/old'),
          ),
        );
        expect(status).toBe(200);
        expect(body.type).toBe('transaction-response');
        expect(statuses(body)).toEqual(['200 OK', '201 Created', '201 Created', '204 No Content']);
        const created = body.entry[2].response.location.split('/')[1];
        expect(
          body.entry[0].resource.entry.map((entry: { resource: { id: string } }) => entry.resource.id),
        ).toEqual([created]);
        expect(body.entry[1].response).toMatchObject({ etag: 'W/"1"', location: 'Patient/upd/_history/1' });
      });

      it('resolves urn:uuid names, also in narrative, and leaves values that look like them', async () => {
        const name = 'urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e001';
        const { body } = await send(
          'POST',
          '',
          transaction(
            {
              fullUrl: 'urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e002',
              resource: {
                ...task(name),
                text: {
                  status: 'generated',
                  div: `<div xmlns="http://www.w3.org/1999/xhtml"><a href="${name}">x</a></div>`,
                },
                identifier: [{ system: 'urn:ietf:rfc:3986', value: name }],
              },
              ...request('POST', 'Task'),
            },
            { fullUrl: name, resource: PATIENT, ...request('POST', 'Patient') },
          ),
          { prefer: 'return=representation' },
        );
        const patient = `Patient/${body.entry[1].resource.id}`;
        const stored = body.entry[0].resource;
        expect(stored.for.reference).toBe(patient);
        expect(stored.text.div).toContain(`href="${patient}"`);
        expect(stored.identifier[0].value).toBe(name);
      });

      it('resolves references that are relative to an entry of another server', async () => {
        const { body } = await send(
          'POST',
          '',
          transaction(
            {
              fullUrl: 'https://ehr.dk/fhir/Task/7',
              resource: task('Patient/9'),
              ...request('POST', 'Task'),
            },
            { fullUrl: 'https://ehr.dk/fhir/Patient/9', resource: PATIENT, ...request('POST', 'Patient') },
          ),
          { prefer: 'return=representation' },
        );
        expect(body.entry[0].resource.for.reference).toBe(`Patient/${body.entry[1].resource.id}`);
      });

      it('resolves conditional references, to what is stored and to what it stores itself', async () => {
        await send('PUT', 'Patient/known', {
          ...PATIENT,
          id: 'known',
          identifier: [{ system: 'urn:x', value: 'known' }],
        });
        const { body } = await send(
          'POST',
          '',
          transaction(
            { resource: task('Patient?identifier=urn:x|known'), ...request('POST', 'Task') },
            { resource: task('Patient?identifier=urn:x|new'), ...request('POST', 'Task') },
            {
              resource: { ...PATIENT, identifier: [{ system: 'urn:x', value: 'new' }] },
              ...request('POST', 'Patient'),
            },
          ),
          { prefer: 'return=representation' },
        );
        expect(body.entry[0].resource.for.reference).toBe('Patient/known');
        expect(body.entry[1].resource.for.reference).toBe(`Patient/${body.entry[2].resource.id}`);
        const lost = await send(
          'POST',
          '',
          transaction({ resource: task('Patient?identifier=urn:x|lost'), ...request('POST', 'Task') }),
        );
        expect(lost.status).toBe(412);
        expect(lost.body.issue[0].expression).toEqual(['Bundle.entry[0].resource.for.reference']);
      });

      it('honours If-None-Exist, conditional update, If-Match and patch', async () => {
        const known = { ...PATIENT, identifier: [{ system: 'urn:x', value: 'k' }] };
        await send('PUT', 'Patient/k', { ...known, id: 'k' });
        await send('PUT', 'Patient/m1', { ...PATIENT, id: 'm1' });
        await send('PUT', 'Patient/p', { ...PATIENT, id: 'p' });
        const name = 'urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e003';
        const { body } = await send(
          'POST',
          '',
          transaction(
            {
              fullUrl: name,
              resource: known,
              ...request('POST', 'Patient', { ifNoneExist: 'identifier=urn:x|k' }),
            },
            { resource: task(name), ...request('POST', 'Task') },
            {
              resource: { ...PATIENT, id: 'm1', active: false },
              ...request('PUT', 'Patient/m1', { ifMatch: 'W/"1"' }),
            },
            {
              resource: { ...PATIENT, identifier: [{ system: 'urn:x', value: 'u' }] },
              ...request('PUT', 'Patient?identifier=urn:x|u'),
            },
            {
              resource: {
                resourceType: 'Binary',
                contentType: 'application/json-patch+json',
                data: Buffer.from('[{"op":"replace","path":"/active","value":false}]').toString('base64'),
              },
              ...request('PATCH', 'Patient/p'),
            },
          ),
          { prefer: 'return=representation' },
        );
        expect(statuses(body)).toEqual(['200 OK', '201 Created', '200 OK', '201 Created', '200 OK']);
        expect(body.entry[1].resource.for.reference).toBe('Patient/k');
        expect(body.entry[4].resource.active).toBe(false);
      });

      it('stores nothing when one entry is wrong, and says which', async () => {
        const kept = { ...PATIENT, name: [{ family: 'Ingensinde' }] };
        const wrong = await send(
          'POST',
          '',
          transaction(
            { resource: kept, ...request('POST', 'Patient') },
            { resource: { ...PATIENT, birthDate: 'soon' }, ...request('POST', 'Patient') },
          ),
        );
        expect(wrong.status).toBe(422);
        expect(wrong.body.issue[0].expression).toEqual(['Bundle.entry[1].resource.birthDate']);
        await send('PUT', 'Patient/m', { ...PATIENT, id: 'm' });
        const outdated = await send(
          'POST',
          '',
          transaction(
            { resource: kept, ...request('POST', 'Patient') },
            {
              resource: { ...PATIENT, id: 'm', active: false },
              ...request('PUT', 'Patient/m', { ifMatch: 'W/"7"' }),
            },
          ),
        );
        expect(outdated.status).toBe(412);
        expect(outdated.body.issue[0].expression).toEqual(['Bundle.entry[1].request']);
        const missing = await send(
          'POST',
          '',
          transaction({ resource: kept, ...request('POST', 'Patient') }, request('GET', 'Patient/nobody')),
        );
        expect(missing.status).toBe(404);
        expect((await send('GET', 'Patient?family=Ingensinde&_summary=count')).body.total).toBe(0);
      });

      it.each([
        [
          'the same resource twice',
          [
            { resource: { ...PATIENT, id: 'a' }, ...request('PUT', 'Patient/a') },
            request('DELETE', 'Patient/a'),
          ],
          400,
        ],
        [
          'the same condition twice',
          [1, 2].map(() => ({
            resource: PATIENT,
            ...request('POST', 'Patient', { ifNoneExist: 'identifier=a' }),
          })),
          400,
        ],
        [
          'two entries of one fullUrl',
          [1, 2].map(() => ({
            fullUrl: 'urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e004',
            resource: PATIENT,
            ...request('POST', 'Patient'),
          })),
          400,
        ],
        [
          'a reference to an entry that is not there',
          [{ resource: task('urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e005'), ...request('POST', 'Task') }],
          400,
        ],
        ['an entry without request', [{ resource: PATIENT }], 400],
        ['another server', [request('GET', 'https://other.dk/fhir/Patient/1')], 400],
        ['a transaction within', [{ resource: transaction(), ...request('POST', '/') }], 400],
        ['an unknown method', [request('FETCH', 'Patient/1')], 400],
        ['an unknown type', [request('GET', 'Starship/1')], 404],
        ['a resource of another type', [{ resource: PATIENT, ...request('POST', 'Task') }], 400],
        ['an entry that is no object', ['x' as unknown as Entry], 400],
      ] as [string, Entry[], number][])('with %s is refused', async (_what, entries, status) => {
        const refused = await send('POST', '', transaction(...entries));
        expect([refused.status, refused.body.resourceType]).toEqual([status, 'OperationOutcome']);
        expect(refused.body.issue[0].expression[0]).toMatch(/^Bundle\.entry\[[01]\]/);
      });

      it('with 2,000 entries that refer to each other is written whole', async () => {
        const names = Array.from(
          { length: 1000 },
          (_, index) => `urn:uuid:00000000-0000-4000-8000-${String(index).padStart(12, '0')}`,
        );
        const { status, body } = await send(
          'POST',
          '',
          transaction(
            ...names.flatMap((name, index) => [
              { resource: task(name), ...request('POST', 'Task') },
              {
                fullUrl: name,
                resource: { ...PATIENT, identifier: [{ system: 'urn:many', value: String(index) }] },
                ...request('POST', 'Patient', { ifNoneExist: `identifier=urn:many|${index}` }),
              },
            ]),
          ),
        );
        expect([status, body.entry.length]).toEqual([200, 2000]);
        expect((await send('GET', 'Task?patient.identifier=urn:many|&_summary=count')).body.total).toBe(1000);
      }, 120_000);
    });

    describe('a batch', () => {
      it('runs each entry by itself: one failure leaves the others done', async () => {
        const { status, body } = await send(
          'POST',
          '',
          batch(
            { resource: { ...PATIENT, id: 'a' }, ...request('PUT', 'Patient/a') },
            { resource: { ...PATIENT, birthDate: 'soon' }, ...request('POST', 'Patient') },
            request('GET', 'Patient/a'),
            request('GET', 'Patient/nobody'),
            request('GET', 'metadata'),
            {},
          ),
        );
        expect([status, body.type]).toEqual([200, 'batch-response']);
        expect(statuses(body)).toEqual([
          '201 Created',
          '422 Unprocessable Entity',
          '200 OK',
          '404 Not Found',
          '200 OK',
          '400 Bad Request',
        ]);
        expect(body.entry[1].response.outcome.issue[0].expression).toEqual([
          'Bundle.entry[1].resource.birthDate',
        ]);
        expect(body.entry[2].resource.id).toBe('a');
        expect(body.entry[4].resource.resourceType).toBe('CapabilityStatement');
      });

      it('refuses references between its entries', async () => {
        const name = 'urn:uuid:6f0b0b4e-4a2c-4f5e-9f57-0d9ad5d0e006';
        const { body } = await send(
          'POST',
          '',
          batch(
            { fullUrl: name, resource: PATIENT, ...request('POST', 'Patient') },
            { resource: task(name), ...request('POST', 'Task') },
          ),
        );
        expect(statuses(body)).toEqual(['201 Created', '400 Bad Request']);
      });
    });

    it('another Bundle at the endpoint is refused with its name', async () => {
      const refused = await send('POST', '', { resourceType: 'Bundle', type: 'collection' });
      expect([refused.status, refused.body.issue[0].expression]).toEqual([400, ['Bundle.type']]);
    });
  },
  { lifetime: 'block' },
);
