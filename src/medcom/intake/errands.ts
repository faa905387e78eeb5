import { ALL_FACTS, citizenIdentifierName, stayIdentifierName } from '../../coordination/lock-facts.ts';
import { type CaseCache, createCaseCache } from '../../coordination/memory/case-cache.ts';
import { createCaseMemory, type LoadedResource } from '../../coordination/memory/case-memory.ts';
import { createDirectory, type Directory } from '../../coordination/memory/directory.ts';
import { remember } from '../../coordination/memory/memory.ts';
import { parseJsonText } from '../../fhir/json.ts';
import { createLedger, storeLedger, useLedger } from '../../store/intake/ledger.ts';
import { loadCases, loadChanged, tokenKey } from '../../store/intake/load-cases.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import type { Errand } from './errand.ts';

/** What this process knows of a store from one transaction to the next. */
interface Known {
  readonly directory: Directory;
  readonly cache: CaseCache;
}

const knowledge = new WeakMap<Store, Known>();

function knownOf(store: Store): Known {
  const known = knowledge.get(store) ?? { directory: createDirectory(), cache: createCaseCache() };
  knowledge.set(store, known);
  return known;
}

/** An errand in a transaction of its own; the database answers what it asks. */
export async function alone(transaction: StoreTransaction, { needs, work }: Errand): Promise<unknown> {
  await transaction.lock(needs.locks);
  return work(transaction);
}

/** What errands came to, and what is to be done once it is committed. */
export interface Done {
  readonly results: readonly unknown[];
  committed(): void;
}

/**
 * Errands about different citizens in one transaction: everything they need is locked and read in one round trip, they
 * are decided on in memory side by side (see stepTogether), and what they write is written at once, the obligations
 * that follow with it. One that locks what several may write, such as an organisation that is new to all of them, has
 * the floor until its end: the next one finds what it wrote.
 */
export async function together(
  store: Store,
  transaction: StoreTransaction,
  batch: readonly Errand[],
): Promise<Done> {
  const { directory, cache } = knownOf(store);
  const needs = batch.map((errand) => errand.needs);
  const citizens = needs.flatMap(({ citizen }) => (citizen === undefined ? [] : [citizen]));
  const citizenTokens = needs.flatMap((each) => each.citizenTokens);
  const stayTokens = needs.flatMap((each) => each.stayTokens);
  const tokens = [...citizens, ...citizenTokens, ...stayTokens];
  const kept = cache.of(tokens.map(tokenKey));
  const cases = await loadCases(
    transaction,
    {
      locks: needs.flatMap(locksOf),
      together: ALL_FACTS,
      identities: needs.flatMap(({ identity }) => identity ?? []),
      transmissions: needs.flatMap(({ transmission }) => transmission ?? []),
      citizens,
      citizenTokens,
      stayTokens,
      events: needs.some(({ events }) => events),
      known: Object.fromEntries([...kept].map(([key, { version }]) => [key, version])),
    },
    directory.mark(),
  );
  directory.take(cases.shared);
  const loaded = cases.resources.map(({ seq, version, content }): LoadedResource => {
    const resource = parseJsonText(content) as LoadedResource['resource'];
    cache.keep(resource, version, content.length);
    return { resource, version, seq };
  });
  for (const [name, seq] of cases.same) {
    const { resource, version } = kept.get(name)!;
    loaded.push({ resource, version, seq });
  }
  const memory = createCaseMemory(loaded, tokens, directory);
  const ledger = createLedger(cases.receipts, cases.events);
  const prepare = (reader: StoreTransaction): void => {
    remember(reader, memory);
    useLedger(reader, ledger);
  };
  prepare(transaction);
  const floor = createFloor();
  const decide = async ({ work }: Errand): Promise<unknown> => {
    let leave: (() => void) | undefined;
    const view: StoreTransaction = {
      ...transaction,
      write: async (changes) => {
        memory.stage(changes);
        return [];
      },
      lock: async (names, shared) => {
        leave ??= await floor();
        await transaction.lock(names, shared);
        directory.take(await loadChanged(transaction, directory.mark()));
      },
    };
    prepare(view);
    try {
      return await work(view);
    } finally {
      leave?.();
    }
  };
  const results = await allEnded(batch.map(decide));
  const written = await transaction.write(memory.changes());
  await storeLedger(transaction, ledger);
  return {
    results,
    committed: () => {
      for (const { resource, version, content } of written) {
        if (resource !== undefined) {
          cache.keep(resource as LoadedResource['resource'], version, content.length);
        }
      }
    },
  };
}

/** Each that asks is let in when the one before has left. */
function createFloor(): () => Promise<() => void> {
  let free: Promise<void> = Promise.resolve();
  return async () => {
    const before = free;
    const { promise, resolve } = Promise.withResolvers<void>();
    free = promise;
    await before;
    return resolve;
  };
}

/** What all came to, when the last has ended: none may still be at work when the transaction is rolled back. */
async function allEnded<T>(works: readonly Promise<T>[]): Promise<T[]> {
  const ends = await Promise.allSettled(works);
  return ends.map((end) => {
    if (end.status === 'rejected') throw end.reason;
    return end.value;
  });
}

function locksOf({ locks, citizen, citizenTokens, stayTokens }: Errand['needs']): string[] {
  return [
    ...locks,
    ...[...(citizen === undefined ? [] : [citizen]), ...citizenTokens].map((token) =>
      citizenIdentifierName(tokenKey(token)),
    ),
    ...stayTokens.map((token) => stayIdentifierName(tokenKey(token))),
  ];
}
