import type { Resource } from '@medplum/fhirtypes';
import { FhirError } from '../../fhir/outcome.ts';
import type { StoreTransaction, Written } from '../../store/store.ts';
import { applyPatch } from '../patch/apply.ts';
import type { Body, Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import type { Route } from '../request/route.ts';
import { parseIfMatch } from '../request/version-headers.ts';
import { current } from './read.ts';
import { writeOne } from './settled.ts';
import { updateOf } from './update.ts';
import { writtenResponse } from './written-response.ts';

/** A patch without If-Match is tried anew on the version that came between, this many times. */
const ATTEMPTS = 5;

/** PATCH [base]/[type]/[id] with a JSON Patch or a FHIRPath Patch (R4 http.html#patch). */
export async function patch(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const { type, id } = route as { type: string; id: string };
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  for (let attempt = 1; ; attempt++) {
    try {
      const written = await context.store.transaction((transaction) =>
        patchResource(transaction, type, id, request.body, ifMatch),
      );
      return writtenResponse(context, request, written);
    } catch (error) {
      const overtaken = error instanceof FhirError && error.status === 412 && typeof ifMatch !== 'number';
      if (!overtaken || attempt === ATTEMPTS) throw error;
    }
  }
}

/** Patches what is stored now; 412 when it changes meanwhile. */
export async function patchResource(
  transaction: StoreTransaction,
  type: string,
  id: string,
  body: Body | undefined,
  ifMatch: number | '*' | undefined,
): Promise<Written> {
  const version = await current(transaction, type, id);
  const resource: Resource & { id: string } = applyPatch(version.content, body);
  return writeOne(transaction, updateOf(resource, typeof ifMatch === 'number' ? ifMatch : version.version));
}
