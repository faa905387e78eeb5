import { tokenKey } from '../../store/intake/load-cases.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import type { Errand, Needs } from './errand.ts';
import { alone, together } from './errands.ts';

/** Batches at work side by side: one is decided on while another is read and a third is written. */
const LANES = 3;
/** Messages of one transaction at most: bounds what a failure takes with it, and how long the others wait. */
const MOST = 24;

interface Desk {
  readonly waiting: Errand[];
  /** Names of what batches at work are about. */
  readonly busy: Set<string>;
  lanes: number;
  /** Whether it will look at what waits in the next turn. */
  called: boolean;
  onFailure?: SharedFailureListener;
}

/**
 * Told that what shared a transaction could not be stored together and is tried one by one: how many there were, and
 * why. The error may speak of a citizen.
 */
export type SharedFailureListener = (count: number, error: unknown) => void;

const desks = new WeakMap<Store, Desk>();

function deskOf(store: Store): Desk {
  const desk = desks.get(store) ?? { waiting: [], busy: new Set(), lanes: 0, called: false };
  desks.set(store, desk);
  return desk;
}

/** One listener a store. Nobody else hears of it: each message may be stored all the same. */
export function onSharedFailure(store: Store, listener: SharedFailureListener): void {
  deskOf(store).onFailure = listener;
}

/**
 * Does the work of one message or letter in a transaction, with its locks held. Those that come while others are being
 * stored wait and share the next transaction: one load, one write, one commit for all of them; the first one never
 * waits. Two of the same citizen, or with the same identity, follow each other as they came. When a batch fails, each
 * of it is tried again alone, so that none suffers from another.
 * @returns what `work` did, once it is committed
 */
export function deliver<T>(
  store: Store,
  needs: Needs,
  work: (transaction: StoreTransaction) => Promise<T>,
): Promise<T> {
  const desk = deskOf(store);
  return new Promise<T>((resolve, reject) => {
    desk.waiting.push({ needs, work, resolve: resolve as (result: unknown) => void, reject });
    serveSoon(store, desk);
  });
}

/** After what has reached this process by now has been read: it shares the transaction. */
function serveSoon(store: Store, desk: Desk): void {
  if (desk.called || desk.lanes >= LANES) return;
  desk.called = true;
  setImmediate(() => {
    desk.called = false;
    serve(store, desk);
  });
}

function serve(store: Store, desk: Desk): void {
  while (desk.lanes < LANES) {
    const batch = nextBatch(desk);
    if (batch.length === 0) return;
    desk.lanes += 1;
    const names = batch.flatMap(namesOf);
    for (const name of names) desk.busy.add(name);
    void handle(store, batch).finally(() => {
      for (const name of names) desk.busy.delete(name);
      desk.lanes -= 1;
      serveSoon(store, desk);
    });
  }
}

/** The next ones in order of arrival that are about nothing that is at work, and nothing that another is about. */
function nextBatch({ waiting, busy }: Desk): Errand[] {
  const batch: Errand[] = [];
  const taken = new Set(busy);
  for (let index = 0; index < waiting.length && batch.length < MOST; ) {
    const errand = waiting[index] as Errand;
    const names = namesOf(errand);
    const isFree = names.every((name) => !taken.has(name));
    // What waits keeps its place before later ones about the same.
    for (const name of names) taken.add(name);
    if (!isFree || (errand.needs.alone === true && batch.length > 0)) {
      index += 1;
      continue;
    }
    waiting.splice(index, 1);
    batch.push(errand);
    if (errand.needs.alone === true) break;
  }
  return batch;
}

/** Whoever shares one of them follows the other: those of a batch are decided on side by side. */
function namesOf({ needs: { locks, citizen, citizenTokens, stayTokens } }: Errand): string[] {
  const tokens = [...(citizen === undefined ? [] : [citizen]), ...citizenTokens, ...stayTokens];
  return [...locks, ...tokens.map(tokenKey)];
}

/** Never rejects: every errand hears of its own end. */
async function handle(store: Store, batch: readonly Errand[]): Promise<void> {
  const [first] = batch as [Errand];
  if (first.needs.alone !== true) {
    try {
      const { results, committed } = await store.transaction((transaction) =>
        together(store, transaction, batch),
      );
      committed();
      for (const [index, errand] of batch.entries()) errand.resolve(results[index]);
      return;
    } catch (error) {
      // Whatever it was: each alone, without what was prepared, either succeeds or says what is wrong with it.
      deskOf(store).onFailure?.(batch.length, error);
    }
  }
  for (const errand of batch) {
    try {
      errand.resolve(await store.transaction((transaction) => alone(transaction, errand)));
    } catch (error) {
      errand.reject(error);
    }
  }
}
