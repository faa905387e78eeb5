import type { Change, Store, StoreTransaction, Written } from '../../store/store.ts';

/** Types that listeners write on: the planner adds the course to a stay. */
const COMPLETED: ReadonlySet<string> = new Set(['Encounter']);

/**
 * What was written, as it stands at the end of the transaction: a listener may have added to a resource, so that
 * the version to answer is later than the one the write made.
 */
export async function settled(
  transaction: StoreTransaction,
  written: readonly Written[],
): Promise<readonly Written[]> {
  const watched = written.filter(({ type, deleted }) => !deleted && COMPLETED.has(type));
  if (watched.length === 0) return written;
  const current = await transaction.readMany(watched);
  return written.map((one) => {
    const now = current.get(`${one.type}/${one.id}`);
    if (now === undefined || now.version === one.version) return one;
    return { ...now, outcome: one.outcome === 'unchanged' ? 'updated' : one.outcome };
  });
}

/** Writes one change and answers how it stands. */
export async function writeOne(transaction: StoreTransaction, change: Change): Promise<Written> {
  const [written] = await settled(transaction, await transaction.write([change]));
  return written as Written;
}

/** Writes one change that depends on nothing else: as {@link writeOne} in a transaction of its own. */
export function writeAlone(store: Store, change: Change): Promise<Written> {
  const type = change.op === 'delete' ? change.type : change.resource.resourceType;
  return store.isHeard(type)
    ? store.transaction((transaction) => writeOne(transaction, change))
    : store.write(change);
}
