import type { Bundle, Encounter, Resource } from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { IDENTIFIER_SYSTEM } from '../../src/fhir/canonical.ts';
import { compiledOf } from '../../src/measures/compile/compiled-cache.ts';
import type { CompiledMeasure } from '../../src/measures/compile/compiled-measure.ts';
import { measureById } from '../../src/measures/find-measure.ts';
import { verdictWord } from '../../src/measures/report/populations.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { stayPages } from '../../src/measures/stays/stay-pages.ts';
import type { Store } from '../../src/store/store.ts';
import type { ExpectedVerdict } from '../../src/synthetic/expected.ts';
import { generateCourses, type PopulationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';

const COURSES_A_TRANSACTION = 25;

/** Loads a population through the store, several courses a transaction. @returns what was planted */
export async function loadPopulation(store: Store, options: PopulationOptions): Promise<ExpectedVerdict[]> {
  const write = (resources: readonly Resource[]): Promise<unknown> =>
    store.transaction((transaction) =>
      transaction.write(
        resources.map((one) => ({ op: 'update', resource: one as Resource & { id: string } })),
      ),
    );
  const resourcesOf = (bundle: { entry?: { resource?: Resource }[] }): Resource[] =>
    (bundle.entry ?? []).map((entry) => entry.resource as Resource);
  for (const bundle of organisationBundles()) await write(resourcesOf(bundle));
  const planted: ExpectedVerdict[] = [];
  let waiting: Resource[] = [];
  let courses = 0;
  for (const course of generateCourses(options)) {
    planted.push(...course.expected);
    waiting.push(...resourcesOf(course.sendings[0] as Bundle));
    courses += 1;
    if (courses % COURSES_A_TRANSACTION === 0 || courses === options.courses) {
      await write(waiting);
      waiting = [];
    }
  }
  return planted;
}

/** A verdict as both sides tell it, times in milliseconds; times only where a deadline decided. */
interface Told {
  readonly verdict: string;
  readonly anchor?: number;
  readonly due?: number;
  readonly actual?: number;
}

const time = (name: string, text: string | undefined): object =>
  text === undefined ? {} : { [name]: Date.parse(text) };
const calendar = createCalendar();

const key = (one: { readonly episode: string; readonly measure: string }): string =>
  `${one.episode} ${one.measure}`;

/** A stay is known by its episode identifier: its id is the generator's in FHIR and the server's in messages. */
const episodeOf = (stay: Encounter): string =>
  stay.identifier?.find((one) => one.system === IDENTIFIER_SYSTEM.stayEpisode)?.value ?? '';

/** What the product computes for every stay of the store, by stay and measure; the facts are read once for all six. */
async function computed(store: Store, ids: readonly string[], asOf: string): Promise<Map<string, Told>> {
  const measures: CompiledMeasure[] = [];
  for (const id of ids) {
    const compiled = compiledOf(await measureById(store, id), calendar);
    if (compiled.kind !== 'stay') throw new Error(`${id} is no measure of stays`);
    measures.push(compiled.measure);
  }
  const found = new Map<string, Told>();
  for await (const page of stayPages(store, calendar)) {
    for (const facts of page) {
      for (const [at, one] of evaluateStay(measures, facts, { calendar, asOf }).entries()) {
        const pending = one.due !== undefined && asOf < one.due;
        const verdict = one.failure ?? verdictWord(one.groups[0]?.bits ?? 0, pending);
        const judged = verdict === 'met' || verdict === 'not-met' || verdict === 'pending';
        const times = {
          ...time('anchor', one.anchor),
          ...time('due', one.due),
          ...time('actual', one.actual),
        };
        found.set(key({ episode: episodeOf(facts.stay), measure: ids[at] as string }), {
          verdict,
          ...(judged ? times : {}),
        });
      }
    }
  }
  return found;
}

function told(planted: ExpectedVerdict): Told {
  const { verdict, anchor, due, actual } = planted;
  return {
    verdict,
    ...(due === undefined
      ? {}
      : { ...time('anchor', anchor), ...time('due', due), ...time('actual', actual) }),
  };
}

/** Every verdict on which plan and product differ, with both. A stay that no measure knows is "not-applicable". */
export async function differences(
  store: Store,
  planted: readonly ExpectedVerdict[],
  asOf: number,
): Promise<unknown[]> {
  const measures = [...new Set(planted.map((one) => one.measure))];
  const found = await computed(store, measures, new Date(asOf).toISOString());
  return planted.flatMap((one) => {
    const product = found.get(key(one)) ?? { verdict: 'not-applicable' };
    return JSON.stringify(product) === JSON.stringify(told(one)) ? [] : [{ planted: one, product }];
  });
}
