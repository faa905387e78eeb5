import type { Resource } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import type { Change } from '../../store/store.ts';
import { resourceBody } from '../formats/resource-body.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import type { Route } from '../request/route.ts';
import { parseIfMatch } from '../request/version-headers.ts';
import { writeMatching } from './if-match.ts';
import { writtenResponse } from './written-response.ts';

/** PUT [base]/[type]/[id] (R4 http.html#update), also to create (#upsert); 412 when If-Match is outdated. */
export async function update(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const { type, id } = route as { type: string; id: string };
  const resource = withId(resourceBody(request.body, type), id);
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  const change = updateOf(resource, ifMatch);
  const written = await writeMatching(context.store, type, id, ifMatch, change);
  return writtenResponse(context, request, written);
}

/** @throws FhirError 400 when the body's id is missing or another (R4 http.html#update). */
function withId(
  resource: Resource,
  id: string,
  expression = resource.resourceType,
): Resource & { id: string } {
  if (resource.id === undefined) {
    throw badRequest('The body has no id. Put in the id of the URL.', `${expression}.id`);
  }
  if (resource.id !== id) throw badRequest("The body's id is not the id of the URL.", `${expression}.id`);
  return resource as Resource & { id: string };
}

export function updateOf(resource: Resource & { id: string }, ifMatch: number | '*' | undefined): Change {
  return { op: 'update', resource, ...(typeof ifMatch === 'number' ? { ifMatch } : {}) };
}
