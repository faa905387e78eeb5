import type { FastifyInstance } from 'fastify';
import { notFound } from '../../fhir/outcome.ts';
import { forgetJob, type JobStatus, jobStatus } from '../../store/jobs/jobs.ts';
import type { Store } from '../../store/store.ts';
import { respond } from '../answer/respond.ts';
import { parsePairs } from '../request/query.ts';
import { presentation } from '../routes/fhir-endpoint.ts';
import type { JobRunner } from './job-runner.ts';
import { STATUS_PATH } from './kick-off.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/**
 * GET /fhir/_async/[id]: 202 with Retry-After and X-Progress, or 200 with the answer; DELETE cancels or forgets. The id
 * is the only key: who was not told it is answered as if there were no job.
 */
export function asyncStatusRoutes(app: FastifyInstance, store: Store, runner: JobRunner): void {
  const url = `/fhir/${STATUS_PATH}/:id`;
  app.get<{ Params: { id: string } }>(url, async (request, reply) => {
    request.interaction = 'async-status';
    const query = parsePairs((request.raw.url ?? '').split('?')[1] ?? '');
    const shown = presentation(query, request.headers.accept);
    const status = UUID.test(request.params.id) ? await jobStatus(store, request.params.id) : undefined;
    if (status === undefined) throw unknownJob();
    reply.header('cache-control', 'no-store');
    if (status.answer === null) {
      const headers = { 'retry-after': retryAfter(status), 'x-progress': progress(status) };
      return respond(reply, { status: 202, headers }, shown);
    }
    const expires = new Date(status.expires ?? 0).toUTCString();
    return respond(reply, { status: 200, content: status.answer, headers: { expires } }, shown);
  });
  app.delete<{ Params: { id: string } }>(url, async (request, reply) => {
    request.interaction = 'async-cancel';
    const { id } = request.params;
    if (!UUID.test(id) || !(await forgetJob(store, id))) throw unknownJob();
    runner.cancel(id);
    return reply.code(202).send();
  });
}

function unknownJob(): Error {
  return notFound('There is no such request: it was never taken, was cancelled, or its answer has expired.');
}

/** Seconds: soon at first, seldom when it takes long. */
function retryAfter({ age }: JobStatus): string {
  return String(Math.min(30, Math.max(1, Math.round(age / 4))));
}

function progress({ state, before, running }: JobStatus): string {
  return state === 'waiting' ? `waiting, ${before} before it` : `running for ${Math.floor(running ?? 0)} s`;
}
