/**
 * The raw limit over HTTP, started by face.ts: a bare Fastify that answers the same requests with hand-written SQL over
 * copies of the same rows. It validates nothing, versions nothing in the text and knows no FHIR beyond the bodies.
 */

import { randomUUID } from 'node:crypto';
import Fastify from 'fastify';
import pg from 'pg';
import { rawRows } from './support/raw-rows.ts';

interface Body {
  readonly entry?: readonly { readonly resource: object }[];
}

// As many connections as the store opens.
const pool = new pg.Pool({ connectionString: process.env.DATABASE_URL, max: 20 });
const rows = await rawRows(pool);
const app = Fastify({ bodyLimit: 64 * 1024 * 1024 });
app.addContentTypeParser('application/fhir+json', { parseAs: 'string' }, (_request, body, done) => {
  done(null, JSON.parse(body as string));
});
app.addHook('onSend', async (_request, reply) => {
  reply.header('content-type', 'application/fhir+json');
});

const fresh = (resource: object) => {
  const id = randomUUID();
  return { id, content: JSON.stringify({ ...resource, id }) };
};

app.get('/ready', async () => '{}');
app.get<{ Params: { id: string } }>('/fhir/Observation/:id', async ({ params }, reply) => {
  const content = await rows.read(params.id);
  return content === undefined ? reply.code(404).send() : content;
});
app.post('/fhir/Observation', async (request, reply) => {
  const row = fresh(request.body as object);
  await rows.insert([row]);
  return reply.code(201).send(row.content);
});
app.put<{ Params: { id: string } }>('/fhir/Observation/:id', async ({ params, body }) => {
  const content = JSON.stringify(body);
  await rows.update(params.id, content);
  return content;
});
app.delete<{ Params: { id: string } }>('/fhir/Observation/:id', async ({ params }, reply) => {
  await rows.delete(params.id);
  return reply.code(204).send();
});
const bundle = (found: readonly string[]) =>
  `{"resourceType":"Bundle","type":"searchset","entry":[${found.map((content) => `{"resource":${content}}`).join(',')}]}`;
app.get<{ Querystring: Record<string, string | string[]> }>('/fhir/Observation', async ({ query }) => {
  const text = (name: string) => String(query[name] ?? '');
  const value = (name: string) => text(name).split('|').at(-1) as string;
  if (query.identifier !== undefined) return bundle(await rows.byIdentifier(value('identifier')));
  if (query._include !== undefined) return bundle(await rows.withSubject(text('subject')));
  if (query._summary !== undefined) {
    return `{"resourceType":"Bundle","type":"searchset","total":${await rows.countOf(text('subject'))}}`;
  }
  if (query.date !== undefined) {
    const [from, to] = [query.date].flat().map((each) => Date.parse(each.slice(2)));
    return bundle(await rows.byDate(from as number, to as number));
  }
  if (query['subject:Patient.identifier'] !== undefined) {
    return bundle(await rows.byCitizen(value('subject:Patient.identifier')));
  }
  if (query.code === undefined) return bundle(await rows.bySubject(text('subject')));
  return bundle(await rows.byTwo(text('subject'), text('code')));
});
app.get<{ Querystring: { family: string } }>('/fhir/Patient', async ({ query }) =>
  bundle(await rows.byFamily(query.family.toLowerCase())),
);
app.get<{ Params: { id: string } }>('/fhir/Observation/:id/_history', async ({ params }) =>
  bundle(await rows.versions(params.id)),
);
app.post('/fhir', async (request) => {
  const created = ((request.body as Body).entry ?? []).map(({ resource }) => fresh(resource));
  await rows.insert(created);
  const entry = created.map(({ id }) => ({
    response: { status: '201 Created', location: `Observation/${id}` },
  }));
  return JSON.stringify({ resourceType: 'Bundle', type: 'transaction-response', entry });
});

process.on('SIGTERM', async () => {
  await app.close();
  await pool.end();
});
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) });
