import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OPERATIONS } from '../../src/operations/operations.ts';
import { onStore } from '../support/stores.ts';
import { docExamples } from './support/doc-examples.ts';
import { openServer, type Server } from './support/server.ts';

const DOCS = new URL('../../docs/', import.meta.url);
const pagesOf = (folder: string): string[] =>
  readdirSync(new URL(`${folder}/`, DOCS))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `${folder}/${name}`);
const read = (page: string): string => readFileSync(new URL(page, DOCS), 'utf8');

onStore(
  'PostgreSQL',
  (fixture) => {
    let server: Server;
    beforeAll(async () => {
      server = await openServer(fixture, {}, true);
    }, 120_000);
    afterAll(() => server.close());

    describe('the examples of', () => {
      it.each(pagesOf('interactions'))('%s are answered as the page says', async (page) => {
        const examples = docExamples(read(page));
        expect(examples.length).toBeGreaterThan(0);
        for (const { line, method, path, headers, body, status } of examples) {
          const answer = await server.send(method, path, body, headers);
          expect({
            page,
            line,
            status: answer.status,
            text: answer.status === status ? '' : answer.text,
          }).toEqual({
            page,
            line,
            status,
            text: '',
          });
        }
      });

      it.each(pagesOf('operations').filter((page) => docExamples(read(page)).length > 0))(
        '%s are answered as the page says',
        async (page) => {
          for (const { line, method, path, headers, body, status } of docExamples(read(page))) {
            const answer = await server.send(method, path, body, headers);
            expect([page, line, answer.status]).toEqual([page, line, status]);
          }
        },
      );
    });
  },
  { lifetime: 'block' },
);

it('every operation that is served has a page with an example', () => {
  const text = pagesOf('operations').map(read).join('\n');
  const called = [...text.matchAll(/^(?:GET|POST) \S*\$([a-z-]+)(?=[?\s])/gm)].map(([, name]) => name);
  expect(called).toEqual(expect.arrayContaining(OPERATIONS.map(({ name }) => name)));
});
