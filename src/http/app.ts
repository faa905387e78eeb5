import { randomUUID } from 'node:crypto';
import { constants } from 'node:zlib';
import compress from '@fastify/compress';
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import underPressure from '@fastify/under-pressure';
import Fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyRequest,
  LogController,
} from 'fastify';
import type { Config } from '../config.ts';
import { refreshInBackground } from '../measures/kept/background.ts';
import { expandCodesWith } from '../operations/stored-definitions.ts';
import type { Store } from '../store/store.ts';
import { answerBrokenHttp } from './answer/broken-http.ts';
import { answerErrors, sendError } from './answer/errors.ts';
import { answerLater } from './async/answer-later.ts';
import { logAnswers, loggerOptions, logWarnings } from './log.ts';
import { metadataTexts } from './metadata/metadata.ts';
import { openApiRoutes } from './openapi/routes.ts';
import type { Context } from './request/exchange.ts';
import { fhirEndpoint } from './routes/fhir-endpoint.ts';
import { healthRoutes } from './routes/health.ts';
import { interact } from './routes/interact.ts';
import { letterRoute } from './routes/letter-route.ts';
import { smartConfigurationRoutes } from './routes/smart-configuration.ts';
import { type GivenParts, openServices } from './start/compose.ts';
import { sendInBackground } from './start/outgoing.ts';

declare module 'fastify' {
  interface FastifyInstance {
    /** The open store. */
    readonly store: Store;
  }
}

/** Slow senders are cut off after this many milliseconds for a whole request. */
const REQUEST_TIMEOUT = 120_000;

/** Answers are data: nothing in them may run or be framed. The pages under /docs have their own policy. */
const HEADERS: FastifyHelmetOptions = {
  contentSecurityPolicy: {
    directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    useDefaults: false,
  },
  // For pages with scripts and windows of their own; an interface has none.
  crossOriginOpenerPolicy: false,
  crossOriginResourcePolicy: false,
  originAgentCluster: false,
  xDnsPrefetchControl: false,
  xDownloadOptions: false,
  xPermittedCrossDomainPolicies: false,
  xXssProtection: false,
};

/**
 * Builds the server around an opened store: listeners wired, profiles installed, not yet listening.
 * `app.close()` finishes open requests, then closes the store that it opened.
 * @param given parts that the caller brings, for tests
 */
export async function buildApp(config: Config, given: GivenParts = {}): Promise<FastifyInstance> {
  const app = Fastify({
    logger: loggerOptions(config.logLevel),
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: config.bodyLimit,
    requestTimeout: REQUEST_TIMEOUT,
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    // `+` and `%` in the query are ours to decode: parsePairs refuses what is malformed.
    routerOptions: { querystringParser: () => ({}) },
    clientErrorHandler: answerBrokenHttp,
    frameworkErrors: (error, request, reply) => {
      sendError(error, request as FastifyRequest, reply as never);
    },
  });
  const services = await openServices(config, app.log, given);
  const { store, calendar, definitions, parameters } = services;
  app.decorate('store', store);
  let stopping = false;
  app.addHook('preClose', async () => {
    stopping = true;
    closeWhenIdle(app.server);
  });
  const background: (() => Promise<void>)[] = [];
  app.addHook('onReady', async () => {
    background.push(services.followDefinitions());
  });
  app.addHook('onListen', async () => {
    background.push(
      refreshInBackground(store, {
        calendar,
        onError: (error) => app.log.warn({ err: error }, 'verdicts could not be refreshed'),
      }),
    );
    if (config.outgoing) background.push(sendInBackground(store, app.log, config.resending));
  });
  app.addHook('onClose', async () => {
    await Promise.all(background.map((stop) => stop()));
    await jobs.stop();
    if (given.store === undefined) await store.close();
  });

  await app.register(helmet, HEADERS);
  await app.register(compress, {
    threshold: 1400,
    encodings: ['br', 'gzip', 'deflate'],
    brotliOptions: { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } },
    zlibOptions: { level: 4 },
  });
  if (config.databaseUrl !== undefined) {
    // The embedded database works in this thread and would be taken for pressure.
    // A large transaction may keep the thread for a second. A sample without any turn counts as endless delay, so a
    // sample is as long as the delay that is too much; the default of one second answered 503 to everybody.
    await app.register(underPressure, { maxEventLoopDelay: 5000, sampleInterval: 5000, retryAfter: 5 });
  }
  app.addHook('onSend', async (request, reply) => {
    reply.header('x-request-id', request.id);
    // A connection that is kept open after its answer would hold up the stop.
    if (stopping) reply.header('connection', 'close');
  });
  acceptAnyBody(app);
  logAnswers(app);
  answerErrors(app);
  healthRoutes(app, store, () => stopping);
  smartConfigurationRoutes(app);
  const baseUrlOf = (request: FastifyRequest): string =>
    config.baseUrl ?? `${request.protocol}://${request.host}/fhir`;
  await openApiRoutes(app, parameters.served, baseUrlOf);
  const metadata = metadataTexts(config.databaseUrl === undefined, parameters.served);
  letterRoute(app, { store, relevance: config.relevance });
  const contextWith = (store: Store, baseUrl: string, log: FastifyBaseLogger): Context => ({
    store,
    reader: store,
    baseUrl,
    timezone: config.timezone,
    calendar,
    relevance: config.relevance,
    smallNumbers: { mode: config.smallNumbers, below: config.smallNumbersBelow },
    definitions: definitions.current,
    expandCodes: (set) => expandCodesWith(definitions.known())(set),
    validate: definitions.validate,
    registry: parameters.served(),
    interact,
    metadata,
    failed: (error) => log.error({ err: error }, 'failed'),
  });
  const jobs = answerLater(app, store, (own, baseUrl) => contextWith(own, baseUrl, app.log));
  fhirEndpoint(app, (request) => contextWith(store, baseUrlOf(request), request.log), jobs.kick);
  logWarnings(app.log, config.warnings);
  return app;
}

/** Bodies reach the endpoint as bytes: it knows FHIR's formats, and says where a body is malformed. */
function acceptAnyBody(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
}

/** Connections that clients keep open would hold up the stop: each is closed as soon as it has no request. */
function closeWhenIdle(server: FastifyInstance['server']): void {
  if (!server.listening) return;
  const timer = setInterval(() => server.closeIdleConnections(), 100).unref();
  server.once('close', () => clearInterval(timer));
}
