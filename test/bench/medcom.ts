/**
 * MedCom end to end through a real socket: HospitalNotification messages and OIOXML letters of generated courses,
 * each parsed, validated, stored, its obligations planned and acknowledged. Verdicts are refreshed in the background,
 * which is put off (some seconds at most) while messages keep the server busy: those of the warm-up are waited for.
 * Beside it the store's own rate in the same run: transactions that create one Encounter and nothing more. The client
 * that sends shares the machine. `stolen` is the share of the processors' time that the machine's host gave to others
 * meanwhile: a virtual machine's two cores are two only where that is 0.
 *
 *   node test/bench/medcom.ts [courses, default 1000] [at a time, default 64]
 */

import { setTimeout as wait } from 'node:timers/promises';
import type { Bundle } from '@medplum/fhirtypes';
import pg from 'pg';
import { requestFor } from '../../src/cli/load/sources.ts';
import { problemOf } from '../../src/cli/load/target.ts';
import { openStore } from '../../src/store/open.ts';
import type { Sending } from '../../src/synthetic/medcom/course.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { cpuTime, familyCpuTime, machineTime } from './support/cpu-time.ts';
import { line, machine, percent, rateOf, sizeArgument } from './support/figures.ts';
import { openLane, type WireRequest, wireRequest } from './support/post.ts';
import { startOvergang } from './support/processes.ts';

const courses = sizeArgument(0, 1000);
const lanes = sizeArgument(1, 64);
/** Courses sent before: V8 goes on compiling for some eight thousand messages and letters, the first half minute. */
const WARM_UP = 1000;

const server = await startPostgres();
const url = server.url('postgres');
const overgang = await startOvergang(url);
const database = new pg.Client({ connectionString: url });
await database.connect();

interface Figures {
  readonly count: number;
  readonly rate: number;
  /** Milliseconds of processor time of one sending. */
  readonly node: number;
  readonly postgres: number;
  /** Transactions of one sending; those of the background count too. */
  readonly transactions: number;
  /** Half of the answers came within these milliseconds, and 99 of 100. */
  readonly median: number;
  readonly slow: number;
  readonly stolen: number;
}

async function used(): Promise<{
  readonly postgres: number;
  readonly node: number;
  readonly commits: number;
}> {
  const { rows } = await database.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  const counted = await database.query<{ commits: string }>(
    'SELECT sum(xact_commit) AS commits FROM pg_stat_database WHERE datname = current_database()',
  );
  return {
    postgres: familyCpuTime(rows.map(({ pid }) => pid)),
    node: cpuTime([overgang.pid]),
    commits: Number(counted.rows[0]?.commits),
  };
}

/**
 * What of one course follows each other; courses side by side. The rate is that of the time in which all lanes have
 * something to send: at the end, when the last courses are alone, it would be that of a server with nothing to do.
 */
async function sendAll(each: readonly (readonly Sending[])[]): Promise<Figures> {
  const waiting = each.map((course): WireRequest[] =>
    course.map((sending) =>
      wireRequest(overgang.origin, requestFor({ text: JSON.stringify(sending), where: 'generated' })),
    ),
  );
  const count = waiting.flat().length;
  const times: number[] = [];
  const open = await Promise.all(Array.from({ length: lanes }, () => openLane(overgang.origin)));
  const before = await used();
  const machineBefore = machineTime();
  const start = performance.now();
  let busy: { readonly until: number; readonly sent: number } | undefined;
  await Promise.all(
    open.map(async (lane) => {
      for (let course = waiting.pop(); course !== undefined; course = waiting.pop()) {
        for (const request of course) {
          const sent = performance.now();
          const answer = await lane.send(request);
          if (answer.status !== 200 || answer.body.includes('fatal-error')) {
            throw new Error(`refused: ${problemOf(answer)}`);
          }
          times.push(performance.now() - sent);
        }
      }
      busy ??= { until: performance.now(), sent: times.length };
      lane.close();
    }),
  );
  const { until = start, sent = 0 } = busy ?? {};
  const rate = sent / ((until - start) / 1000);
  const machineAfter = machineTime();
  const after = await used();
  times.sort((one, other) => one - other);
  return {
    count,
    rate,
    node: (after.node - before.node) / count,
    postgres: (after.postgres - before.postgres) / count,
    transactions: (after.commits - before.commits) / count,
    median: times[count >> 1] ?? 0,
    slow: times[Math.floor(count * 0.99)] ?? 0,
    stolen: (machineAfter.stolen - machineBefore.stolen) / (machineAfter.all - machineBefore.all || 1),
  };
}

/** Waits until no verdict is left to be refreshed (at most a minute), which the next figures would pay for. */
async function settled(): Promise<void> {
  for (const until = Date.now() + 60_000; Date.now() < until; await wait(200)) {
    const { rows } = await database.query<{ stale: boolean }>(
      'SELECT EXISTS (SELECT FROM verdict_stale) AS stale',
    );
    if (rows[0]?.stale === false) return;
  }
}

const isMessage = (sending: Sending) => (sending as Bundle).type === 'message';
const isLetter = (sending: Sending) => sending.resourceType === 'Binary';
const population = populationOptions({ ...DEFAULT_REQUEST, courses: courses + WARM_UP, as: 'medcom' });
const all = [...generateCourses(population)].map(({ sendings }) => sendings);
const messages = all.map((course) => course.filter(isMessage));
const letters = all.map((course) => course.filter(isLetter));

await sendAll([organisationBundles()]);
await sendAll(all.map((course) => course.filter((one) => !isMessage(one) && !isLetter(one))));
await sendAll(messages.slice(0, WARM_UP));
await sendAll(letters.slice(0, WARM_UP));
await settled();
const told = await sendAll(messages.slice(WARM_UP));
await settled();
const results = { 'HospitalNotification messages': told, letters: await sendAll(letters.slice(WARM_UP)) };
await overgang.stop();
await database.end();

const store = await openStore({ databaseUrl: url });
const transactionRate = await rateOf(3, lanes, () =>
  store.transaction((transaction) =>
    transaction.write([
      {
        op: 'create',
        resource: {
          resourceType: 'Encounter',
          status: 'finished',
          class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'IMP' },
          subject: { reference: 'Patient/bench' },
          period: { start: '2026-03-10T09:00:00+01:00', end: '2026-03-12T14:00:00+01:00' },
        },
      },
    ]),
  ),
);
await store.close();
await server.stop();

console.log(machine(server.version));
console.log(`${courses} courses, ${lanes} at a time`);
line(
  '',
  'sent',
  'a second',
  'of raw store',
  'ms node',
  'ms PostgreSQL',
  'transactions',
  'ms median',
  'ms p99',
  'stolen',
);
for (const [name, { count, rate, node, postgres, transactions, median, slow, stolen }] of Object.entries(
  results,
)) {
  line(
    name,
    String(count),
    rate.toFixed(0),
    percent(rate, transactionRate),
    node.toFixed(2),
    postgres.toFixed(2),
    transactions.toFixed(2),
    median.toFixed(0),
    slow.toFixed(0),
    percent(stolen, 1),
  );
}
line('raw store transactions', '', transactionRate.toFixed(0));
