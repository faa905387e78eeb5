/**
 * What keeping verdicts fresh costs, and how soon they are fresh again. The same HospitalNotification messages and
 * letters are sent to Overgang and to Overgang without verdicts (unkept-server.ts), in turns, so that both see the same
 * machine: messages a second, and processor time a message. Then a burst to the first alone: how long after its last
 * acknowledgement stays are stale, while somebody reads all the time.
 *
 *   node test/bench/fresh.ts [courses a turn, default 40] [turns, default 3] [messages of the burst, default 2000] [at a time, default 16]
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle, Parameters } from '@medplum/fhirtypes';
import pg from 'pg';
import { requestFor } from '../../src/cli/load/sources.ts';
import { httpTarget, problemOf } from '../../src/cli/load/target.ts';
import type { Sending } from '../../src/synthetic/medcom/course.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { cpuTime, familyCpuTime } from './support/cpu-time.ts';
import { line, machine, median, sizeArgument } from './support/figures.ts';
import { type ServerProcess, startOvergang, startUnkept } from './support/processes.ts';

const courses = sizeArgument(0, 40);
const turns = sizeArgument(1, 3);
const burst = sizeArgument(2, 2_000);
const lanes = sizeArgument(3, 16);

interface Side {
  readonly server: ServerProcess;
  readonly database: pg.Client;
  readonly send: (sending: Sending) => Promise<void>;
}

async function sideOf(url: string, start: (url: string) => Promise<ServerProcess>): Promise<Side> {
  const server = await start(url);
  const target = httpTarget(`${server.origin}/fhir`);
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  return {
    server,
    database,
    send: async (sending) => {
      const answer = await target.send(requestFor({ text: JSON.stringify(sending), where: 'generated' }));
      if (answer.status !== 200 || answer.body.includes('fatal-error')) {
        throw new Error(`refused: ${problemOf(answer)}`);
      }
    },
  };
}

/** What of one course follows each other; courses side by side. @returns seconds */
async function sendAll({ send }: Side, each: readonly (readonly Sending[])[]): Promise<number> {
  const waiting = [...each];
  const start = performance.now();
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      for (let course = waiting.pop(); course !== undefined; course = waiting.pop()) {
        for (const sending of course) await send(sending);
      }
    }),
  );
  return (performance.now() - start) / 1000;
}

async function staleStays({ server }: Side): Promise<number> {
  const answer = await fetch(`${server.origin}/fhir/Measure/$evaluation-status`);
  const { parameter = [] } = (await answer.json()) as Parameters;
  return parameter.find(({ name }) => name === 'stale')?.valueInteger ?? 0;
}

/** Milliseconds of processor time used so far, by the server and by PostgreSQL; the other side does nothing meanwhile. */
async function used({ server, database }: Side): Promise<number> {
  const { rows } = await database.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  return cpuTime([server.pid]) + familyCpuTime(rows.map(({ pid }) => pid));
}

const postgres = await startPostgres();
const admin = new pg.Client({ connectionString: postgres.url('postgres') });
await admin.connect();
await admin.query('CREATE DATABASE unkept');
await admin.end();
const kept = await sideOf(postgres.url('postgres'), startOvergang);
const unkept = await sideOf(postgres.url('unkept'), startUnkept);

const perCourse = 8;
const all = [
  ...generateCourses(
    populationOptions({
      ...DEFAULT_REQUEST,
      courses: courses * (turns + 1) + Math.ceil(burst / perCourse) * 2,
      as: 'medcom',
    }),
  ),
].map(({ sendings }) => sendings);
const told = (sending: Sending): boolean =>
  sending.resourceType === 'Binary' || (sending as Bundle).type === 'message';
const messages = all.map((course) => course.filter(told));
const preparing = all.map((course) => course.filter((sending) => !told(sending)));

console.log(machine(postgres.version));
const rates: { kept: number[]; unkept: number[] } = { kept: [], unkept: [] };
const costs: { kept: number[]; unkept: number[] } = { kept: [], unkept: [] };
for (const side of [kept, unkept]) {
  await sendAll(side, [organisationBundles()]);
  await sendAll(side, preparing);
  // The code is compiled and the tables have some size.
  await sendAll(side, messages.slice(0, courses));
}
for (let turn = 1; turn <= turns; turn += 1) {
  const own = messages.slice(turn * courses, (turn + 1) * courses);
  const count = own.flat().length;
  for (const [name, side] of [
    ['kept', kept],
    ['unkept', unkept],
  ] as const) {
    const before = await used(side);
    const seconds = await sendAll(side, own);
    rates[name].push(count / seconds);
    // What is left to refresh belongs to these messages as well.
    while ((await staleStays(side)) > 0) await wait(100);
    costs[name].push(((await used(side)) - before) / count);
  }
}
const [keptRate, unkeptRate] = [median(rates.kept), median(rates.unkept)];
const [keptCost, unkeptCost] = [median(costs.kept), median(costs.unkept)];
line('messages and letters', 'a second', 'ms processor', 'of throughput');
line('without verdicts', unkeptRate.toFixed(0), unkeptCost.toFixed(2));
line(
  'verdicts kept fresh',
  keptRate.toFixed(0),
  keptCost.toFixed(2),
  `${(100 * (1 - keptRate / unkeptRate)).toFixed(0)} % less`,
);
await unkept.server.stop();
await unkept.database.end();

const rest = messages.slice((turns + 1) * courses);
const wave: (readonly Sending[])[] = [];
for (let count = 0; count < burst && rest.length > 0; ) {
  const course = rest.shift() ?? [];
  wave.push(course);
  count += course.length;
}
const reads: number[] = [];
let reading = true;
const reader = (async () => {
  while (reading) {
    const start = performance.now();
    await (await fetch(`${kept.server.origin}/fhir/Measure/discharge-letter`)).text();
    reads.push(performance.now() - start);
    await wait(50);
  }
})();
const sending = await sendAll(kept, wave);
const acknowledged = performance.now();
const left = await staleStays(kept);
while ((await staleStays(kept)) > 0) await wait(100);
const stale = (performance.now() - acknowledged) / 1000;
reading = false;
await reader;
const count = wave.flat().length;
console.log(`\nA burst of ${count} messages and letters in ${sending.toFixed(1)} s`);
line('stays stale at its end', String(left));
line('all fresh again after', `${stale.toFixed(1)} s`);
line('reads meanwhile, ms', `median ${median(reads).toFixed(0)}`, `slowest ${Math.max(...reads).toFixed(0)}`);
await kept.server.stop();
await kept.database.end();
await postgres.stop();
