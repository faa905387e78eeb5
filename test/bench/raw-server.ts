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
app.get<{ Querystring: Record<string, string> }>('/fhir/Observation', async ({ query }) => {
  const { identifier, subject = '', code, _include } = query;
  const found =
    identifier !== undefined
      ? await rows.byIdentifier(identifier.split('|')[1] ?? '')
      : _include !== undefined
        ? await rows.withSubject(subject)
        : await rows.byTwo(subject, code ?? '');
  return `{"resourceType":"Bundle","type":"searchset","entry":[${found.map((content) => `{"resource":${content}}`).join(',')}]}`;
});
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
