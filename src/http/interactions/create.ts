import type { Resource } from '@medplum/fhirtypes';
import { carryTexts } from '../../fhir/json.ts';
import { resourceBody } from '../formats/resource-body.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import type { Route } from '../request/route.ts';
import { writeAlone } from './settled.ts';
import { writtenResponse } from './written-response.ts';

/** POST [base]/[type] (R4 http.html#create). The server gives the id: one in the body is dropped. */
export async function create(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const resource = withoutIdentity(resourceBody(request.body, route.type as string));
  const written = await writeAlone(context.store, { op: 'create', resource });
  return writtenResponse(context, request, written);
}

/** Without id, and without the parts of meta that are the server's to say. */
export function withoutIdentity(resource: Resource): Resource {
  const { id: _id, ...rest } = resource;
  return carryTexts(resource, rest) as Resource;
}
