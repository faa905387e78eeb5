import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import type { OperationOutcome } from '@medplum/fhirtypes';
import { validateResource } from '../../../src/fhir/validation/validate.ts';

it('the example of docs/validation.md is answered as it says', () => {
  const page = readFileSync(join(import.meta.dirname, '..', '..', '..', 'docs', 'validation.md'), 'utf8');
  const request = /```http\n[\s\S]*?\n\n([\s\S]*?)```/.exec(page)?.[1] ?? '';
  const answer = JSON.parse(/```json\n([\s\S]*?)```/.exec(page)?.[1] ?? '') as OperationOutcome;
  expect(validateResource(JSON.parse(request))).toEqual(answer.issue);
});
