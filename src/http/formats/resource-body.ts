import type { Resource } from '@medplum/fhirtypes';
import { badRequest, errorIssue, FhirError } from '../../fhir/outcome.ts';
import type { Body } from '../request/exchange.ts';

/**
 * The resource in a request's body, of the type that the URL names.
 * @throws FhirError 400 when there is none or of another type; 415 when the body is no format of FHIR.
 */
export function resourceBody(body: Body | undefined, type: string): Resource {
  if (body === undefined) throw badRequest(`The request has no body. Send a ${type} as JSON or XML.`);
  if (body.kind !== 'resource') {
    throw new FhirError(415, [
      errorIssue(
        'not-supported',
        'Send the resource with Content-Type application/fhir+json or application/fhir+xml.',
        'http.Content-Type',
      ),
    ]);
  }
  return resourceOfType(body.value, type);
}

/** Checks the outermost shape; the rest is the validator's. */
function resourceOfType(value: unknown, type: string, expression = type): Resource {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw badRequest(`A ${type} must be an object.`, expression, 'structure');
  }
  const { resourceType } = value as { resourceType?: unknown };
  if (typeof resourceType !== 'string') {
    throw badRequest('resourceType is missing.', `${expression}.resourceType`, 'structure');
  }
  if (resourceType !== type) {
    throw badRequest(
      `The URL names ${type}, but the body is of another type. Send it to the endpoint of its own type.`,
      `${expression}.resourceType`,
    );
  }
  return value as Resource;
}
