import { registerSql, sqlOf } from './sql.ts';
import type { Store } from './store.ts';

/**
 * The store for work that may be cancelled: once the signal is aborted, the next question or transaction rejects
 * with its reason. A transaction that has begun is finished.
 */
export function cancellable(store: Store, signal: AbortSignal): Store {
  const guarded =
    <A extends unknown[], R>(ask: (...parameters: A) => Promise<R>) =>
    async (...parameters: A): Promise<R> => {
      signal.throwIfAborted();
      return ask(...parameters);
    };
  const own: Store = {
    ...store,
    read: guarded(store.read),
    readMany: guarded(store.readMany),
    readVersion: guarded(store.readVersion),
    history: guarded(store.history),
    search: guarded(store.search),
    transaction: async (work) => {
      signal.throwIfAborted();
      return store.transaction(work);
    },
  };
  const sql = sqlOf(store);
  registerSql(own, {
    query: async (text, parameters, name) => {
      signal.throwIfAborted();
      return sql.query(text, parameters, name);
    },
    later: async (text, parameters, name) => {
      signal.throwIfAborted();
      return sql.later(text, parameters, name);
    },
  });
  return own;
}
