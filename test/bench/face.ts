/**
 * The whole server through a real socket, each workload turn by turn beside its two raw limits in the same run: a bare
 * Fastify with hand-written SQL over copies of the same rows, and that SQL alone through `pg`.
 *
 *   node test/bench/face.ts [Observations, default 10000] [milliseconds a measurement, default 800] [connections, default 16]
 *
 * Overgang, the bare Fastify, PostgreSQL and this process are four processes and share the machine's cores.
 */

import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { line, machine, percent, rateOf, sizeArgument } from './support/figures.ts';
import { fire, type Shot } from './support/fire.ts';
import {
  codeOf,
  IDENTIFIERS,
  load,
  observation,
  patientsFor,
  transactionOf,
} from './support/observations.ts';
import { startOvergang, startRaw } from './support/processes.ts';
import { copyRows, type RawRows, rawRows } from './support/raw-rows.ts';

interface Workload {
  readonly name: string;
  /** Resources that one request stores, where that is the figure. */
  readonly each?: number;
  shot(): Shot;
  raw(rows: RawRows): Promise<unknown>;
}

const size = sizeArgument(0, 10_000);
const seconds = sizeArgument(1, 800) / 1000;
const connections = sizeArgument(2, 16);
const patients = patientsFor(size);

let turn = 0;
const next = () => {
  turn += 1;
  return turn;
};
/** The last tenth is there to be deleted; the others are read and updated. */
const living = Math.floor(size * 0.9);
const some = () => (next() * 7919) % living;
let deleted = 0;
const doomed = () => {
  deleted += 1;
  return `o${living + (deleted % (size - living))}`;
};

const read = {
  shot: (): Shot => ({ method: 'GET', path: `/Observation/o${some()}` }),
  raw: (rows: RawRows) => rows.read(`o${some()}`),
};
const fresh = () => JSON.stringify(observation(size + next(), patients));
const create = {
  shot: (): Shot => ({ method: 'POST', path: '/Observation', body: fresh() }),
  raw: (rows: RawRows) => rows.insert([{ id: randomUUID(), content: fresh() }]),
};
/** A remark is added: a new version, nothing new to find it by. */
const changed = (number: number) =>
  JSON.stringify({
    ...observation(number, patients),
    id: `o${number}`,
    note: [{ text: `Remark ${next()}` }],
  });
const update = {
  shot: (): Shot => {
    const number = some();
    return { method: 'PUT', path: `/Observation/o${number}`, body: changed(number) };
  },
  raw: (rows: RawRows) => {
    const number = some();
    return rows.update(`o${number}`, changed(number));
  },
};
const remove = {
  shot: (): Shot => ({ method: 'DELETE', path: `/Observation/${doomed()}` }),
  raw: (rows: RawRows) => rows.delete(doomed()),
};
/** 10 % create, 60 % read, 25 % update, 5 % delete, always in the same order. */
const MIX = [read, update, read, create, read, update, read, read, update, read, remove, read].concat([
  read,
  update,
  read,
  create,
  read,
  update,
  read,
  read,
]);
let place = 0;
const mixed = () => {
  place += 1;
  return MIX[place % MIX.length] ?? read;
};

const workloads: readonly Workload[] = [
  { name: 'read', ...read },
  { name: 'create', ...create },
  { name: 'update', ...update },
  { name: 'mixed 10/60/25/5', shot: () => mixed().shot(), raw: (rows) => mixed().raw(rows) },
  {
    name: 'search by token',
    shot: () => ({ method: 'GET', path: `/Observation?identifier=${IDENTIFIERS}|o${some()}` }),
    raw: (rows) => rows.byIdentifier(`o${some()}`),
  },
  {
    name: 'search by two, page of 20',
    shot: () => {
      const number = some();
      return {
        method: 'GET',
        path: `/Observation?subject=Patient/p${number % patients}&code=${codeOf(number, patients)}&_count=20`,
      };
    },
    raw: (rows) => {
      const number = some();
      return rows.byTwo(`Patient/p${number % patients}`, codeOf(number, patients));
    },
  },
  {
    name: 'search, _include, page of 20',
    shot: () => ({
      method: 'GET',
      path: `/Observation?subject=Patient/p${some() % patients}&_include=Observation:subject&_count=20`,
    }),
    raw: (rows) => rows.withSubject(`Patient/p${some() % patients}`),
  },
  ...[20, 500].map((each): Workload => {
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

console.log(machine(server.version));
console.log(
  `${size} Observations of ${patients} citizens, ${connections} connections, ${seconds} s a figure`,
);
line('a second', 'Overgang', 'bare Fastify', 'pg alone', 'of Fastify', 'of pg', 'median', 'p99');
for (const { name, each = 1, shot, raw } of workloads) {
  const lanes = each > 100 ? 2 : connections;
  await fire(overgang.origin, shot, seconds / 3, lanes);
  await fire(bare.origin, shot, seconds / 6, lanes);
  const ours = await fire(overgang.origin, shot, seconds, lanes);
  const fastify = await fire(bare.origin, shot, seconds, lanes);
  const alone = await rateOf(seconds, lanes, () => raw(rows));
  line(
    name,
    (ours.perSecond * each).toFixed(0),
    (fastify.perSecond * each).toFixed(0),
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
