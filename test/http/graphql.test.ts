import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { GraphQLSchema, getIntrospectionQuery, validateSchema } from 'graphql';
import { STANDARD_PARAMETERS } from '../../src/fhir/search/parameters.ts';
import { schemaFor } from '../../src/operations/graphql/schema.ts';
import { onStore } from '../support/stores.ts';
import { openServer, PATIENT, type Server } from './support/server.ts';

it('the schema that R4 gives is a schema of GraphQL', () => {
  const query = schemaFor(STANDARD_PARAMETERS).getQueryType();
  expect(validateSchema(new GraphQLSchema({ query: query ?? null }))).toEqual([]);
});

onStore(
  'PGlite',
  (fixture) => {
    let server: Server;
    const ask = (query: string, variables?: object, at = '') =>
      server.send('POST', `${at}$graphql`, { query, variables });
    const data = async (query: string, variables?: object, at = '') => {
      const { status, body } = await ask(query, variables, at);
      expect([status, body.errors]).toEqual([200, undefined]);
      return body.data;
    };

    beforeAll(async () => {
      server = await openServer(fixture);
      const resources = [
        { resourceType: 'Organization', id: 'gp', name: 'Lægehuset' },
        {
          ...PATIENT,
          id: 'a',
          name: [...PATIENT.name, { use: 'nickname', text: 'Ing' }, { use: 'old', family: 'Før' }],
          _birthDate: { extension: [{ url: 'urn:x', valueString: 'skøn' }] },
          generalPractitioner: [{ reference: 'Organization/gp' }, { reference: 'Organization/gone' }],
          managingOrganization: { reference: '#in' },
          contained: [{ resourceType: 'Organization', id: 'in', name: 'Indeholdt' }],
        },
        { ...PATIENT, id: 'b', birthDate: '1950-01-01' },
        ...[1, 2, 3].map((number) => ({
          resourceType: 'Task',
          id: `t${number}`,
          status: number === 3 ? 'completed' : 'requested',
          intent: 'order',
          for: { reference: 'Patient/a' },
        })),
      ];
      const entry = resources.map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const stored = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expect(stored.status).toBe(200);
    }, 120_000);
    afterAll(() => server.close());

    describe('$graphql answers', () => {
      it('a resource by its id, with the items of a list that are asked for, as application/json', async () => {
        const answer = await ask(
          'query($id: ID!) { Patient(id: $id) { resourceType id birthDate name(use: "official") { family given } } }',
          { id: 'a' },
        );
        expect(answer.headers['content-type']).toMatch(/^application\/json/);
        expect(answer.body).toEqual({
          data: {
            Patient: {
              resourceType: 'Patient',
              id: 'a',
              birthDate: '1940-02-29',
              name: [{ family: 'Prøve', given: ['Inger'] }],
            },
          },
        });
        const { Patient } = await data('{ Patient(id: "a") { name(_offset: 1, _count: 1) { use } } }');
        expect(Patient.name).toEqual([{ use: 'nickname' }]);
      });

      it('the items of a list for which a FHIRPath is true', async () => {
        const query = `{ Patient(id: "a") { name(fhirpath: "text.exists() and use = 'nickname'") { use text } } }`;
        expect(await data(query)).toEqual({ Patient: { name: [{ use: 'nickname', text: 'Ing' }] } });
        const contact =
          '{ Patient(id: "a") { generalPractitioner(fhirpath: "reference.endsWith(\'/gp\')") { reference } } }';
        expect(await data(contact)).toEqual({
          Patient: { generalPractitioner: [{ reference: 'Organization/gp' }] },
        });
        const failed = async (path: string) =>
          (await ask(`{ Patient(id: "a") { name(fhirpath: "${path}") { use } } }`)).body.errors[0].extensions
            .resource.issue[0];
        expect(await failed('use =')).toMatchObject({ code: 'invalid' });
        expect(await failed('(1).repeat($this + 1).exists()')).toMatchObject({ code: 'too-costly' });
      });

      it('extensions beside a value', async () => {
        const { Patient } = await data(
          '{ Patient(id: "a") { _birthDate { extension { url valueString } } } }',
        );
        expect(Patient._birthDate.extension).toEqual([{ url: 'urn:x', valueString: 'skøn' }]);
      });

      it('what references lead to: stored, contained, and null for what is gone when that is allowed', async () => {
        const { Patient } = await data(`{ Patient(id: "a") {
          generalPractitioner { resource(optional: true) { ... on Organization { name } } }
          managingOrganization { resource { ... on Organization { name } } } } }`);
        expect(Patient).toEqual({
          generalPractitioner: [{ resource: { name: 'Lægehuset' } }, { resource: null }],
          managingOrganization: { resource: { name: 'Indeholdt' } },
        });
      });

      it('searches, hyphens as underscores, several values as all of them', async () => {
        const { both, young, order } = await data(`{
          both: PatientList(birthdate: ["ge1930", "le1945"]) { id }
          young: PatientList(birthdate: "gt1945") { id }
          order: TaskList(_sort: "-_id", status: "requested", _count: 1) { id } }`);
        expect([both, young, order]).toEqual([[{ id: 'a' }], [{ id: 'b' }], [{ id: 't2' }]]);
        const { PatientList } = await data('{ PatientList(general_practitioner: "Organization/gp") { id } }');
        expect(PatientList).toEqual([{ id: 'a' }]);
      });

      it('connections, page by page, each match once', async () => {
        const query = `query($cursor: [String!]) { TaskConnection(_count: 2, _cursor: $cursor) {
          count pagesize next edges { mode resource { id } } } }`;
        const first = (await data(query)).TaskConnection;
        const second = (await data(query, { cursor: first.next })).TaskConnection;
        expect([first.count, first.pagesize, second.next]).toEqual([3, 2, null]);
        const ids = [...first.edges, ...second.edges].map(
          ({ resource }: { resource: { id: string } }) => resource.id,
        );
        expect(ids.sort()).toEqual(['t1', 't2', 't3']);
      });

      it('at a resource its elements, and what refers to it', async () => {
        const answer = await data(
          '{ id TaskList(_reference: patient, status: "completed") { id } }',
          {},
          'Patient/a/',
        );
        expect(answer).toEqual({ id: 'a', TaskList: [{ id: 't3' }] });
      });

      it('the same by GET, as application/graphql and as Parameters', async () => {
        const query = 'query A { Patient(id: "b") { id } } query B { Patient(id: "a") { id } }';
        const expected = { data: { Patient: { id: 'a' } } };
        const get = await server.send('GET', `$graphql?operationName=B&query=${encodeURIComponent(query)}`);
        const parameters = await server.send('POST', '$graphql', {
          resourceType: 'Parameters',
          parameter: [
            { name: 'query', valueString: query },
            { name: 'operationName', valueString: 'B' },
          ],
        });
        const plain = await server.send('POST', '$graphql', '{ Patient(id: "a") { id } }', {
          'content-type': 'application/graphql',
        });
        expect([get.body, parameters.body, plain.body]).toEqual([expected, expected, expected]);
      });

      it('in a batch with a Binary', async () => {
        const url = `$graphql?query=${encodeURIComponent('{ Patient(id: "a") { id } }')}`;
        const { body } = await server.send('POST', '', {
          resourceType: 'Bundle',
          type: 'batch',
          entry: [{ request: { method: 'GET', url } }],
        });
        const { resourceType, contentType, data: content } = body.entry[0].resource;
        expect([resourceType, contentType]).toEqual(['Binary', 'application/json']);
        expect(JSON.parse(Buffer.from(content, 'base64').toString())).toEqual({
          data: { Patient: { id: 'a' } },
        });
      });

      it('the schema to tools', async () => {
        const { __schema } = await data(getIntrospectionQuery());
        expect(__schema.mutationType).toBeNull();
        expect(__schema.types.map(({ name }: { name: string }) => name)).toContain('PatientContact');
      });
    });

    describe('$graphql refuses', () => {
      const deep = `{ Organization(id: "gp") { ${'partOf { resource { ... on Organization { '.repeat(8)} id ${'} } } '.repeat(8)} } }`;
      const aliases = (count: number, what: string): string =>
        Array.from({ length: count }, (_, index) => `a${index}: ${what}`).join(' ');
      const wide = `{ ${aliases(20, 'Patient(id: "a") { ...f }')} } fragment f on Patient { ${aliases(30, 'id')} }`;
      it.each([
        ['a field that is not there', '{ Patient(id: "a") { nickname } }', 400, /nickname/],
        ['an argument that is not there', '{ PatientList(shoe: "41") { id } }', 400, /shoe/],
        ['a type that is not there', '{ Unicorn(id: "a") { id } }', 400, /Unicorn/],
        ['broken syntax', '{ Patient(', 400, /line 1/],
        ['a mutation', 'mutation { PatientDelete(id: "a") { id } }', 400, /mutation is not served/],
        ['a subscription', 'subscription { Patient(id: "a") { id } }', 400, /subscription is not served/],
        ['a directive that is not there', '{ Patient(id: "a") @flatten { id } }', 400, /flatten/],
        [
          'a fragment in itself',
          '{ Patient(id: "a") { ...f } } fragment f on Patient { ...f }',
          400,
          /itself/,
        ],
        ['too many levels', deep, 422, /levels/],
        ['too many fields', wide, 422, /fields/],
        ['too many tokens', `{ ${'id '.repeat(3_000)} }`, 400, /tokens/],
        ['a schema that is multiplied', '{ a: __schema { types { name } } }', 422, /aliases/],
        ['fields of fields', '{ __schema { types { fields { type { fields { name } } } } } }', 422, /fields/],
      ])('%s', async (_, query, status, message) => {
        const answer = await ask(query);
        expect([answer.status, answer.body.resourceType]).toEqual([status, 'OperationOutcome']);
        expect(answer.body.issue[0].diagnostics).toMatch(message);
      });

      it('variables of another type, missing queries, foreign members and bodies, with an outcome', async () => {
        const query = 'query($n: Int) { PatientList(_count: $n) { id } }';
        for (const body of [
          { query, variables: { n: 'x' } },
          { query, variables: [] },
          {},
          { query, x: 1 },
        ]) {
          const answer = await server.send('POST', '$graphql', body);
          expect([answer.status, answer.body.resourceType]).toEqual([400, 'OperationOutcome']);
        }
        const bytes = await server.send('POST', '$graphql', 'x', { 'content-type': 'text/csv' });
        expect(bytes.status).toBe(400);
        expect((await server.send('GET', 'Patient/none/$graphql?query={id}')).status).toBe(404);
      });

      it('repeats no number of a query in its message', async () => {
        const answer = await ask('{ PatientList(_count: "010140-9999") { id } }');
        expect(answer.status).toBe(400);
        expect(answer.text).not.toContain('010140');
      });
    });

    it('$graphql names what went wrong at a field, with its OperationOutcome, and answers the rest', async () => {
      const { status, body } = await ask(
        '{ x: Patient(id: "none") { id } y: Patient(id: "a") { id } PatientList(birthdate: "soon") { id } }',
      );
      expect([status, body.data]).toEqual([200, { x: null, y: { id: 'a' }, PatientList: null }]);
      const codes = body.errors.map(
        (error: { path: string[]; extensions: { resource: { issue: { code: string }[] } } }) => [
          error.path[0],
          error.extensions.resource.issue[0]?.code,
        ],
      );
      expect(codes.sort()).toEqual([
        ['PatientList', expect.any(String)],
        ['x', 'not-found'],
      ]);
    });

    it('$graphql takes no text of a query for an id, a date or SQL', async () => {
      for (const text of [
        '\u0000',
        '\ud800',
        "'; DROP TABLE resource; --",
        '../a',
        '%',
        '|',
        ',',
        '$x',
        ' ',
      ]) {
        const query = `query($id: ID!, $text: [String!]) {
          Patient(id: $id) { id }
          PatientList(name: $text, birthdate: $text, _filter: $text, general_practitioner: $text) { id }
          TaskList(_sort: $text, _cursor: $text, _id: $text, _list: $text, _text: $text) { id } }`;
        const { status, body } = await ask(query, { id: text, text });
        expect([text, status, body.data.Patient]).toEqual([text, 200, null]);
        expect(body.data.TaskList).toBeNull();
      }
      expect((await data('{ PatientList { id } }')).PatientList).toHaveLength(2);
    });

    it('$graphql stops at the limit of searches', async () => {
      const fields = Array.from({ length: 120 }, (_, index) => `a${index}: TaskList { id }`);
      const { status, body } = await ask(`{ ${fields.join(' ')} }`);
      expect(status).toBe(200);
      expect(body.errors).toHaveLength(20);
      expect(body.errors[0].extensions.resource.issue[0].code).toBe('too-costly');
    });
  },
  { lifetime: 'block' },
);
