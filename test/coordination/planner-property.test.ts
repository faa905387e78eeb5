import { describe, expect, it } from '@jest/globals';
import type { Resource, Task } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { obligationsOf } from '../../src/coordination/obligations.ts';
import { planStays } from '../../src/coordination/plan-stays.ts';
import { loadStayFacts } from '../../src/coordination/stay-facts.ts';
import { EXCHANGE } from '../../src/fhir/canonical.ts';
import type { Store } from '../../src/store/store.ts';
import { onStore } from '../support/stores.ts';
import { calendar } from './support/facts.ts';
import { type Step, steps } from './support/history.ts';
import { planningStore, put, read, remove, taskOf } from './support/store.ts';

/** What a Task says, in one line; a withdrawn one says no more than that. */
function line(task: Task | undefined): string {
  if (task === undefined || task.status === 'cancelled') return 'nothing owed';
  const by = task.output?.map(({ valueReference }) => valueReference?.reference).join();
  return `${task.status} ${task.restriction?.period?.end} ${task.executionPeriod?.end} ${by} ${task.instantiatesCanonical}`;
}

async function stored(store: Store, stayId: string): Promise<string[]> {
  const lines: string[] = [];
  for (const code of Object.values(EXCHANGE))
    lines.push(`${code}: ${line(await taskOf(store, code, stayId))}`);
  return lines;
}

/** The same from the facts alone, as the pure function has them. */
async function computed(store: Store, stayId: string): Promise<string[]> {
  const [facts] = await loadStayFacts(store, [stayId]);
  if (facts === undefined) return Object.values(EXCHANGE).map((code) => `${code}: nothing owed`);
  return obligationsOf(facts, calendar).map((one) => {
    if (one.standing === 'withdrawn') return `${one.code}: nothing owed`;
    const status = one.standing === 'owed' ? 'requested' : 'completed';
    const { at, by } = one.fulfilment ?? {};
    return `${one.code}: ${status} ${one.due} ${at} ${by?.reference} ${one.agreement.canonical}`;
  });
}

async function apply(store: Store, step: Step): Promise<void> {
  if ('store' in step) await put(store, ...step.store);
  else await remove(store, step.remove.type, step.remove.id);
}

/** What is left at the end of a history, as stored. */
async function remaining(store: Store, history: readonly Step[]): Promise<Resource[]> {
  const keys = new Set(
    history.flatMap((step) =>
      'store' in step ? step.store.map((each) => `${each.resourceType}/${each.id}`) : [],
    ),
  );
  const found: Resource[] = [];
  for (const key of keys) {
    const [type, id] = key.split('/') as [Resource['resourceType'], string];
    const resource = await read(store, type, id);
    if (resource !== undefined) found.push(resource);
  }
  return found;
}

let runs = 0;

describe('after any history', () => {
  onStore(
    'PostgreSQL',
    (fixture) => {
      it('the Tasks are what the facts alone say, planning again changes nothing, and from scratch it is the same', async () => {
        const store = await planningStore(fixture);
        const scratch = await planningStore(fixture, 'second');
        await fc.assert(
          fc.asyncProperty(
            fc.constant(0).chain(() => {
              runs += 1;
              const prefix = `r${runs}`;
              return steps(prefix).map((history) => ({ prefix, history }));
            }),
            async ({ prefix, history }) => {
              // A shrunk history runs under the ids of the first: what an earlier try left must not count.
              for (const step of history) await apply(store, step);
              const stayIds = [`${prefix}-first`, `${prefix}-second`];
              for (const id of stayIds) expect(await stored(store, id)).toEqual(await computed(store, id));
              const again = await store.transaction((transaction) =>
                planStays(transaction, stayIds, calendar),
              );
              expect(again).toEqual([]);
              const left = await remaining(store, history);
              if (left.length > 0) await put(scratch, ...left);
              for (const id of stayIds) expect(await stored(scratch, id)).toEqual(await stored(store, id));
            },
          ),
          {
            numRuns: Number(process.env.OVERGANG_TEST_RUNS ?? (fixture.kind === 'PGlite' ? 8 : 15)),
            endOnFailure: true,
          },
        );
      }, 240_000);
    },
    { lifetime: 'block' },
  );
});
