import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { docExamples } from '../http/support/doc-examples.ts';
import { openServer } from '../http/support/server.ts';
import { onStore } from '../support/stores.ts';

const PAGES = join(import.meta.dirname, '../../docs/medcom');
const EXAMPLES = join(import.meta.dirname, '../../examples/medcom');

onStore('PGlite', (fixture) => {
  it('the examples of docs/medcom and the letters of examples/medcom are answered as they say', async () => {
    const server = await openServer(fixture);
    try {
      for (const page of readdirSync(PAGES)) {
        for (const { line, method, path, headers, body, status } of docExamples(
          readFileSync(join(PAGES, page), 'utf8'),
        )) {
          const answer = await server.send(method, path, body, headers);
          expect([page, line, answer.status]).toEqual([page, line, status]);
        }
      }
      for (const name of readdirSync(EXAMPLES).filter((each) => each.endsWith('.xml'))) {
        const letter = readFileSync(join(EXAMPLES, name), 'utf8');
        const headers = { 'content-type': 'application/xml' };
        const answer = await server.send('POST', '/medcom', letter, headers);
        expect([name, answer.status, answer.text.includes('<PositiveReceipt>')]).toEqual([name, 200, true]);
      }
    } finally {
      await server.close();
    }
  });
});
