import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { type FhirError, notFound } from '../../fhir/outcome.ts';
import { parsePairs } from '../request/query.ts';
import { presentation } from '../routes/fhir-endpoint.ts';
import { asFhirError, failureResponse } from './failure.ts';
import { type Presentation, respond } from './respond.ts';

/** Every refusal and every failure is answered as an OperationOutcome, in the format asked for. */
export function answerErrors(app: FastifyInstance): void {
  app.setErrorHandler((error: FastifyError, request, reply) => sendError(error, request, reply));
  app.setNotFoundHandler((request, reply) =>
    sendError(
      notFound('Nothing is served at this path. The FHIR endpoint is /fhir; see /fhir/metadata.'),
      request,
      reply,
    ),
  );
}

/** Logs what is the server's fault, and answers. */
export function sendError(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const known: FhirError = asFhirError(error);
  if (known.status >= 500) request.log.error({ err: error }, 'failed');
  return respond(reply, failureResponse(known), bestPresentation(request));
}

/** The format asked for, JSON where the request is too broken to say. */
function bestPresentation(request: FastifyRequest): Presentation {
  try {
    const url = request.raw.url ?? '';
    const mark = url.indexOf('?');
    return presentation(parsePairs(mark === -1 ? '' : url.slice(mark + 1)), request.headers.accept);
  } catch {
    return { format: 'json', pretty: false };
  }
}
