import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** A server in a process of its own, so that who measures and who is measured share no event loop. */
export interface ServerProcess {
  /** `http://127.0.0.1:…` */
  readonly origin: string;
  readonly pid: number;
  stop(): Promise<void>;
}

/** Overgang as it is started for real (`npm start`), over this database. */
export function startOvergang(databaseUrl: string): Promise<ServerProcess> {
  return start(new URL('../../../src/main.ts', import.meta.url), databaseUrl);
}

/** Overgang without verdicts (test/bench/unkept-server.ts). */
export function startUnkept(databaseUrl: string): Promise<ServerProcess> {
  return start(new URL('../unkept-server.ts', import.meta.url), databaseUrl);
}

/** A bare Fastify with hand-written SQL over copies of the same rows (test/bench/raw-server.ts). */
export function startRaw(databaseUrl: string): Promise<ServerProcess> {
  return start(new URL('../raw-server.ts', import.meta.url), databaseUrl);
}

async function start(script: URL, databaseUrl: string): Promise<ServerProcess> {
  const port = await freePort();
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--max-semi-space-size=64', fileURLToPath(script)],
    {
      env: {
        ...process.env,
        HOST: '127.0.0.1',
        PORT: String(port),
        DATABASE_URL: databaseUrl,
        LOG_LEVEL: 'error',
      },
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  process.once('exit', () => child.kill('SIGKILL'));
  const origin = `http://127.0.0.1:${port}`;
  const until = Date.now() + 60_000;
  while (!(await answers(`${origin}/ready`))) {
    if (child.exitCode !== null || Date.now() > until) throw new Error(`${script} did not start`);
    await wait(100);
  }
  return {
    origin,
    pid: child.pid as number,
    stop: async () => {
      child.kill('SIGTERM');
      if (child.exitCode === null) await once(child, 'exit');
    },
  };
}

async function answers(address: string): Promise<boolean> {
  try {
    return (await fetch(address)).ok;
  } catch {
    return false;
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}
