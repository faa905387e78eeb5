import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { loadConfig } from '../../src/config.ts';
import { buildApp } from '../../src/http/app.ts';

const folder = new URL('../../examples/', import.meta.url);
const text = (name: string): string => readFileSync(new URL(name, folder), 'utf8');

/** The rows of the table in examples/README.md. */
const ROW = /^\| *(?:\[[^\]]+\]\(([^)]+)\))? *\| *`(GET|POST|PUT) ([^`]+)` *\| *(\d{3}) *\|/gm;
const requests = [...text('README.md').matchAll(ROW)].map(([, body, method, path, status]) => ({
  body,
  method: method as 'GET' | 'POST' | 'PUT',
  path: path as string,
  status: Number(status),
}));

let app: FastifyInstance;
let asked: unknown;

beforeAll(async () => {
  app = await buildApp(loadConfig({ OVERGANG_DATA: 'memory', LOG_LEVEL: 'silent' }));
}, 180_000);

afterAll(() => app?.close());

describe('the examples', () => {
  it('are all in the table', () => {
    const files = readdirSync(new URL('one-course/', folder)).map((name) => `one-course/${name}`);
    expect(requests.flatMap(({ body }) => body ?? []).sort()).toEqual(files.sort());
  });

  it.each(requests)('$method $path with $body answers $status', async ({ method, path, body, status }) => {
    const answer = await app.inject({
      method,
      url: path,
      headers: { 'content-type': 'application/fhir+json' },
      ...(body === undefined ? {} : { payload: text(body) }),
    });
    if (answer.statusCode !== status) throw new Error(`${answer.statusCode} ${answer.body.slice(0, 2000)}`);
    asked = path.includes('subject=') ? answer.json() : asked;
  });

  it('end in a verdict that is explained', () => {
    expect(JSON.stringify(asked)).toContain(
      'P4 not met: notice sent 13 March 09:12, due 12 March 23:59, agreement DK-82 v2025',
    );
  });
});
