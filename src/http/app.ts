import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import helmet from '@fastify/helmet';
import underPressure from '@fastify/under-pressure';
import Fastify, { type FastifyInstance, type FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import type { Store } from '../store/store.ts';
import { openServices } from './compose.ts';
import { answerErrors, sendError } from './errors.ts';
import { fhirEndpoint } from './fhir-endpoint.ts';
import { healthRoutes } from './health.ts';
import { interact } from './interact.ts';
import { logAnswers, loggerOptions, logWarnings } from './log.ts';
import { metadataTexts } from './metadata/metadata.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The open store; closed with the app. */
    readonly store: Store;
  }
}

/** Slow senders are cut off after this many milliseconds for a whole request. */
const REQUEST_TIMEOUT = 120_000;

/**
 * Builds the server around an opened store: listeners wired, profiles installed, not yet listening.
 * `app.close()` finishes open requests, then closes the store.
 * @param given a store opened by the caller, for tests; it is closed with the app all the same.
 */
export async function buildApp(config: Config, given?: Store): Promise<FastifyInstance> {
  const app = Fastify({
    logger: loggerOptions(config.logLevel),
    disableRequestLogging: true,
    bodyLimit: config.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // `+` and `%` in the query are ours to decode: parsePairs refuses what is malformed.
    routerOptions: { querystringParser: () => ({}) },
    frameworkErrors: (error, request, reply) => {
      sendError(error, request as FastifyRequest, reply as never);
    },
  });
  const store = await openServices(config, app.log, given);
  app.decorate('store', store);
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
  });
  app.addHook('onClose', () => store.close());

  await app.register(helmet);
  await app.register(compress, {
    threshold: 1400,
    encodings: ['br', 'gzip', 'deflate'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 4 },
  });
  if (config.databaseUrl !== undefined) {
    // The embedded database works in this thread and would be taken for pressure.
    await app.register(underPressure, { maxEventLoopDelay: 5000, retryAfter: 5 });
  }
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  acceptAnyBody(app);
  logAnswers(app);
  answerErrors(app);
  healthRoutes(app, store, () => stopping);
  const metadata = metadataTexts(config.databaseUrl === undefined);
  fhirEndpoint(app, (request) => ({
    store,
    reader: store,
    baseUrl: config.baseUrl ?? `${request.protocol}://${request.host}/fhir`,
    timezone: config.timezone,
    interact,
    metadata,
    failed: (error) => request.log.error({ err: error }, 'failed'),
  }));
  logWarnings(app.log, config.warnings);
  return app;
}

/** Bodies reach the endpoint as bytes: it knows FHIR's formats, and says where a body is malformed. */
function acceptAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}
