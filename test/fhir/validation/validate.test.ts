import { describe, expect, it } from '@jest/globals';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { BINDING_ROWS } from './rows/bindings.ts';
import { EXTENSION_ROWS } from './rows/extensions.ts';
import { INVARIANT_ROWS } from './rows/invariants.ts';
import { PRIMITIVE_ROWS } from './rows/primitives.ts';
import { REFERENCE_ROWS } from './rows/references.ts';
import type { Row } from './rows/row.ts';
import { STRUCTURE_ROWS } from './rows/structure.ts';

const GROUPS: Readonly<Record<string, readonly Row[]>> = {
  structure: STRUCTURE_ROWS,
  'primitive values': PRIMITIVE_ROWS,
  references: REFERENCE_ROWS,
  'required bindings': BINDING_ROWS,
  invariants: INVARIANT_ROWS,
  extensions: EXTENSION_ROWS,
};

describe.each(Object.entries(GROUPS))('%s', (_, rows) => {
  it.each(rows.map((row) => [row.fact, row] as const))(
    '%s',
    (_fact, { resource, expression, code, severity = 'error' }) => {
      const issues = validateResource(resource);
      expect(issues).toContainEqual(expect.objectContaining({ severity, code, expression: [expression] }));
      // One broken rule, one finding: a client is not sent after consequences.
      expect(issues.map((issue) => issue.diagnostics)).toHaveLength(1);
    },
  );
});

it('every kind of rule is held by rows, at least 150 of them', () => {
  expect(Object.values(GROUPS).flat().length).toBeGreaterThanOrEqual(150);
});
