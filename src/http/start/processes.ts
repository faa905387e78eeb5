import cluster, { type Worker } from 'node:cluster';
import pino from 'pino';
import type { Config } from '../../config.ts';

/** What the first process tells the others. */
const STOP = 'stop';

/** Whether this process is the first of several, which serves nothing itself. */
export function isFirstOfSeveral(config: Config): boolean {
  return config.processes > 1 && cluster.isPrimary;
}

/**
 * Keeps several server processes on one port and one database (node:cluster), each as if it were a server of its own. One
 * that dies is replaced; one that dies while it starts ends them all. SIGTERM and SIGINT stop them gracefully, a second
 * signal at once. The exit code is 0 when all ended well.
 */
export function keepProcesses({ processes, logLevel }: Config): void {
  const log = pino({ level: logLevel });
  /** Those that could start: another of the same settings can, too. */
  const started = new Set<number>();
  let stopping = false;
  let failed = false;
  const each = (what: (worker: Worker) => void): void => {
    for (const worker of Object.values(cluster.workers ?? {})) if (worker !== undefined) what(worker);
  };
  /** One that serves hears the message; one that still starts is ended by the signal. */
  const stopAll = (): void =>
    each((worker) => {
      if (worker.isConnected()) worker.send(STOP);
      worker.process.kill('SIGTERM');
    });
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) {
      each((worker) => worker.process.kill('SIGKILL'));
      process.exit(1);
    }
    stopping = true;
    log.info({ signal }, 'stopping all processes');
    stopAll();
  };
  cluster.on('listening', ({ id }) => started.add(id));
  cluster.on('exit', (worker, code, signal) => {
    if (!stopping) {
      log.error({ code, process: worker.process.pid }, 'a server process has ended');
      if (started.has(worker.id)) {
        cluster.fork();
        return;
      }
      stopping = true;
      failed = true;
      stopAll();
    }
    failed ||= code !== 0 && signal === null;
    if (Object.values(cluster.workers ?? {}).every((other) => other?.isDead())) process.exit(failed ? 1 : 0);
  });
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  for (let count = 0; count < processes; count++) cluster.fork();
}

/** In one of several: hears when to stop, also when the first process is gone. Signals are the first one's to hear. */
export function onStop(stop: (reason: string) => void): void {
  if (!cluster.isWorker) {
    process.on('SIGTERM', stop);
    process.on('SIGINT', stop);
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => undefined);
  process.on('message', (message) => {
    if (message === STOP) stop(STOP);
  });
  process.on('disconnect', () => stop('disconnect'));
}
