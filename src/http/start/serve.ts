import type { FastifyInstance } from 'fastify';
import type { Config } from '../../config.ts';
import { buildApp } from '../app.ts';
import { isFirstOfSeveral, keepProcesses, onStop } from './processes.ts';

/**
 * Starts the server and listens. SIGTERM and SIGINT stop it gracefully: no new connections, open requests
 * are finished (their writes committed or refused), the store is closed, the process ends with 0. A second
 * signal, or the stop timeout, ends it at once with 1; what was acknowledged is stored all the same.
 * @returns undefined where this process only keeps others that serve (OVERGANG_PROCESSES)
 */
export async function serve(config: Config): Promise<FastifyInstance | undefined> {
  if (isFirstOfSeveral(config)) {
    keepProcesses(config);
    return undefined;
  }
  const app = await buildApp(config);
  let stopping = false;
  const stop = async (signal: string): Promise<void> => {
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
  onStop((reason) => void stop(reason));
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await app.close();
    throw error;
  }
  return app;
}
