import type { FastifyInstance, InjectOptions } from 'fastify';
import { loadConfig } from '../../../src/config.ts';
import { buildApp } from '../../../src/http/app.ts';
import type { Store } from '../../../src/store/store.ts';
import type { StoreFixture } from '../../support/stores.ts';

/** An answer with its JSON body at hand. */
interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into resources of every kind
  readonly body: any;
}

export interface Server {
  readonly app: FastifyInstance;
  /** Of the fixture; absent when the server opened its own. */
  readonly store?: Store;
  /** `path` below /fhir, with its query; an object body is sent as application/fhir+json. */
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

/**
 * The whole server over a new empty store of the fixture, without a socket; our definitions only if asked for.
 * Without a fixture it opens a store of its own, which validates by all definitions, as in production.
 */
export async function openServer(
  fixture: StoreFixture | undefined,
  environment: Record<string, string> = {},
  profiles = false,
): Promise<Server> {
  const store = await fixture?.open();
  const config = loadConfig({
    LOG_LEVEL: 'silent',
    OVERGANG_DATA: 'memory',
    OVERGANG_BASE_URL: 'http://overgang.test/fhir',
    ...environment,
  });
  const app = await buildApp(config, { ...(store === undefined ? {} : { store }), profiles });
  await app.ready();
  return {
    app,
    ...(store === undefined ? {} : { store }),
    close: () => app.close(),
    send: async (method, path, body, headers = {}) => {
      const response = await app.inject({
        method: method as NonNullable<InjectOptions['method']>,
        url: path.startsWith('/') ? path : `/fhir${path === '' || path.startsWith('?') ? '' : '/'}${path}`,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/fhir+json' }),
          ...headers,
        },
        ...(body === undefined ? {} : { payload: body as string }),
      });
      const text = response.payload;
      const type = String(response.headers['content-type']);
      const isJson =
        /json/.test(type) && !/ndjson/.test(type) && !response.headers['content-encoding'] && text !== '';
      return {
        status: response.statusCode,
        headers: response.headers as Record<string, string>,
        text,
        body: isJson ? JSON.parse(text) : undefined,
      };
    },
  };
}

/** A citizen who has no CPR number. */
export const PATIENT = {
  resourceType: 'Patient',
  active: true,
  name: [{ use: 'official', family: 'Prøve', given: ['Inger'] }],
  birthDate: '1940-02-29',
};
