import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { pgliteImage } from './pglite-image.ts';
import { type PostgresServer, startPostgres } from './postgres-server.ts';

interface Run {
  readonly server: PostgresServer | undefined;
  readonly folder: string;
}

/** What the tests need to know, in the environment that jest's workers inherit. */
export const TEMPLATE = 'overgang_template';

async function preparePostgres(): Promise<PostgresServer | undefined> {
  try {
    const server = await startPostgres();
    const client = new pg.Client({ connectionString: server.url('postgres') });
    await client.connect();
    await client.query(`CREATE DATABASE ${TEMPLATE}`);
    await client.end();
    await (await openStore({ databaseUrl: server.url(TEMPLATE), connections: 2 })).close();
    process.env.OVERGANG_TEST_POSTGRES = server.url('');
    return server;
  } catch (error) {
    if (process.env.CI !== undefined) {
      throw error;
    }
    console.warn(`\nSKIPPED: tests on PostgreSQL, which does not start here.\n${String(error)}\n`);
    return undefined;
  }
}

/** Processes and threads that tests start load our modules; half of that time is compiling them anew. */
const COMPILED = join(tmpdir(), 'overgang-test-compiled');

/** Once a run: a PostgreSQL with a migrated template database, and the image of a migrated PGlite. */
export default async function setup(): Promise<void> {
  process.env.NODE_COMPILE_CACHE ??= COMPILED;
  const folder = await mkdtemp(join(tmpdir(), 'overgang-tests-'));
  const [server, image] = await Promise.all([preparePostgres(), pgliteImage()]);
  const file = join(folder, 'pglite.tar');
  await writeFile(file, image);
  process.env.OVERGANG_TEST_PGLITE = file;
  const run: Run = { server, folder };
  Object.assign(globalThis, { overgangTestRun: run });
}

export async function tearDown(): Promise<void> {
  const { server, folder } = (globalThis as unknown as { overgangTestRun: Run }).overgangTestRun;
  await server?.stop();
  await rm(folder, { recursive: true, force: true });
}
