/**
 * The whole server through a real socket, each workload turn by turn beside its two raw limits in the same run: a bare
 * Fastify with hand-written SQL over copies of the same rows, and that SQL alone through `pg`.
 *
 *   node test/bench/face.ts [Observations, default 10000] [milliseconds a measurement, default 800] [connections, default 16]
 *     [part of a workload's name: only those]
 *
 * Overgang, the bare Fastify, PostgreSQL and this process are four processes and share the machine's cores.
 */

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { cpuTime, familyCpuTime } from './support/cpu-time.ts';
import { crudOf, type Workload } from './support/crud.ts';
import { line, machine, percent, rateOf, sizeArgument } from './support/figures.ts';
import { type Fired, fire } from './support/fire.ts';
import { load, observation, patientsFor, transactionOf } from './support/observations.ts';
import { startOvergang, startRaw } from './support/processes.ts';
import { copyRows, rawRows } from './support/raw-rows.ts';
import { searchesFor, shotOf } from './support/searches.ts';

interface Measured extends Workload {
  readonly name: string;
  /** Resources that one request stores, where that is the figure. */
  readonly each?: number;
}

const size = sizeArgument(0, 10_000);
const seconds = sizeArgument(1, 800) / 1000;
const connections = sizeArgument(2, 16);
/** Part of a workload's name, to measure it alone. */
const only = process.argv[5];
const patients = patientsFor(size);

const { read, create, update, mixed, next, some } = crudOf(size);

const workloads: readonly Measured[] = [
  { name: 'read', ...read },
  { name: 'create', ...create },
  { name: 'update', ...update },
  { name: 'mixed 10/60/25/5', ...mixed },
  ...searchesFor(patients).map(
    (search): Measured => ({
      name: search.name,
      shot: () => shotOf(search, some()),
      raw: (rows) => search.raw(rows, some()),
    }),
  ),
  ...[20, 500].map((each): Measured => {
    const entries = () => Array.from({ length: each }, () => observation(size + next(), patients));
    return {
      name: `transaction of ${each}, resources`,
      each,
      shot: () => ({ method: 'POST', path: '', body: JSON.stringify(transactionOf(entries())) }),
      raw: (rows) =>
        rows.insert(entries().map((one) => ({ id: randomUUID(), content: JSON.stringify(one) }))),
    };
  }),
];

const server = await startPostgres();
const url = server.url('postgres');
const store = await openStore({ databaseUrl: url });
await load(store, size);
await store.close();
const pool = new pg.Pool({ connectionString: url, max: 20 });
// A connection that is still closing when its server stops is no fault.
pool.on('error', () => {});
await copyRows(pool);
const rows = await rawRows(pool);
const [overgang, bare] = [await startOvergang(url), await startRaw(url)];

/** Milliseconds of processor time so far: Overgang's process, all of PostgreSQL's. */
async function used(): Promise<readonly [number, number]> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  return [cpuTime([overgang.pid]), familyCpuTime(rows.map(({ pid }) => pid))];
}

console.log(machine(server.version));
console.log(
  `${size} Observations of ${patients} citizens, ${connections} connections, ${seconds} s a figure`,
);
const heads = [
  'Overgang',
  'ms Node',
  'ms PostgreSQL',
  'bare Fastify',
  'ms PostgreSQL',
  'pg alone',
  'of Fastify',
];
line('a second', ...heads, 'of pg', 'median', 'p99');
for (const { name, each = 1, shot, raw } of workloads) {
  if (only !== undefined && !name.includes(only)) continue;
  const lanes = each > 100 ? 4 : connections;
  await fire(overgang.origin, shot, seconds / 3, lanes);
  await fire(bare.origin, shot, seconds / 6, lanes);
  const before = await used();
  const ours = await fire(overgang.origin, shot, seconds, lanes);
  const between = await used();
  const fastify = await fire(bare.origin, shot, seconds, lanes);
  const after = await used();
  const cost = (milliseconds: number, { answered }: Fired) => (milliseconds / answered / each).toFixed(3);
  const alone = await rateOf(seconds, lanes, () => raw(rows));
  line(
    name,
    (ours.perSecond * each).toFixed(0),
    cost(between[0] - before[0], ours),
    cost(between[1] - before[1], ours),
    (fastify.perSecond * each).toFixed(0),
    cost(after[1] - between[1], fastify),
    (alone * each).toFixed(0),
    percent(ours.perSecond, fastify.perSecond),
    percent(ours.perSecond, alone),
    `${ours.median} ms`,
    `${ours.p99} ms`,
    ...(ours.refused > 0 ? [`${ours.refused} refused`] : []),
  );
}

await Promise.all([overgang.stop(), bare.stop()]);
await pool.end();
await server.stop();
