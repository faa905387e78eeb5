import type { Change } from '../../store/store.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import type { Route } from '../request/route.ts';
import { etag, parseIfMatch } from '../request/version-headers.ts';
import { writeMatching } from './if-match.ts';

/**
 * DELETE [base]/[type]/[id] (R4 http.html#delete): 204, also when there is nothing to delete. The versions
 * before stay in the history; reading gives 410.
 */
export async function remove(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const { type, id } = route as { type: string; id: string };
  const ifMatch = parseIfMatch(request.headers.ifMatch);
  const change: Change = { op: 'delete', type, id, ...(typeof ifMatch === 'number' ? { ifMatch } : {}) };
  const written = await writeMatching(context.store, type, id, ifMatch, change);
  return { status: 204, ...(written.version > 0 ? { headers: { etag: etag(written.version) } } : {}) };
}
