import { hash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { loadConfig } from '../../src/config.ts';
import { toXml } from '../../src/fhir/xml.ts';
import { buildApp } from '../../src/http/app.ts';
import { sqlOf } from '../../src/store/sql.ts';
import { tell } from '../medcom/hospital.ts';
import { onStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

const XML_PATIENT =
  '<Patient xmlns="http://hl7.org/fhir"><active value="true"/><birthDate value="1940-02-29"/></Patient>';

onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    let send: Server['send'];
    beforeAll(async () => {
      server = await openServer(fixture);
      send = server.send;
    }, 120_000);
    afterAll(() => server.close());

    describe('formats', () => {
      it('what goes in as XML comes out as JSON, and back', async () => {
        const created = await send('POST', 'Patient', XML_PATIENT, {
          'content-type': 'application/fhir+xml',
        });
        expect([created.status, created.body.birthDate]).toEqual([201, '1940-02-29']);
        const xml = await send('GET', `Patient/${created.body.id}`, undefined, {
          accept: 'application/fhir+xml',
        });
        expect(xml.headers['content-type']).toBe('application/fhir+xml; charset=utf-8');
        expect(xml.text).toContain('<birthDate value="1940-02-29"/>');
        const again = await send('PUT', `Patient/${created.body.id}`, xml.text, {
          'content-type': 'text/xml',
        });
        expect([again.status, again.headers.etag]).toEqual([200, 'W/"1"']);
      });

      it('errors come in the format asked for', async () => {
        const refused = await send('GET', 'Patient/nobody?_format=xml');
        expect([refused.status, refused.text]).toEqual([404, expect.stringContaining('<OperationOutcome')]);
      });

      it('a search comes as NDJSON, one resource a line', async () => {
        await send('POST', 'Organization', { resourceType: 'Organization', name: 'A' });
        await send('POST', 'Organization', { resourceType: 'Organization', name: 'B' });
        const lines = await send('GET', 'Organization', undefined, { accept: 'application/fhir+ndjson' });
        expect(lines.headers['content-type']).toBe('application/fhir+ndjson; charset=utf-8');
        const names = lines.text
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).name);
        expect(names.sort()).toEqual(['A', 'B']);
      });

      it.each([
        ['application/fhir+json', (message: Bundle) => JSON.stringify(message, null, 2)],
        ['application/fhir+xml', toXml],
      ])('the receipt of a message has the hash of the bytes that came, as %s', async (type, write) => {
        const { headerId: _headerId, ...message } = tell('admit-inpatient');
        const text = write(message);
        const answer = await send('POST', '$process-message', text, { 'content-type': type });
        expect(answer.status).toBe(200);
        const receipts = await sqlOf(server.store!).query('SELECT content_hash FROM medcom_receipt');
        expect(receipts).toContainEqual({ content_hash: hash('sha256', text, 'hex') });
      });

      it('_pretty indents; compression is used when offered', async () => {
        expect((await send('GET', 'metadata?_pretty=true')).text).toContain('\n  "resourceType"');
        const packed = await send('GET', 'metadata', undefined, { 'accept-encoding': 'gzip' });
        expect(packed.headers['content-encoding']).toBe('gzip');
      });

      it.each([
        ['application/json', 201],
        ['application/json; charset=UTF-8', 201],
        ['application/fhir+json;fhirVersion=4.0', 201],
        ['application/fhir+json; fhirVersion=5.0', 415],
        ['application/fhir+json; charset=iso-8859-1', 415],
        ['text/plain', 415],
        ['nonsense', 415],
      ])('a body of type %s is answered with %i', async (type, status) => {
        const { status: found, text } = await send('POST', 'Patient', JSON.stringify(PATIENT), {
          'content-type': type,
        });
        expect(found).toBe(status);
        expect(text).not.toBe('');
      });
    });

    describe('bad requests are answered with an OperationOutcome', () => {
      it.each([
        ['GET', '/elsewhere', undefined, 404],
        ['GET', 'Starship/1', undefined, 404],
        ['GET', 'Patient/a_b', undefined, 400],
        ['GET', 'Patient?name=%E0%A4%A', undefined, 400],
        ['GET', '%E0%A4%A', undefined, 400],
        ['GET', '$launch', undefined, 404],
        ['POST', 'Patient/1', PATIENT, 405],
        ['GET', '$process-message', undefined, 405],
        ['POST', 'Patient', '', 400],
        ['POST', 'Patient', '[]', 400],
        ['POST', 'Patient', '{"resourceType":"Patient",', 400],
        ['POST', 'Patient', 'null', 400],
        ['POST', 'Patient', '{"resourceType":7}', 400],
        ['POST', 'Patient', Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x7d]), 400],
        ['POST', 'Patient', `${'['.repeat(5000)}${']'.repeat(5000)}`, 400],
        ['POST', 'Patient/_search', PATIENT, 415],
        ['POST', '', { resourceType: 'Bundle', type: 'transaction', entry: {} }, 400],
      ] as const)('%s %s', async (method, path, body, status) => {
        const answer = await send(method, path, body);
        expect([answer.status, answer.body?.resourceType]).toEqual([status, 'OperationOutcome']);
        expect(answer.body.issue[0].diagnostics).not.toBe('');
      });

      it('malformed JSON is told with line and column', async () => {
        const { body } = await send('POST', 'Patient', '{"resourceType":"Patient",\n "active": tru}');
        expect(body.issue[0].diagnostics).toMatch(/line 2, column 12/);
      });

      it('an unknown search parameter is 400 with those that are known; lenient handling leaves it out and says so', async () => {
        const strict = await send('GET', 'Patient?colour=red&active=true');
        expect(strict.status).toBe(400);
        expect(strict.body.issue[0].diagnostics).toContain('birthdate');
        const lenient = await send('GET', 'Patient?colour=red&active=true', undefined, {
          prefer: 'handling=lenient',
        });
        expect(lenient.status).toBe(200);
        const self = lenient.body.link.find(({ relation }: { relation: string }) => relation === 'self').url;
        expect(self).toBe('http://overgang.test/fhir/Patient?active=true');
        const outcome = lenient.body.entry.find(
          ({ search }: { search: { mode: string } }) => search.mode === 'outcome',
        );
        expect(outcome.resource.issue[0].expression).toEqual(['http.colour']);
      });

      it.each([
        'code:in=http://nobody.example/ValueSet/x',
        'code:not-in=http://nobody.example/ValueSet/x',
        'code:below=urn:nobody|x',
        'code:above=http://terminology.hl7.org/CodeSystem/observation-category|nothing',
      ])('a code of a set, system or concept that is not known here is 400: %s', async (query) => {
        const { status, body } = await send('GET', `Observation?${query}`);
        expect([status, body.issue[0].severity]).toEqual([400, 'error']);
      });

      it('a body beyond the limit is 413', async () => {
        const small = await openServer(fixture, { OVERGANG_BODY_LIMIT: '1' });
        const huge = { ...PATIENT, name: [{ text: 'x'.repeat(1024 * 1024) }] };
        const refused = await small.send('POST', 'Patient', huge);
        expect([refused.status, refused.body.resourceType]).toEqual([413, 'OperationOutcome']);
        await small.close();
      });
    });

    describe('what the server says of itself', () => {
      it('metadata lists what is served, and is a valid CapabilityStatement', async () => {
        const { status, body } = await send('GET', 'metadata');
        expect([status, body.resourceType, body.fhirVersion]).toEqual([200, 'CapabilityStatement', '4.0.1']);
        const [rest] = body.rest;
        const task = rest.resource.find(({ type }: { type: string }) => type === 'Task');
        expect(task.searchParam.map(({ name }: { name: string }) => name)).toEqual(
          expect.arrayContaining(['status', 'owner', '_id', '_lastUpdated', '_tag']),
        );
        expect(task.searchInclude).toContain('Task:encounter');
        expect(rest.operation.map(({ name }: { name: string }) => name)).toContain('process-message');
        const stored = await send('POST', 'CapabilityStatement', { ...body, id: undefined });
        expect([stored.status, stored.body.issue]).toEqual([201, undefined]);
      });

      it('metadata has a mode for terminology', async () => {
        expect((await send('GET', 'metadata?mode=terminology')).body.resourceType).toBe(
          'TerminologyCapabilities',
        );
        expect((await send('GET', 'metadata?mode=all')).status).toBe(400);
      });

      it('OpenAPI 3.1 has every type, with its errors, and can be browsed', async () => {
        const { body } = await send('GET', '/openapi.json');
        expect(body.openapi).toBe('3.1.0');
        expect(body.servers).toEqual([{ url: 'http://overgang.test/fhir' }]);
        expect(Object.keys(body.paths)).toEqual(
          expect.arrayContaining([
            '/',
            '/Task',
            '/Task/{id}',
            '/Task/{id}/_history/{vid}',
            '/$process-message',
          ]),
        );
        expect(Object.keys(body.paths['/Task'].post.responses)).toEqual(
          expect.arrayContaining(['201', '400', '422']),
        );
        for (const pointer of new Set(JSON.stringify(body).match(/#\/components\/\w+\/\w+/g))) {
          const [, , kind, name] = pointer.split('/') as [string, string, string, string];
          expect(body.components[kind][name]).toBeDefined();
        }
        const page = await send('GET', '/docs/');
        expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
        expect((await send('GET', '/docs/static/swagger-initializer.js')).text).toContain('/openapi.json');
      });

      it('answers SMART discovery, OPTIONS, health and readiness', async () => {
        expect((await send('GET', '.well-known/smart-configuration')).body.capabilities).toEqual([]);
        const options = await send('OPTIONS', 'Patient/1');
        expect([options.status, options.headers.allow]).toEqual([
          204,
          'GET, PUT, PATCH, DELETE, HEAD, OPTIONS',
        ]);
        expect((await send('GET', '/health')).body).toEqual({ status: 'ok' });
        expect((await send('GET', '/ready')).body).toEqual({ status: 'ready' });
      });
    });

    it('POST /medcom answers a body that is no letter with a receipt, or an outcome for JSON', async () => {
      const refused = await send('POST', '/medcom', '<nothing/>', { 'content-type': 'text/xml' });
      expect([refused.status, refused.headers['content-type']]).toEqual([
        400,
        expect.stringContaining('xml'),
      ]);
      const json = await send('POST', '/medcom', 'x', {
        'content-type': 'text/xml',
        accept: 'application/json',
      });
      expect([json.status, json.body.resourceType]).toEqual([400, 'OperationOutcome']);
    });

    it('the log has the kind of interaction, and never a URL, an id or a CPR number', async () => {
      const lines: string[] = [];
      const write = process.stdout.write.bind(process.stdout);
      const store = await fixture.open();
      process.stdout.write = ((text: string) => lines.push(text) > 0) as typeof process.stdout.write;
      try {
        const app = await buildApp(loadConfig({ OVERGANG_DATA: 'memory' }), { store, profiles: false });
        await app.inject({ url: '/fhir/Patient?identifier=0101409999' });
        await app.inject({ url: '/fhir/Patient/010140-9999' });
        app.log.info('citizen 010140-9999 and 0101409999');
        await app.close();
      } finally {
        process.stdout.write = write;
      }
      const log = lines.join('');
      expect(log).toContain('"route":"search-type Patient"');
      expect(log).not.toMatch(/010140-?9999/);
    });
  },
  { lifetime: 'block' },
);
