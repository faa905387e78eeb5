import type { PlanDefinition, Resource, Task } from '@medplum/fhirtypes';
import { pages } from '../../../src/coordination/facts/lookup.ts';
import { obligationPlanner } from '../../../src/coordination/planner.ts';
import { obligationTaskId } from '../../../src/coordination/task-id.ts';
import { EXCHANGE, type ExchangeCode } from '../../../src/fhir/canonical.ts';
import { parseSearch } from '../../../src/fhir/search/parse.ts';
import type { Change, Store, Written } from '../../../src/store/store.ts';
import type { StoreFixture } from '../../support/stores.ts';
import { AGREEMENT_FILES, agreementFile, citizen, ORGANIZATIONS } from './stay.ts';

/** Stores that the tests of a block share, by name: a new PGlite takes a second, emptying one a tenth. */
const shared = new WeakMap<StoreFixture, Map<string, Store>>();

const USED = [
  'Encounter',
  'Communication',
  'CarePlan',
  'EpisodeOfCare',
  'Patient',
  'Organization',
  'PlanDefinition',
  'Flag',
  // Last: deleting the others makes the planner withdraw Tasks.
  'Task',
];

/**
 * A store that plans, with the published agreements, the organisations and one citizen, and nothing else.
 * For blocks whose stores live as long as the block (`{ lifetime: 'block' }`).
 */
export async function planningStore(
  fixture: StoreFixture,
  name = 'first',
  agreements: readonly PlanDefinition[] = AGREEMENT_FILES.map(agreementFile),
): Promise<Store> {
  const stores = shared.get(fixture) ?? new Map<string, Store>();
  shared.set(fixture, stores);
  let store = stores.get(name);
  if (store === undefined) {
    store = await fixture.open();
    store.addListener(obligationPlanner());
    stores.set(name, store);
  } else {
    await empty(store);
  }
  await put(store, ...agreements, ...ORGANIZATIONS, citizen());
  return store;
}

async function empty(store: Store): Promise<void> {
  for (const type of USED) {
    const changes: Change[] = [];
    for await (const page of pages(store, parseSearch(type, [['_count', '1000']]))) {
      changes.push(...page.map(({ id }): Change => ({ op: 'delete', type, id: id as string })));
    }
    if (changes.length > 0) await store.transaction((transaction) => transaction.write(changes));
  }
}

/** Stores resources under their own ids, in one transaction. */
export async function put(store: Store, ...resources: readonly Resource[]): Promise<readonly Written[]> {
  const changes = resources.map(
    (resource): Change => ({ op: 'update', resource: resource as Resource & { id: string } }),
  );
  return store.transaction((transaction) => transaction.write(changes));
}

export async function remove(store: Store, type: string, id: string): Promise<void> {
  await store.transaction((transaction) => transaction.write([{ op: 'delete', type, id }]));
}

export async function read<T extends Resource>(
  store: Store,
  type: T['resourceType'],
  id: string,
): Promise<T | undefined> {
  const version = await store.read(type, id);
  return version === undefined || version.deleted ? undefined : (JSON.parse(version.content) as T);
}

export async function taskOf(store: Store, code: ExchangeCode, stay = 'stay'): Promise<Task | undefined> {
  return read<Task>(store, 'Task', obligationTaskId(stay, code));
}

/** The six obligations of a stay: code → status, due and fulfilment, without versions. */
export async function worklist(store: Store, stay = 'stay'): Promise<Record<string, string>> {
  const lines: Record<string, string> = {};
  for (const code of Object.values(EXCHANGE)) {
    const task = await taskOf(store, code, stay);
    if (task === undefined) continue;
    const due = task.restriction?.period?.end;
    lines[code] = [
      task.status === 'cancelled' ? (task.statusReason?.coding?.[0]?.code ?? 'cancelled') : task.status,
      ...(due === undefined ? [] : [`due ${due}`]),
      ...(task.executionPeriod?.end === undefined ? [] : [`done ${task.executionPeriod.end}`]),
    ].join(' ');
  }
  return lines;
}
