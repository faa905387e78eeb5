import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { onEveryStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

const BASE = 'http://overgang.test/fhir';

onEveryStore(
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    /** Tests share a server: each takes ids and identifiers of its own. */
    const own = (name: string): string => `${name}-${randomUUID().slice(0, 8)}`;
    beforeAll(async () => {
      server = await openServer(fixture);
      send = server.send;
    }, 120_000);
    afterAll(() => server.close());

    describe('create', () => {
      it('answers 201 with Location, ETag, Last-Modified and the resource', async () => {
        const created = await send('POST', 'Patient', PATIENT);
        expect(created.status).toBe(201);
        expect(created.headers.etag).toBe('W/"1"');
        expect(created.headers['content-type']).toBe('application/fhir+json; charset=utf-8');
        expect(created.body).toMatchObject({ ...PATIENT, meta: { versionId: '1' } });
        expect(created.headers.location).toBe(`${BASE}/Patient/${created.body.id}/_history/1`);
        expect(Date.parse(created.headers['last-modified'] as string)).toBe(
          Math.floor(Date.parse(created.body.meta.lastUpdated) / 1000) * 1000,
        );
      });

      it('drops an id and versions that the client made up', async () => {
        const created = await send('POST', 'Patient', { ...PATIENT, id: 'mine', meta: { versionId: '9' } });
        expect(created.status).toBe(201);
        expect(created.body.id).not.toBe('mine');
        expect(created.body.meta.versionId).toBe('1');
      });

      it('refuses an invalid resource with 422 and where it is wrong', async () => {
        const refused = await send('POST', 'Patient', { ...PATIENT, birthDate: '1940-02-30' });
        expect(refused.status).toBe(422);
        expect(refused.body.resourceType).toBe('OperationOutcome');
        expect(refused.body.issue[0].expression).toEqual(['Patient.birthDate']);
      });

      it('answers as Prefer asks', async () => {
        const minimal = await send('POST', 'Patient', PATIENT, { prefer: 'return=minimal' });
        expect([minimal.status, minimal.text]).toEqual([201, '']);
        const outcome = await send('POST', 'Patient', PATIENT, { prefer: 'return=OperationOutcome' });
        expect(outcome.body).toMatchObject({
          resourceType: 'OperationOutcome',
          issue: [{ severity: 'information' }],
        });
      });

      it('with If-None-Exist stores once, however often it is sent', async () => {
        const a = own('a');
        const patient = { ...PATIENT, identifier: [{ system: 'urn:x', value: a }] };
        const condition = { 'if-none-exist': `identifier=urn:x|${a}` };
        const answers = await Promise.all([1, 2, 3].map(() => send('POST', 'Patient', patient, condition)));
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 201]);
        expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
        await send('POST', 'Patient', patient);
        expect((await send('POST', 'Patient', patient, condition)).status).toBe(412);
      });
    });

    describe('read and vread', () => {
      it('give the current and each earlier version; 304 when the copy is current', async () => {
        const { body: first } = await send('POST', 'Patient', PATIENT);
        await send('PUT', `Patient/${first.id}`, { ...first, active: false });
        const current = await send('GET', `Patient/${first.id}`);
        expect([current.body.active, current.headers.etag]).toEqual([false, 'W/"2"']);
        const earlier = await send('GET', `Patient/${first.id}/_history/1`);
        expect(earlier.body).toEqual(first);
        const again = await send('GET', `Patient/${first.id}`, undefined, { 'if-none-match': 'W/"2"' });
        expect([again.status, again.text]).toEqual([304, '']);
        const since = { 'if-modified-since': current.headers['last-modified'] as string };
        expect((await send('GET', `Patient/${first.id}`, undefined, since)).status).toBe(304);
        expect(
          (await send('GET', `Patient/${first.id}`, undefined, { 'if-none-match': 'W/"1"' })).status,
        ).toBe(200);
      });

      it('answer 404 for what never was and 410 for what was deleted', async () => {
        expect((await send('GET', 'Patient/nobody')).status).toBe(404);
        const { body } = await send('POST', 'Patient', PATIENT);
        expect((await send('DELETE', `Patient/${body.id}`)).status).toBe(204);
        expect((await send('GET', `Patient/${body.id}`)).status).toBe(410);
        expect((await send('GET', `Patient/${body.id}/_history/1`)).status).toBe(200);
        expect((await send('GET', `Patient/${body.id}/_history/2`)).status).toBe(410);
        expect((await send('GET', `Patient/${body.id}/_history/3`)).status).toBe(404);
        expect((await send('GET', `Patient/${body.id}/_history/x`)).status).toBe(404);
      });

      it('HEAD answers the headers of GET without the body', async () => {
        const { body } = await send('POST', 'Patient', PATIENT);
        const head = await send('HEAD', `Patient/${body.id}`);
        expect([head.status, head.text, head.headers.etag]).toEqual([200, '', 'W/"1"']);
      });

      it('_summary and _elements give a part, tagged SUBSETTED', async () => {
        const { body } = await send('POST', 'Patient', PATIENT);
        const part = await send('GET', `Patient/${body.id}?_elements=birthDate`);
        expect(part.body).toEqual({
          resourceType: 'Patient',
          id: body.id,
          active: true,
          birthDate: PATIENT.birthDate,
          meta: { ...body.meta, tag: [expect.objectContaining({ code: 'SUBSETTED' })] },
        });
        expect((await send('GET', `Patient/${body.id}?_summary=most`)).status).toBe(400);
        expect((await send('GET', `Patient/${body.id}?colour=red`)).status).toBe(400);
      });
    });

    describe('update', () => {
      it('makes the next version, and none when nothing changed', async () => {
        const { body } = await send('POST', 'Patient', PATIENT);
        const changed = await send('PUT', `Patient/${body.id}`, { ...body, active: false });
        expect([changed.status, changed.headers.etag]).toEqual([200, 'W/"2"']);
        const same = await send('PUT', `Patient/${body.id}`, { ...body, active: false });
        expect([same.status, same.headers.etag]).toEqual([200, 'W/"2"']);
      });

      it('creates under the id of the URL', async () => {
        const mine = own('mine');
        const created = await send('PUT', `Patient/${mine}`, { ...PATIENT, id: mine });
        expect([created.status, created.body.id]).toEqual([201, mine]);
      });

      it('with an outdated If-Match is 412 and changes nothing', async () => {
        const p = own('p');
        const { body } = await send('PUT', `Patient/${p}`, { ...PATIENT, id: p });
        await send('PUT', `Patient/${p}`, { ...body, active: false }, { 'if-match': 'W/"1"' });
        const late = await send(
          'PUT',
          `Patient/${p}`,
          { ...body, birthDate: '1941' },
          { 'if-match': 'W/"1"' },
        );
        expect(late.status).toBe(412);
        expect((await send('GET', `Patient/${p}`)).body.birthDate).toBe(PATIENT.birthDate);
        expect(
          (await send('PUT', 'Patient/new', { ...PATIENT, id: 'new' }, { 'if-match': '*' })).status,
        ).toBe(412);
        expect((await send('PUT', `Patient/${p}`, body, { 'if-match': 'soon' })).status).toBe(400);
      });

      it('of two concurrent ones with the same If-Match, one wins', async () => {
        const p = own('p');
        const { body } = await send('PUT', `Patient/${p}`, { ...PATIENT, id: p });
        const answers = await Promise.all(
          ['1941', '1942', '1943'].map((birthDate) =>
            send('PUT', `Patient/${p}`, { ...body, birthDate }, { 'if-match': 'W/"1"' }),
          ),
        );
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 412, 412]);
      });

      it('refuses a body of another id or type', async () => {
        expect((await send('PUT', 'Patient/a', { ...PATIENT, id: 'b' })).body.issue[0].expression).toEqual([
          'Patient.id',
        ]);
        expect((await send('PUT', 'Patient/a', PATIENT)).status).toBe(400);
        expect((await send('PUT', 'Task/a', { ...PATIENT, id: 'a' })).status).toBe(400);
        expect((await send('PUT', 'Patient/a')).status).toBe(400);
      });
    });

    describe('conditional update, patch and delete', () => {
      it('act on the one resource that the condition selects', async () => {
        const a = own('a');
        const patient = { ...PATIENT, identifier: [{ system: 'urn:x', value: a }] };
        const created = await send('PUT', `Patient?identifier=urn:x|${a}`, patient);
        expect(created.status).toBe(201);
        const updated = await send('PUT', `Patient?identifier=urn:x|${a}`, { ...patient, active: false });
        expect([updated.status, updated.body.id]).toEqual([200, created.body.id]);
        const patch = [{ op: 'replace', path: '/active', value: true }];
        const patched = await send('PATCH', `Patient?identifier=urn:x|${a}`, patch, {
          'content-type': 'application/json-patch+json',
        });
        expect([patched.status, patched.body.active]).toEqual([200, true]);
        expect((await send('PATCH', 'Patient?identifier=urn:x|b', patch)).status).toBe(412);
        expect((await send('DELETE', `Patient?identifier=urn:x|${a}`)).status).toBe(204);
        expect((await send('GET', `Patient/${created.body.id}`)).status).toBe(410);
        expect((await send('DELETE', `Patient?identifier=urn:x|${a}`)).status).toBe(204);
      });

      it('refuse a condition that selects several, or everything', async () => {
        const name = own('name').replaceAll('-', '');
        const patient = { ...PATIENT, name: [{ family: name }] };
        await send('POST', 'Patient', patient);
        await send('POST', 'Patient', patient);
        expect((await send('PUT', `Patient?family=${name}`, patient)).status).toBe(412);
        expect((await send('PUT', 'Patient', PATIENT)).status).toBe(412);
        expect((await send('DELETE', 'Patient')).status).toBe(412);
        expect((await send('DELETE', 'Patient?colour=red')).status).toBe(400);
        expect((await send('DELETE', `Patient?family=${name}`)).status).toBe(204);
        expect((await send('GET', `Patient?family=${name}&_summary=count`)).body.total).toBe(0);
      });
    });

    describe('patch', () => {
      it('takes JSON Patch and FHIRPath Patch, and validates the result', async () => {
        const { body } = await send('POST', 'Patient', PATIENT);
        const json = await send('PATCH', `Patient/${body.id}`, [{ op: 'remove', path: '/birthDate' }], {
          'content-type': 'application/json-patch+json; charset=UTF-8',
        });
        expect([json.status, json.body.birthDate, json.headers.etag]).toEqual([200, undefined, 'W/"2"']);
        const fhirpath = {
          resourceType: 'Parameters',
          parameter: [
            {
              name: 'operation',
              part: [
                { name: 'type', valueCode: 'replace' },
                { name: 'path', valueString: 'Patient.active' },
                { name: 'value', valueBoolean: false },
              ],
            },
          ],
        };
        const second = await send('PATCH', `Patient/${body.id}`, fhirpath);
        expect([second.status, second.body.active]).toEqual([200, false]);
        const wrong = await send('PATCH', `Patient/${body.id}`, [
          { op: 'add', path: '/colour', value: 'red' },
        ]);
        expect(wrong.status).toBe(422);
        const identity = await send('PATCH', `Patient/${body.id}`, [
          { op: 'replace', path: '/id', value: 'x' },
        ]);
        expect(identity.status).toBe(422);
        expect((await send('PATCH', 'Patient/nobody', [])).status).toBe(404);
      });

      it('all of many concurrent patches of different elements are kept', async () => {
        const p = own('p');
        await send('PUT', `Patient/${p}`, { ...PATIENT, id: p });
        const values = ['a', 'b', 'c', 'd'];
        const answers = await Promise.all(
          values.map((value) =>
            send('PATCH', `Patient/${p}`, [{ op: 'add', path: '/name/0/given/-', value }]),
          ),
        );
        expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
        const { body } = await send('GET', `Patient/${p}`);
        expect([...body.name[0].given].sort()).toEqual(['Inger', 'a', 'b', 'c', 'd'].sort());
      });
    });

    describe('history', () => {
      it('of a resource, a type and the system, newest first, deletions included, in pages', async () => {
        const p = own('p');
        await send('PUT', `Patient/${p}`, { ...PATIENT, id: p });
        await send('PUT', `Patient/${p}`, { ...PATIENT, id: p, active: false });
        await send('DELETE', `Patient/${p}`);
        const { body } = await send('GET', `Patient/${p}/_history`);
        expect(body.type).toBe('history');
        expect(body.entry.map((entry: { request: unknown }) => entry.request)).toEqual([
          { method: 'DELETE', url: `Patient/${p}` },
          { method: 'PUT', url: `Patient/${p}` },
          { method: 'PUT', url: `Patient/${p}` },
        ]);
        expect(body.entry[0].resource).toBeUndefined();
        expect(body.entry[1].response).toMatchObject({ status: '200 OK', etag: 'W/"2"' });
        const page = await send('GET', 'Patient/_history?_count=2');
        const next = page.body.link.find(({ relation }: { relation: string }) => relation === 'next').url;
        const rest = await send('GET', next.slice(BASE.length + 1));
        const versions = [...page.body.entry, ...rest.body.entry].slice(0, 3);
        expect(versions.map(({ fullUrl }: { fullUrl: string }) => fullUrl)).toEqual(
          Array(3).fill(`${BASE}/Patient/${p}`),
        );
        expect((await send('GET', '_history?_count=1')).body.entry).toHaveLength(1);
        expect(
          (await send('GET', `Patient/${p}/_history?_since=${new Date(Date.now() + 60_000).toISOString()}`))
            .body.entry,
        ).toBeUndefined();
        expect((await send('GET', 'Patient/nobody/_history')).status).toBe(404);
        expect((await send('GET', `Patient/${p}/_history?_since=yesterday`)).status).toBe(400);
        expect((await send('GET', `Patient/${p}/_history?_sort=x`)).status).toBe(400);
      });
    });
  },
  { lifetime: 'block' },
);
