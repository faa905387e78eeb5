import type { FastifyInstance } from 'fastify';
import type { Store } from '../../store/store.ts';

/** How long the database may take to answer a probe, milliseconds. */
const PROBE_TIMEOUT = 3000;

/**
 * GET /health: the process answers. GET /ready: it may be sent requests, 503 while the database does not
 * answer or the server is stopping.
 */
export function healthRoutes(app: FastifyInstance, store: Store, isStopping: () => boolean): void {
  app.get('/health', { logLevel: 'warn' }, async () => ({ status: 'ok' }));
  app.get('/ready', { logLevel: 'warn' }, async (_request, reply) => {
    const ready = !isStopping() && (await answers(store));
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
}

async function answers(store: Store): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => resolve(false), PROBE_TIMEOUT);
  store.ping().then(
    () => resolve(true),
    () => resolve(false),
  );
  return promise.finally(() => clearTimeout(timer));
}
