import { randomUUID } from 'node:crypto';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import { addJob } from '../../store/jobs/jobs.ts';
import { calledOperation } from '../interactions/operation.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { parsePrefer } from '../request/prefer.ts';
import { route } from '../request/route.ts';
import { jobText } from './job-request.ts';

/** Where a job is asked about, below the base. */
export const STATUS_PATH = '_async';
/** Jobs that may be waiting at once. */
const MOST = 100;

/**
 * Takes a request that prefers to be answered later (RFC 7240 respond-async, R5 async-bundle.html): 202 and the address
 * of its status. Undefined when it does not, or is for an interaction that is always answered at once.
 * @throws FhirError 400, 404, 405 for what can be told at once; 429 while too many wait
 */
export async function kickOff(context: Context, request: FhirRequest): Promise<FhirResponse | undefined> {
  if (!parsePrefer(request.headers.prefer).respondAsync) return undefined;
  const found = route(request.method, request.path);
  if (found.interaction !== 'operation') return undefined;
  if (!calledOperation(request, found).operation.mayBeAsync) return undefined;
  const id = await addJob(context.store, randomUUID(), jobText(context, request), MOST);
  if (id === undefined) {
    throw new FhirError(429, [
      errorIssue(
        'throttled',
        `${MOST} requests are waiting already: ask again in a minute, or delete yours.`,
      ),
    ]);
  }
  return {
    status: 202,
    headers: {
      'content-location': `${context.baseUrl}/${STATUS_PATH}/${id}`,
      'preference-applied': 'respond-async',
    },
  };
}
