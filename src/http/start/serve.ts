import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config.ts';
import { buildApp } from '../app.ts';

/**
 * Starts the server and listens. SIGTERM and SIGINT stop it gracefully: no new connections, open requests
 * are finished (their writes committed or refused), the store is closed, the process ends with 0. A second
 * signal, or the stop timeout, ends it at once with 1; what was acknowledged is stored all the same.
 */
export async function serve(config: Config): Promise<FastifyInstance> {
  const app = await buildApp(config);
  let stopping = false;
  const stop = async (signal: NodeJS.Signals): Promise<void> => {
    if (stopping) process.exit(1);
    stopping = true;
    app.log.info({ signal }, 'stopping');
    setTimeout(() => {
      app.log.error('open requests did not finish in time');
      process.exit(1);
    }, config.stopTimeout).unref();
    await app.close();
    app.log.info('stopped');
    process.exit(0);
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
