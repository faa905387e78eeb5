import type { FastifyInstance } from 'fastify';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import { asFhirError, failureResponse } from '../answer/failure.ts';
import type { Context, FhirResponse } from '../request/exchange.ts';
import { answerBundle } from './answer-bundle.ts';
import { requestOf } from './job-request.ts';
import { createJobRunner, type JobRunner } from './job-runner.ts';
import { asyncStatusRoutes } from './status-routes.ts';

/** Serves the status of requests that are answered later, and works on them while the server listens. */
export function answerLater(
  app: FastifyInstance,
  store: Store,
  contextWith: (store: Store, baseUrl: string) => Context,
): JobRunner {
  const failed = (error: unknown, signal: AbortSignal): FhirResponse => {
    const known = asFhirError(error);
    if (known.status >= 500 && !signal.aborted) app.log.error({ err: error }, 'failed');
    return failureResponse(known);
  };
  const runner = createJobRunner({
    store,
    answer: async (own, text, signal) => {
      const { baseUrl, request } = requestOf(text);
      const context = contextWith(own, baseUrl);
      const response = await context
        .interact(context, request)
        .catch((error: unknown) => failed(error, signal));
      return answerBundle(response);
    },
    givenUp: () =>
      answerBundle(
        failureResponse(
          new FhirError(500, [
            errorIssue(
              'exception',
              'The server ended each time while it worked on this. Ask for less, or tell who runs it.',
            ),
          ]),
        ),
      ),
    onError: (error) =>
      app.log.warn({ err: error }, 'a request that is answered later could not be worked on'),
  });
  asyncStatusRoutes(app, store, runner);
  app.addHook('onListen', async () => runner.start());
  return runner;
}
