import type { Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import { badRequest, errorIssue, FhirError, unprocessable } from '../../fhir/outcome.ts';
import { withinTime } from '../../fhir/within-time.ts';
import type { Body } from '../request/exchange.ts';
import { applyFhirPathPatch } from './fhirpath-patch.ts';
import { applyJsonPatch } from './json-patch.ts';

/** Milliseconds of a FHIRPath Patch: its criteria are any FHIRPath, of any number. */
const LONGEST = 2_000;

/**
 * The resource as the patch leaves it. Id and type stay what they are (R4 http.html#patch).
 * @throws FhirError 400, 415 or 422 with what is wrong with the patch.
 */
export function applyPatch(content: string, body: Body | undefined): Resource & { id: string } {
  const before = parseJsonText(content) as Resource & { id: string };
  const after = patched(before, body) as Partial<Resource> | null;
  if (
    typeof after !== 'object' ||
    after === null ||
    after.resourceType !== before.resourceType ||
    after.id !== before.id
  ) {
    throw unprocessable([
      errorIssue('business-rule', 'A patch cannot change resourceType or id.', before.resourceType),
    ]);
  }
  return after as Resource & { id: string };
}

function patched(before: Resource, body: Body | undefined): unknown {
  if (body === undefined) throw badRequest('The request has no body. Send a JSON Patch or a FHIRPath Patch.');
  if (body.kind === 'json-patch') return applyJsonPatch(before, body.value);
  // A JSON Patch is often sent as plain application/json; a list can be nothing else.
  if (body.kind === 'resource' && Array.isArray(body.value)) return applyJsonPatch(before, body.value);
  if (body.kind === 'resource') {
    return withinTime({ left: LONGEST }, 'This FHIRPath Patch', () => applyFhirPathPatch(before, body.value));
  }
  throw new FhirError(415, [
    errorIssue(
      'not-supported',
      'A patch is application/json-patch+json, or a Parameters resource as application/fhir+json or +xml.',
      'http.Content-Type',
    ),
  ]);
}
