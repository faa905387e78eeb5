/**
 * The store against the raw limit: the same rows by hand-written statements over the same driver and database, turn by
 * turn in one run, so that whatever else the machine does weighs on both. Prints medians and their ratio.
 *
 *   node test/bench/store.ts [resources, default 10000] [turns, default 300]
 */

import type { Encounter, Resource } from '@medplum/fhirtypes';
import pg from 'pg';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { openStore } from '../../src/store/open.ts';
import { startPostgres } from '../support/postgres-server.ts';

const size = Number(process.argv[2] ?? 10_000);
const turns = Number(process.argv[3] ?? 300);

const stay = (number: number): Encounter & { id: string } => ({
  resourceType: 'Encounter',
  id: `e${number}`,
  status: number % 10 === 0 ? 'in-progress' : 'finished',
  class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
  identifier: [{ system: 'urn:stay', value: `id${number}` }],
  subject: { reference: `Patient/p${number % (size / 10)}` },
  period: {
    start: new Date(1.7e12 + number * 60_000).toISOString(),
    end: new Date(1.7e12 + number * 60_000 + 86_400_000).toISOString(),
  },
  serviceProvider: { reference: `Organization/o${number % 50}` },
});

const server = await startPostgres();
const url = server.url('postgres');
const store = await openStore({ databaseUrl: url });
const raw = new pg.Client({ connectionString: url });
await raw.connect();

const median = (times: number[]) => times.sort((one, other) => one - other)[times.length >> 1] ?? 0;

async function compare(
  name: string,
  ours: (turn: number) => Promise<unknown>,
  theirs: (turn: number) => Promise<unknown>,
) {
  const times: [number[], number[]] = [[], []];
  for (let turn = 0; turn < turns; turn++) {
    for (const [index, work] of [ours, theirs].entries()) {
      const start = performance.now();
      await work(turn);
      (times[index] as number[]).push(performance.now() - start);
    }
  }
  const [mine, limit] = [median(times[0]), median(times[1])];
  console.log(
    `${name.padEnd(22)} ${mine.toFixed(3).padStart(8)} ms ${limit.toFixed(3).padStart(8)} ms ${((limit / mine) * 100).toFixed(0).padStart(5)} %`,
  );
}

const started = performance.now();
for (let from = 0; from < size; from += 5_000) {
  const resources: Resource[] = Array.from({ length: Math.min(5_000, size - from) }, (_, index) =>
    stay(from + index),
  );
  await store.transaction((t) => t.write(resources.map((resource) => ({ op: 'create', resource }))));
}
console.log(
  `${server.version}, ${size} stays loaded at ${Math.round((size / (performance.now() - started)) * 1_000)} a second`,
);
await raw.query('ANALYZE');
const { rows: keys } = await raw.query<{ key: string; content: string }>(
  'SELECT key, content FROM resource LIMIT 1000',
);
await raw.query(`CREATE TABLE raw_resource (LIKE resource INCLUDING ALL); CREATE TABLE raw_history (LIKE history INCLUDING ALL);
  CREATE TABLE raw_token (LIKE token_index INCLUDING ALL); CREATE TABLE raw_reference (LIKE reference_index INCLUDING ALL);
  CREATE TABLE raw_date (LIKE date_index INCLUDING ALL)`);
const { rows: targets } = await raw.query<{ target: string; parameter: number }>(
  `SELECT DISTINCT target, parameter FROM reference_index WHERE parameter =
    (SELECT parameter FROM reference_index GROUP BY parameter ORDER BY count(DISTINCT target) DESC LIMIT 1) LIMIT 1000`,
);
const { rows: status } = await raw.query<{ parameter: number }>(
  "SELECT parameter FROM token_index WHERE value = 'finished' LIMIT 1",
);
const statusParameter = status[0]?.parameter as number;

console.log(`${''.padEnd(22)} ${'store'.padStart(11)} ${'raw'.padStart(11)} ${'ratio'.padStart(7)}`);
await compare(
  'read',
  (turn) => store.read('Encounter', `e${turn}`),
  (turn) =>
    raw.query({
      name: 'read',
      text: 'SELECT content FROM resource WHERE key = $1',
      values: [keys[turn % keys.length]?.key],
    }),
);
const INSERT = `WITH r AS (INSERT INTO raw_resource (key, seq, change, last_updated, version, method, type, id, digest, index_digest, tables, content)
    VALUES ($1, $2, $2, now(), 1, 'C', 'Encounter', $3, $1, $1, 0, $4)),
  h AS (INSERT INTO raw_history (key, version, change, xid, last_updated, until, deleted, method, type, id, content)
    VALUES ($1, 1, $2, pg_current_xact_id(), now(), now(), false, 'C', 'Encounter', $3, $4)),
  t AS (INSERT INTO raw_token SELECT n, 'value' || n, $2, n, true, $1 FROM generate_series(1, 4) n),
  f AS (INSERT INTO raw_reference SELECT n, $1, $2, $1 FROM generate_series(1, 3) n)
  INSERT INTO raw_date (parameter, low, high, seq, key) VALUES (1, $2, $2, $2, $1)`;
await compare(
  'create',
  (turn) => store.transaction((t) => t.write([{ op: 'create', resource: stay(size + turn) }])),
  async (turn) => {
    await raw.query('BEGIN');
    const { key, content } = keys[turn % keys.length] as { key: string; content: string };
    const unique = `${key.slice(0, 24)}${String(turn).padStart(12, '0')}`;
    await raw.query({ name: 'insert', text: INSERT, values: [unique, turn, `r${turn}`, content] });
    await raw.query('COMMIT');
  },
);
const RAW_SEARCH = `SELECT r.content FROM reference_index f JOIN token_index t ON t.seq = f.seq AND t.parameter = ${statusParameter} AND t.value = $3
  JOIN resource r ON r.key = f.key WHERE f.parameter = $1 AND f.target = $2 ORDER BY f.seq DESC LIMIT 20`;
const question = (turn: number) =>
  parseSearch('Encounter', [
    ['subject', `Patient/p${turn % (size / 10)}`],
    ['status', 'finished'],
    ['_count', '20'],
  ]);
await compare(
  'two parameters',
  (turn) => store.search(question(turn)),
  (turn) => {
    const { target, parameter } = targets[turn % targets.length] as { target: string; parameter: number };
    return raw.query(RAW_SEARCH, [parameter, target, 'finished']);
  },
);

await raw.end();
await store.close();
await server.stop();
