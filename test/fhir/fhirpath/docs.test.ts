import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';
import { compileFhirPath } from '../../../src/fhir/fhirpath.ts';

const page = readFileSync(new URL('../../../docs/fhirpath.md', import.meta.url), 'utf8');
const patient: unknown = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '');
const rows = [...page.matchAll(/^\| `(.+?)` +\| `(.+?)` +\|$/gm)].map(([, expression = '', result = '']) => [
  expression,
  result,
]);

it('docs/fhirpath.md shows expressions', () => {
  expect(rows.length).toBeGreaterThan(5);
});

it.each(rows)('%s gives what docs/fhirpath.md says', (expression = '', result = '') => {
  expect(JSON.stringify(compileFhirPath(expression)(patient))).toBe(result);
});
