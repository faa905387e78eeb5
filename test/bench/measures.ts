/**
 * The six parameters, in two parts. The national summary of a year over N stays whose verdicts are kept, beside SQL
 * written by hand over a flat table of the same facts. And evaluation from scratch: the six Measures over the facts of
 * generated stays, with and without gathering and keeping.
 *
 *   node test/bench/measures.ts [stays with kept verdicts, default 200000] [courses from scratch, default 60]
 *
 * The kept verdicts are made up and inserted as rows (their counts are checked against the hand-written SQL): loading
 * the facts behind a million of them takes hours. From scratch works on real facts.
 */

import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import pg from 'pg';
import { PARAMETERS } from '../../src/cli/evaluate/run.ts';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { loadStayFacts } from '../../src/coordination/stay-facts.ts';
import { installProfiles } from '../../src/http/start/install.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { fillVerdicts as fillMeasures } from '../../src/measures/kept/fill.ts';
import { currentlyKept } from '../../src/measures/kept/kept-measures.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { openStore } from '../../src/store/open.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../support/postgres-server.ts';
import { line, machine, median, sizeArgument } from './support/figures.ts';
import { fillVerdicts, summaryByHand } from './support/verdict-rows.ts';

const stays = sizeArgument(0, 200_000);
const courses = sizeArgument(1, 60);
const six = Object.keys(PARAMETERS);
const calendar = createCalendar();
const ROUNDS = 9;
const YEAR = ['2026-01-01', '2026-12-31'] as const;
const MONTH = ['2026-05-01', '2026-05-31'] as const;
const AS_OF = '2026-07-01T12:00:00Z';

const server = await startPostgres();
const url = server.url('postgres');
const store = await openStore({ databaseUrl: url, statementTimeout: 120_000 });
const pool = new pg.Pool({ connectionString: url, max: 4 });
// A connection that is still closing when its server stops is no fault.
pool.on('error', () => {});
await installProfiles(store);
console.log(machine(server.version));
await fromScratch(store);
await summaries(store);
await pool.end();
await store.close();
await server.stop();

async function put(bundle: Bundle): Promise<void> {
  const changes = (bundle.entry ?? []).map(({ resource }) => ({ op: 'update', resource }) as Change);
  await store.transaction((transaction) => transaction.write(changes));
}

async function fromScratch(store: Store): Promise<void> {
  for (const bundle of organisationBundles()) await put(bundle);
  const ids: string[] = [];
  for (const course of generateCourses(populationOptions({ ...DEFAULT_REQUEST, courses }))) {
    for (const sending of course.sendings) await put(sending as Bundle);
    ids.push(...new Set(course.expected.map(({ stay }) => stay)));
  }
  await pool.query('ANALYZE');
  const everything = await seconds(() => fillMeasures(store, calendar));
  const kept = (await currentlyKept(store, calendar)) ?? [];
  const measures = kept.filter(({ kept: { id } }) => six.includes(id)).map(({ compiled }) => compiled);
  const gathering = await seconds(() => loadStayFacts(store, ids, { calendar }));
  const facts = await loadStayFacts(store, ids, { calendar });
  const evaluating: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    evaluating.push(
      await seconds(async () => {
        for (const one of facts) evaluateStay(measures, one, { calendar });
      }),
    );
  }
  console.log(`\nFrom scratch: ${facts.length} stays of ${courses} generated courses, one thread`);
  line('', 'stays a second');
  const rate = (time: number) => (facts.length / time).toFixed(0);
  line(`${measures.length} Measures over facts in memory`, rate(median(evaluating)));
  line('gathering the facts', rate(gathering));
  line('the six with gathering', rate(gathering + median(evaluating)));
  line(`all ${kept.length}, gathered and kept, cold`, rate(everything));
}

async function summaries(store: Store): Promise<void> {
  const kept = ((await currentlyKept(store, calendar)) ?? []).map((one) => one.kept);
  await pool.query('TRUNCATE verdict, verdict_value, verdict_reason, verdict_stale');
  const filling = await seconds(() => fillVerdicts(pool, stays, kept, six));
  console.log(`\nSix parameters: ${stays} stays with made-up verdicts (filled in ${filling.toFixed(1)} s)`);
  line('milliseconds', 'Overgang', 'by hand', 'Overgang / hand');
  for (const [name, period] of [
    ['a year', YEAR],
    ['a month', MONTH],
  ] as const) {
    const reports = () => Promise.all(six.map((id) => report(store, id, period)));
    const byHand = () =>
      pool.query<number[]>({ text: summaryByHand(six.length), values: [...period, AS_OF], rowMode: 'array' });
    agree(await reports(), (await byHand()).rows[0] ?? []);
    const [ours, hand]: [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round += 1) {
      ours.push(1000 * (await seconds(reports)));
      hand.push(1000 * (await seconds(byHand)));
    }
    const [mine, limit] = [median(ours), median(hand)];
    line(
      `${name}, with all stratifiers`,
      mine.toFixed(1),
      limit.toFixed(1),
      `${(mine / limit).toFixed(2)} ×`,
    );
  }
}

function report(store: Store, measureId: string, [periodStart, periodEnd]: readonly [string, string]) {
  return evaluateMeasure(store, { measureId, periodStart, periodEnd, asOf: AS_OF }, { calendar });
}

/** A comparison of two that do not count the same would say nothing. */
function agree(reports: readonly MeasureReport[], byHand: readonly unknown[]): void {
  const ours = reports.flatMap(({ group }) =>
    ['denominator', 'denominator-exclusion', 'numerator', 'denominator-exception'].map(
      (code) =>
        group?.[0]?.population?.find((one) => one.code?.coding?.some((coding) => coding.code === code))
          ?.count ?? 0,
    ),
  );
  const theirs = byHand.map(Number);
  if (ours.join() !== theirs.join()) throw new Error(`Overgang counts ${ours}, by hand it is ${theirs}`);
}

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
