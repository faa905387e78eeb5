import type { StoreTransaction } from '../store/store.ts';

/**
 * Held shared by everybody who locks single names, alone by who would need too many of them: a transaction that
 * loads ten thousand courses, or an agreement that touches every stay, would otherwise need more locks than a
 * database server has room for (PostgreSQL: 6,400 in all by default).
 */
export const ALL_FACTS = 'coordination';

/** Names of one transaction at most; twenty connections with as many each leave room for other locks. */
const MOST = 200;

interface Held {
  readonly names: Set<string>;
  all: boolean;
}

const heldBy = new WeakMap<StoreTransaction, Held>();

/**
 * Locks names of stays (`stay/<id>`), citizens (`citizen/<id>`) and identifiers until the transaction ends; what it
 * holds already costs nothing.
 */
export async function lockFacts(transaction: StoreTransaction, names: Iterable<string>): Promise<void> {
  const held = heldBy.get(transaction) ?? { names: new Set<string>(), all: false };
  heldBy.set(transaction, held);
  const missing = [...new Set(names)].filter((name) => !held.names.has(name));
  if (held.all || missing.length === 0) return;
  if (held.names.size + missing.length > MOST) return lockAllFacts(transaction);
  await transaction.lock(missing, [ALL_FACTS]);
  for (const name of missing) held.names.add(name);
}

/** Waits until nobody else works on any facts, and lets nobody begin until the transaction ends. */
export async function lockAllFacts(transaction: StoreTransaction): Promise<void> {
  const held = heldBy.get(transaction) ?? { names: new Set<string>(), all: false };
  heldBy.set(transaction, held);
  if (held.all) return;
  await transaction.lock([ALL_FACTS]);
  held.all = true;
}

/** Name of the lock of a stay. */
export const stayName = (id: string): string => `stay/${id}`;

/** Names of the locks of the identifiers of citizens and stays, by which facts may be brought to them. */
export const citizenIdentifierName = (key: string): string => `citizen-identifier/${key}`;
export const stayIdentifierName = (key: string): string => `stay-identifier/${key}`;
