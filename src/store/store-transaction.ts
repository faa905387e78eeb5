import { FhirError } from '../fhir/outcome.ts';
import { createReader, type ReaderContext } from './reader.ts';
import { registerSql, type Sql } from './sql.ts';
import type { Change, StoreTransaction, WriteListener, Written } from './store.ts';
import { lockNames } from './transaction.ts';
import { prepareChanges } from './write/prepare.ts';
import { writeChanges } from './write/write.ts';
import { WriteError } from './write/write-error.ts';

export interface TransactionContext extends ReaderContext {
  readonly listeners: readonly WriteListener[];
  /** Told how many resources changed. */
  readonly wrote: (count: number) => void;
  /** Told which listeners heard something. */
  readonly heard: (listener: WriteListener) => void;
}

/** Listeners that write what makes each other write more than this deep will never settle. */
const DEEPEST = 20;

async function tell(
  transaction: StoreTransaction,
  { listeners, heard: noted }: TransactionContext,
  written: readonly Written[],
): Promise<void> {
  const changed = written.filter(({ outcome }) => outcome !== 'unchanged');
  for (const listener of listeners) {
    const heard = changed.filter(({ type }) => listener.types.has(type));
    if (heard.length > 0) {
      noted(listener);
      try {
        await listener.written(transaction, heard);
      } catch (error) {
        // Its positions are those of the listener's changes, not of the caller's.
        throw error instanceof WriteError ? new FhirError(error.status, error.outcome.issue ?? []) : error;
      }
    }
  }
}

/** The interface of an open transaction over its connection. */
export function createStoreTransaction(sql: Sql, context: TransactionContext): StoreTransaction {
  const { listeners, preparation } = context;
  let depth = 0;
  const write = async (changes: readonly Change[]): Promise<readonly Written[]> => {
    if (changes.length === 0) {
      return [];
    }
    let all = changes;
    for (const listener of listeners) {
      if (listener.foresee !== undefined) {
        all = await listener.foresee(transaction, all);
      }
    }
    const prepared = prepareChanges(all, preparation);
    const heard = prepared.some(({ type }) => listeners.some(({ types }) => types.has(type)));
    const written = await writeChanges(sql, prepared, heard);
    context.wrote(written.length);
    if (heard) {
      if (++depth > DEEPEST) {
        throw new Error(
          `Listeners do not settle: ${listeners.map(({ name }) => name).join(', ')} keep writing`,
        );
      }
      await tell(transaction, context, written);
      depth--;
    }
    return written;
  };
  const transaction: StoreTransaction = {
    ...createReader(sql, context),
    write,
    lock: (names, shared) => lockNames(sql, names, shared),
  };
  registerSql(transaction, sql);
  return transaction;
}
