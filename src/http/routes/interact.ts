import { batch } from '../interactions/batch.ts';
import { capabilities } from '../interactions/capabilities.ts';
import {
  createConditional,
  deleteConditional,
  patchConditional,
  updateConditional,
} from '../interactions/conditional.ts';
import { create } from '../interactions/create.ts';
import { remove } from '../interactions/delete.ts';
import { history } from '../interactions/history.ts';
import { callOperation } from '../interactions/operation.ts';
import { options } from '../interactions/options.ts';
import { patch } from '../interactions/patch.ts';
import { read, vread } from '../interactions/read.ts';
import { search } from '../interactions/search.ts';
import { update } from '../interactions/update.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { type InteractionName, type Route, route } from '../request/route.ts';

type Handler = (context: Context, request: FhirRequest, route: Route) => Promise<FhirResponse>;

const HANDLERS: Readonly<Record<InteractionName, Handler>> = {
  capabilities,
  batch,
  options,
  operation: callOperation,
  read,
  vread,
  create: (context, request, found) =>
    request.headers.ifNoneExist === undefined
      ? create(context, request, found)
      : createConditional(context, request, found),
  update,
  patch,
  delete: remove,
  'update-conditional': updateConditional,
  'patch-conditional': patchConditional,
  'delete-conditional': deleteConditional,
  'history-instance': history,
  'history-type': history,
  'history-system': history,
  'search-type': search,
  'search-system': search,
  'search-compartment': search,
};

/**
 * Runs one interaction.
 * @throws FhirError for everything the client can mend.
 */
export async function interact(context: Context, request: FhirRequest): Promise<FhirResponse> {
  const found = route(request.method, request.path);
  return HANDLERS[found.interaction](context, request, found);
}

/** What a log line or a metric may say of a request: the kind of interaction, never its ids or parameters. */
export function interactionLabel(request: Pick<FhirRequest, 'method' | 'path'>): string {
  try {
    const { interaction, type, operation } = route(request.method, request.path);
    const known = operation === undefined || /^[a-z][a-z-]{0,40}$/.test(operation) ? operation : 'unknown';
    return [interaction, type, known === undefined ? undefined : `$${known}`].filter(Boolean).join(' ');
  } catch {
    return 'none';
  }
}
