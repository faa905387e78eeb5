/**
 * Whether indexed searches stay as fast when the store grows: the same searches over 10,000 Observations, and again
 * when copies have made a million of them. Few connections: what is asked is how long a search takes.
 *
 *   node test/bench/flat.ts [copies, default 99] [milliseconds a measurement, default 1000] [connections, default 2]
 */

import { setTimeout as wait } from 'node:timers/promises';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { multiply } from './support/copies.ts';
import { line, machine, sizeArgument } from './support/figures.ts';
import { fire } from './support/fire.ts';
import { load, patientsFor } from './support/observations.ts';
import { startOvergang } from './support/processes.ts';
import { searchesFor, shotOf } from './support/searches.ts';

const SIZE = 10_000;
const copies = sizeArgument(0, 99);
const seconds = sizeArgument(1, 1000) / 1000;
const connections = sizeArgument(2, 2);
const patients = patientsFor(SIZE);

// As PostgreSQL's documentation advises for a machine of its own: a fifth of 24 GB, so that both stores lie in memory.
const server = await startPostgres(['shared_buffers=5GB', 'max_wal_size=8GB', 'checkpoint_timeout=1h']);
const url = server.url('postgres');
const store = await openStore({ databaseUrl: url });
await load(store, SIZE);
await store.close();
const pool = new pg.Pool({ connectionString: url, max: 1 });
pool.on('error', () => {});
await pool.query('VACUUM ANALYZE');

/** Milliseconds an answer takes on average, each kind of search and read. */
async function measure(observations: number): Promise<ReadonlyMap<string, number>> {
  const overgang = await startOvergang(url);
  // Numbers all over the store, the same kind of citizen for each: copies have the citizens of their pattern's place.
  let turn = 0;
  const some = () => {
    turn += 1;
    return (turn * 7919) % observations;
  };
  const citizens = (number: number) => {
    const copy = Math.floor(number / SIZE);
    return copy * patients + ((number % SIZE) % patients);
  };
  const workloads = [
    { name: 'read', shot: () => ({ method: 'GET' as const, path: `/Observation/o${some()}` }) },
    ...searchesFor(patients, citizens).map((search) => ({
      name: search.name,
      shot: () => shotOf(search, some()),
    })),
    {
      name: 'newest first by _lastUpdated',
      shot: () => ({ method: 'GET' as const, path: '/Observation?_sort=-_lastUpdated&_count=20' }),
    },
    {
      name: 'newest first by date',
      shot: () => ({ method: 'GET' as const, path: '/Observation?_sort=-date&_count=20' }),
    },
  ];
  const figures = new Map<string, number>();
  for (const { name, shot } of workloads) {
    await fire(overgang.origin, shot, seconds / 2, connections);
    const { perSecond } = await fire(overgang.origin, shot, seconds, connections);
    figures.set(name, (1000 * connections) / perSecond);
  }
  await overgang.stop();
  return figures;
}

console.log(machine(server.version));
const small = await measure(SIZE);
const started = performance.now();
await multiply(pool, SIZE, patients, copies);
// What was copied is on disk, and nobody tidies up any more: otherwise that is measured, not the searches.
await pool.query('CHECKPOINT');
const busy = `SELECT FROM pg_stat_activity WHERE backend_type = 'autovacuum worker'`;
while ((await pool.query(busy)).rowCount !== 0) await wait(1_000);
const took = ((performance.now() - started) / 1000).toFixed(0);
const { rows } = await pool.query<{ n: string }>('SELECT count(*) AS n FROM resource WHERE NOT deleted');
console.log(
  `${rows[0]?.n} resources after ${took} s of copying; ${connections} connections, ${seconds} s a figure`,
);
const large = await measure(SIZE * (copies + 1));
line('milliseconds an answer', `${SIZE}`, `${SIZE * (copies + 1)}`, 'growth');
for (const [name, before] of small) {
  const after = large.get(name) as number;
  line(name, before.toFixed(2), after.toFixed(2), `${(after / before).toFixed(2)} ×`);
}
await pool.end();
await server.stop();
