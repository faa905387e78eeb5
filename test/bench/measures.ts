/**
 * The six parameters, in two parts. The national summary of a year over N stays whose verdicts are kept, beside SQL
 * written by hand over a flat table of the same facts. And evaluation from scratch: the six Measures over the facts of
 * generated stays, with and without gathering, in processor time, and all kept Measures filled by threads as the server
 * does it.
 *
 *   node test/bench/measures.ts [stays with kept verdicts, default 200000] [courses from scratch, default 400; 0: none]
 *
 * The kept verdicts are made up and inserted as rows (their counts are checked against the hand-written SQL): loading
 * the facts behind a million of them takes hours. From scratch works on real facts.
 */

import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import pg from 'pg';
import { PARAMETERS } from '../../src/cli/evaluate/run.ts';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { loadStayFacts, type StayFacts, stayFactsByAndBy } from '../../src/coordination/stay-facts.ts';
import { installProfiles } from '../../src/http/start/install.ts';
import { type EvaluateMeasuresRequest, evaluateMeasures } from '../../src/measures/evaluate-measures.ts';
import { fillVerdicts as fillMeasures } from '../../src/measures/kept/fill.ts';
import { currentlyKept } from '../../src/measures/kept/kept-measures.ts';
import { refreshVerdicts } from '../../src/measures/kept/refresh.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { limitsOf } from '../../src/measures/threads/evaluation.ts';
import { openStore } from '../../src/store/open.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { markAllStale } from '../../src/store/verdicts/stale.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { familyCpuTime } from './support/cpu-time.ts';
import { line, machine, median, sizeArgument } from './support/figures.ts';
import { fillVerdicts, summaryByHand } from './support/verdict-rows.ts';

const stays = sizeArgument(0, 200_000);
const courses = sizeArgument(1, 400, 0);
const six = Object.keys(PARAMETERS);
const calendar = createCalendar();
const ROUNDS = 9;
/** Stays until the code is compiled: that goes on beside the work, and counts as processor time. */
const WARM_UP = 6000;
/** Rounds of filling, where there are so many stays that each takes long. */
const MANY = 2000;
const FEW_ROUNDS = 3;
const YEAR = ['2026-01-01', '2026-12-31'] as const;
const MONTH = ['2026-05-01', '2026-05-31'] as const;
/** In the midst of it: half of what is undecided is not yet due. And after all of it. */
const AS_OF = '2026-07-01T12:00:00Z';
const LATER = '2027-02-01T12:00:00Z';
const ONE = 'municipality 042';

// Filling a million takes longer than measuring: a database of one's own keeps what a run has filled for the next one.
const own = process.env.BENCH_DATABASE_URL;
const server = own === undefined ? await startPostgres() : undefined;
const url = own ?? server?.url('postgres') ?? '';
const store = await openStore({ databaseUrl: url, statementTimeout: 120_000 });
const pool = new pg.Pool({ connectionString: url, max: 4 });
// A connection that is still closing when its server stops is no fault.
pool.on('error', () => {});
await installProfiles(store);
const { rows: versions } = await pool.query<{ server_version: string }>('SHOW server_version');
console.log(machine(versions[0]?.server_version ?? ''));
if (courses > 0) await fromScratch(store);
else await fillMeasures(store, calendar);
await summaries(store);
await pool.end();
await store.close();
await server?.stop();

async function put(bundles: readonly Bundle[]): Promise<void> {
  const changes = bundles
    .flatMap(({ entry }) => entry ?? [])
    .map(({ resource }) => ({ op: 'update', resource }) as Change);
  await store.transaction((transaction) => transaction.write(changes));
}

async function fromScratch(store: Store): Promise<void> {
  for (const bundle of organisationBundles()) await put([bundle]);
  const ids: string[] = [];
  const sendings: Bundle[] = [];
  for (const course of generateCourses(populationOptions({ ...DEFAULT_REQUEST, courses }))) {
    sendings.push(...(course.sendings as Bundle[]));
    ids.push(...new Set(course.expected.map(({ stay }) => stay)));
  }
  for (let at = 0; at < sendings.length; at += 20) await put(sendings.slice(at, at + 20));
  await pool.query('ANALYZE');
  await fillMeasures(store, calendar);
  const kept = (await currentlyKept(store, calendar)) ?? [];
  const measures = kept.filter(({ kept: { id } }) => six.includes(id)).map(({ compiled }) => compiled);
  const gathering: Cost[] = [];
  const evaluating: Cost[] = [];
  const both: Cost[] = [];
  const options = { calendar, onlyComputed: true };
  const gathered = (take: (some: readonly StayFacts[]) => void) => async () => {
    for await (const some of stayFactsByAndBy(store, ids, options)) take(some);
  };
  const evaluated = (some: readonly StayFacts[]): void => {
    for (const one of some) evaluateStay(measures, one, { calendar });
  };
  for (let warm = 0; warm < WARM_UP; warm += ids.length) await gathered(evaluated)();
  // As the server does it: a stay's facts are forgotten when its verdicts are made. Nothing else lies in memory.
  for (let round = 0; round < ROUNDS; round += 1) {
    gathering.push(await costOf(gathered((some) => some.at(-1))));
    both.push(await costOf(gathered(evaluated)));
  }
  const facts: readonly StayFacts[] = await loadStayFacts(store, ids, options);
  for (let round = 0; round < ROUNDS; round += 1) evaluating.push(await costOf(async () => evaluated(facts)));
  // Again and again from nothing, with threads that have compiled the Measures and a database that knows its tables.
  const filling: Cost[] = [];
  const again: Cost[] = [];
  for (let round = 0; round < (facts.length < MANY ? ROUNDS : FEW_ROUNDS); round += 1) {
    await pool.query('TRUNCATE verdict, verdict_reason, verdict_stale, verdict_cell');
    await pool.query("UPDATE verdict_measure SET state = 'filling', filled_to = NULL, filled = 0");
    filling.push(await costOf(() => fillMeasures(store, calendar)));
    await store.transaction((transaction) => markAllStale(transaction));
    again.push(await costOf(() => refreshVerdicts(store, calendar)));
  }
  console.log(`\nFrom scratch: ${facts.length} stays of ${courses} generated courses`);
  line('', 'of a Node core', 'ms Node', 'ms PostgreSQL', 'a second');
  const tell = (name: string, costs: readonly Cost[]) => {
    const each = (pick: (cost: Cost) => number) => median(costs.map(pick)) / facts.length;
    const [node, database, wall] = [
      each((one) => one.node),
      each((one) => one.database),
      each((one) => one.wall),
    ];
    line(
      name,
      `${(1000 / node).toFixed(0)}/s`,
      node.toFixed(2),
      database.toFixed(2),
      (1000 / wall).toFixed(0),
    );
  };
  tell(`the ${measures.length} over facts in memory`, evaluating);
  tell('gathering the facts', gathering);
  tell(`the ${measures.length} with gathering`, both);
  console.log(
    `All ${kept.length} Measures kept, by ${limitsOf(calendar).threads} thread(s) beside the server's`,
  );
  tell('gathered, evaluated, stored new', filling);
  tell('the same again, nothing changed', again);
}

async function summaries(store: Store): Promise<void> {
  const kept = ((await currentlyKept(store, calendar)) ?? []).map(({ compiled, kept: { id, layout } }) => ({
    id,
    layout,
    stratifiers: (compiled.groups[0]?.stratifiers ?? []).map(({ code }) => code?.coding?.[0]?.code ?? ''),
  }));
  const filling = await seconds(() => fillVerdicts(pool, stays, kept, six));
  console.log(`\nSix parameters: ${stays} stays with made-up verdicts (filled in ${filling.toFixed(1)} s)`);
  line('milliseconds', 'Overgang', 'by hand', 'Overgang / hand');
  const national = (rows: readonly unknown[][]) => (rows[0] ?? []).map(Number);
  for (const [when, asOf] of [
    ['', LATER],
    [', as of July', AS_OF],
  ] as const) {
    await compare(
      store,
      `a year, national${when}`,
      [YEAR, asOf],
      { stratifiers: ['none'] },
      undefined,
      (reports, rows) => [reports.flatMap((one) => countsOf(one.group?.[0]?.population)), national(rows)],
    );
  }
  for (const [name, period] of [
    ['a year', YEAR],
    ['a month', MONTH],
  ] as const) {
    await compare(
      store,
      `${name}, by municipality`,
      [period, LATER],
      { stratifiers: ['municipality'] },
      'each municipality',
      byEach,
    );
  }
  const all = [
    ...new Set(kept.filter(({ id }) => six.includes(id)).flatMap(({ stratifiers }) => stratifiers)),
  ];
  await compare(
    store,
    'a year, by all, beside by each',
    [YEAR, LATER],
    { stratifiers: all },
    'each municipality',
    byEach,
  );
  await compare(
    store,
    'a month, one municipality',
    [MONTH, LATER],
    { strata: [`municipality|${ONE}`] },
    'one municipality',
    (reports, rows) => [
      reports.flatMap((one) => countsOf(municipalities(one).find(([name]) => name === ONE)?.[1])),
      national(rows),
    ],
  );
}

type Agree = (
  reports: readonly MeasureReport[],
  rows: readonly unknown[][],
) => [ours: unknown, theirs: unknown];

/** One request for the six, beside one statement; after a look whether they count the same. */
async function compare(
  store: Store,
  name: string,
  [[periodStart, periodEnd], asOf]: readonly [readonly [string, string], string],
  asked: Pick<EvaluateMeasuresRequest, 'stratifiers' | 'strata'>,
  by: Parameters<typeof summaryByHand>[1],
  agree: Agree,
): Promise<void> {
  const request = { measures: six, periodStart, periodEnd, asOf, ...asked };
  const reports = async () =>
    ((await evaluateMeasures(store, request, { calendar })).entry ?? []).map(
      ({ resource }) => resource as MeasureReport,
    );
  const values = [periodStart, periodEnd, asOf, ...(by === 'one municipality' ? [ONE] : [])];
  const byHand = () =>
    pool.query<unknown[]>({ text: summaryByHand(six.length, by), values, rowMode: 'array' });
  const [mine, theirs] = agree(await reports(), (await byHand()).rows).map((one) => JSON.stringify(one));
  // A comparison of two that do not count the same would say nothing.
  if (mine !== theirs) throw new Error(`${name}: Overgang counts ${mine}, by hand it is ${theirs}`);
  const [ours, hand]: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round += 1) {
    ours.push(1000 * (await seconds(reports)));
    hand.push(1000 * (await seconds(byHand)));
  }
  const ratio = median(ours) / median(hand);
  line(name, median(ours).toFixed(1), median(hand).toFixed(1), `${ratio.toFixed(2)} ×`);
}

function byEach(reports: readonly MeasureReport[], rows: readonly unknown[][]): [unknown, unknown] {
  const found = new Map<string, number[]>();
  for (const report of reports) {
    for (const [name, population] of municipalities(report)) {
      found.set(name, [...(found.get(name) ?? []), ...countsOf(population)]);
    }
  }
  return [[...found].sort(([one], [other]) => (one < other ? -1 : 1)).map((one) => one.flat()), rows];
}

type Populations = NonNullable<MeasureReport['group']>[number]['population'];

/** The strata of a report by municipality. */
function municipalities(report: MeasureReport): [string, Populations][] {
  const stratifier = report.group?.[0]?.stratifier?.find(
    ({ code }) => code?.[0]?.coding?.[0]?.code === 'municipality',
  );
  return (stratifier?.stratum ?? []).map(({ value, population }) => [
    value?.coding?.[0]?.code ?? '',
    population,
  ]);
}

function countsOf(populations: Populations): number[] {
  return ['denominator', 'denominator-exclusion', 'numerator', 'denominator-exception'].map(
    (code) =>
      populations?.find((one) => one.code?.coding?.some((coding) => coding.code === code))?.count ?? 0,
  );
}

/** Milliseconds: of processor time of this process with all its threads, of that of its database, and on the clock. */
interface Cost {
  readonly node: number;
  readonly database: number;
  readonly wall: number;
}

async function costOf(work: () => Promise<unknown>): Promise<Cost> {
  const [node, database, start] = [process.cpuUsage(), await databaseTime(), performance.now()];
  await work();
  const wall = performance.now() - start;
  const { user, system } = process.cpuUsage(node);
  return { node: (user + system) / 1000, database: (await databaseTime()) - database, wall };
}

async function databaseTime(): Promise<number> {
  const { rows } = await pool.query<{ pid: number }>('SELECT pid FROM pg_stat_activity');
  return familyCpuTime(rows.map(({ pid }) => pid));
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
