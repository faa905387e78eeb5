/**
 * The six parameters in CQL (six-parameters.cql, translated by @cqframework/cql, run by fqm-execution) beside
 * Overgang's own, stay by stay over generated courses; and the processor time that both take, one thread each: for the
 * evaluation, and with what each reads: Overgang its facts from PostgreSQL, fqm-execution a Bundle for each patient, as
 * text. Overgang is timed nine times, warm, and the median told; fqm-execution once, for it takes minutes.
 *
 *   cd test/bench/cql && npm install && npm run compare -- [courses, default 1000] [seed, default cql]
 *
 * Ends with 1 when a verdict differs.
 */

import type { Bundle, Organization } from '@medplum/fhirtypes';
import pg from 'pg';
import { createCalendar } from '../../../src/coordination/calendar.ts';
import { loadStayFacts, type StayFacts, stayFactsByAndBy } from '../../../src/coordination/stay-facts.ts';
import { installProfiles } from '../../../src/http/start/install.ts';
import { compiledOf } from '../../../src/measures/compile/compiled-cache.ts';
import { measureById } from '../../../src/measures/find-measure.ts';
import { verdictWord } from '../../../src/measures/report/populations.ts';
import { evaluateStay } from '../../../src/measures/stays/engine.ts';
import type { Verdict } from '../../../src/measures/stays/verdict.ts';
import { openStore } from '../../../src/store/open.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../../src/synthetic/population.ts';
import { organisationBundles } from '../../../src/synthetic/render/bundle.ts';
import { startPostgres } from '../../support/postgres-server.ts';
import { loadPopulation } from '../../synthetic/compare.ts';
import { cpuTime } from '../support/cpu-time.ts';
import { line, median } from '../support/figures.ts';
import { cqlVerdicts, measureBundle } from './cql-verdicts.ts';

const courses = Number(process.argv[2] ?? 1000);
const seed = process.argv[3] ?? 'cql';
const options = populationOptions({ ...DEFAULT_REQUEST, seed, courses });
const period = {
  from: '2026-01-01T00:00:00.000+01:00',
  until: '2026-04-01T00:00:00.000+02:00',
  asOf: '2026-04-01T12:00:00.000+02:00',
};
const SIX = [
  'admission-report',
  'discharge-plan',
  'care-pathway-plan',
  'ready-for-discharge',
  'discharge-report',
  'discharge-letter',
];

/** Milliseconds of processor time: of Node, and of the database. */
interface Cost {
  readonly node: number;
  readonly database: number;
}

function nodeTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** Verdicts by `[stay id] [measure]`, of stays whose anchor lies in the period. */
/** Rounds until the code is compiled, and rounds that are timed. */
const [WARM_UP, ROUNDS] = [15, 9];

async function overgang() {
  const server = await startPostgres();
  const url = server.url('postgres');
  const store = await openStore({ databaseUrl: url });
  const database = new pg.Client({ connectionString: url });
  await database.connect();
  const now = async (): Promise<Cost> => {
    const { rows } = await database.query<{ pid: number }>(
      'SELECT pid FROM pg_stat_activity WHERE datname = current_database()',
    );
    return { node: nodeTime(), database: cpuTime(rows.map(({ pid }) => pid)) };
  };
  await installProfiles(store);
  const planted = await loadPopulation(store, options);
  await database.query('ANALYZE');
  const calendar = createCalendar();
  const measures = await Promise.all(
    SIX.map(async (id) => {
      const compiled = compiledOf(await measureById(store, id), calendar);
      if (compiled.kind !== 'stay') throw new Error(`${id} is no measure of stays`);
      return compiled.measure;
    }),
  );
  const ids = [...new Set(planted.map(({ stay }) => stay))];
  const asOf = new Date(period.asOf).toISOString();
  const verdicts = new Map<string, string>();
  let results: (readonly [stay: string, verdicts: readonly Verdict[]])[] = [];
  const costs: Cost[] = [];
  for (let round = 0; round < WARM_UP + ROUNDS; round += 1) {
    const before = await now();
    results = [];
    // As the server does it: a stay's facts are forgotten when its verdicts are made.
    for await (const some of stayFactsByAndBy(store, ids, { calendar, onlyComputed: true })) {
      for (const one of some) results.push([one.stay.id, evaluateStay(measures, one, { calendar, asOf })]);
    }
    const after = await now();
    const cost = { node: after.node - before.node, database: after.database - before.database };
    if (round >= WARM_UP) costs.push(cost);
  }
  const prepared: readonly StayFacts[] = await loadStayFacts(store, ids, { calendar, onlyComputed: true });
  const evaluating: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const before = nodeTime();
    for (const one of prepared) evaluateStay(measures, one, { calendar, asOf });
    evaluating.push(nodeTime() - before);
  }
  for (const [stay, own] of results) {
    for (const [which, verdict] of own.entries()) {
      const when = verdict.anchor === undefined ? undefined : Date.parse(verdict.anchor);
      if (when === undefined || when < Date.parse(period.from) || when >= Date.parse(period.until)) continue;
      const pending = verdict.due !== undefined && asOf < verdict.due;
      const word = verdictWord(verdict.groups[0]?.bits ?? 0, pending);
      verdicts.set(`${stay} ${SIX[which]}`, verdict.failure ?? word);
    }
  }
  await database.end();
  await store.close();
  await server.stop();
  return {
    verdicts,
    evaluating: median(evaluating),
    whole: median(costs.map((one) => one.node)),
    database: median(costs.map((one) => one.database)),
    stays: results.length,
  };
}

const organisations = new Map(
  organisationBundles()
    .flatMap(({ entry }) => entry ?? [])
    .flatMap(({ resource }) => (resource?.resourceType === 'Organization' ? [resource] : []))
    .map((one) => [`Organization/${one.id}`, one]),
);

/** CQL sees a patient's Bundle alone: the departments of the stays come with it, and what they are part of. */
function withProviders(bundle: Bundle): Bundle {
  const found = new Set<Organization>();
  const add = (reference: string | undefined): void => {
    const organisation = organisations.get(reference ?? '');
    if (organisation === undefined || found.has(organisation)) return;
    found.add(organisation);
    add(organisation.partOf?.reference);
  };
  for (const { resource } of bundle.entry ?? []) {
    if (resource?.resourceType === 'Encounter') add(resource.serviceProvider?.reference);
  }
  return { ...bundle, entry: [...(bundle.entry ?? []), ...[...found].map((resource) => ({ resource }))] };
}

const ours = await overgang();
const measure = await measureBundle(period);
const texts = [...generateCourses(options)].map(({ sendings }) =>
  JSON.stringify(withProviders(sendings[0] as Bundle)),
);
const theirs = new Map<string, string>();
let [parsing, calculating] = [0, 0];
for (let at = 0; at < texts.length; at += 100) {
  const begun = nodeTime();
  const patients = texts.slice(at, at + 100).map((text) => JSON.parse(text) as Bundle);
  const parsed = nodeTime();
  for (const [key, word] of await cqlVerdicts(measure, patients, period)) theirs.set(key, word);
  parsing += parsed - begun;
  calculating += nodeTime() - parsed;
}

const keys = [...new Set([...ours.verdicts.keys(), ...theirs.keys()])];
const word = (side: ReadonlyMap<string, string>, key: string) => side.get(key) ?? 'not-applicable';
const different = keys.filter((key) => word(ours.verdicts, key) !== word(theirs, key));
for (const key of different.slice(0, 20)) {
  console.log(`${key}: Overgang ${word(ours.verdicts, key)}, CQL ${word(theirs, key)}`);
}
const counts: Record<string, number> = {};
for (const key of keys) counts[word(ours.verdicts, key)] = (counts[word(ours.verdicts, key)] ?? 0) + 1;
console.log(`${courses} courses, ${ours.stays} stays, ${keys.length} verdicts ${JSON.stringify(counts)}`);
console.log(`different: ${different.length}`);
const rate = (time: number) => ((1000 * ours.stays) / time).toFixed(0);
line('stays a second and core', 'evaluating', 'with reading', 'and database');
line('Overgang, the six', rate(ours.evaluating), rate(ours.whole), rate(ours.whole + ours.database));
line('fqm-execution, the six', rate(calculating), rate(parsing + calculating), '');
process.exitCode = different.length === 0 ? 0 : 1;
