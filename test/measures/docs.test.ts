import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { openServer } from '../http/support/server.ts';
import { onStore } from '../support/stores.ts';
import { aarhus, profiles } from './support/stored.ts';

interface Example {
  readonly method: string;
  readonly path: string;
  readonly body?: string;
  readonly headers: Record<string, string>;
  readonly status: number;
  /** The type of the resource answered, or the content type of what is none, where it is not that of the page. */
  readonly answered?: string;
}

/** Fenced http blocks: request line, headers, an empty line, perhaps a body and an empty line, the status. */
function examples(page: string): Example[] {
  const text = readFileSync(new URL(`../../docs/operations/${page}`, import.meta.url), 'utf8');
  return [...text.matchAll(/^```http\n([\s\S]*?)^```/gm)].map(([, block = '']) => {
    const [head = '', ...rest] = block.trim().split('\n\n');
    const [, method = '', path = ''] = /^(\S+) (\S+)/.exec(head) ?? [];
    const headers = Object.fromEntries(
      [...head.matchAll(/^([A-Za-z-]+): (.+)$/gm)].map(([, name, value]) => [name, value]),
    );
    const body = rest.slice(0, -1).join('\n\n');
    const [status, answered] = (rest.at(-1) ?? '').split(' ');
    return {
      method,
      path,
      headers,
      status: Number(status),
      ...(answered === undefined ? {} : { answered }),
      ...(body === '' ? {} : { body }),
    };
  });
}

const PAGES: { readonly [page: string]: string } = {
  'evaluate-measure.md': 'MeasureReport',
  'explain.md': 'Parameters',
  'evaluation-status.md': 'Parameters',
  'care-gaps.md': 'Bundle',
  'data-requirements.md': 'Library',
  'collect-data.md': 'Parameters',
  'submit-data.md': 'OperationOutcome',
  'yearly-report.md': 'Bundle',
};

/** What is wrong by R4 and our definitions; the profiles of DEQM are not among them, which is a warning. */
function wrong(resource: Parameters<typeof validateResource>[0]): unknown[] {
  return validateResource(resource).filter(({ severity }) => severity !== 'warning');
}

onStore('PostgreSQL', (fixture) => {
  describe('docs/operations', () => {
    it('has examples that are answered as they say', async () => {
      const server = await openServer(fixture);
      const entry = [...profiles, ...aarhus].map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const stored = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expect([stored.status, stored.status === 200 ? undefined : stored.text]).toEqual([200, undefined]);
      for (const [page, type] of Object.entries(PAGES)) {
        const all = examples(page);
        expect(all.length).toBeGreaterThan(0);
        for (const { method, path, body, headers, status, answered } of all) {
          const answer = await server.send(method, path, body, headers);
          expect([path, answer.status]).toEqual([path, status]);
          if (answered?.includes('/')) {
            expect(answer.headers['content-type']).toBe(`${answered}; charset=utf-8`);
            continue;
          }
          expect(answer.body.resourceType).toBe(status === 200 ? (answered ?? type) : 'OperationOutcome');
          if (status === 200) expect([path, wrong(answer.body)]).toEqual([path, []]);
        }
      }
      await server.close();
    });
  });
});
