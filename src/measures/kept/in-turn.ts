import type { Store } from '../../store/store.ts';

const last = new WeakMap<Store, Promise<unknown>>();

/** Runs works on a store one after the other, in the order they came; one that fails does not stop the next. */
export function inTurn<T>(store: Store, work: () => Promise<T>): Promise<T> {
  const before = last.get(store) ?? Promise.resolve();
  const result = before.then(work, work);
  last.set(
    store,
    result.catch(() => {}),
  );
  return result;
}
