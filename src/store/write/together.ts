import type { Database } from '../database/database.ts';
import { explainError } from '../retry.ts';
import type { Written } from '../store.ts';
import { inTransaction, poolSql } from '../transaction.ts';
import type { PreparedChange } from './prepare.ts';
import { refusal, sendChanges, writeChanges, writtenOf } from './write.ts';

/** Stores changes of many writers, each as a transaction of its own, in few statements. */
export interface WriteDesk {
  /** @throws FhirError 409 for a create whose id exists, 412 for an If-Match that does not hold */
  write(change: PreparedChange): Promise<Written>;
}

interface Entry {
  readonly change: PreparedChange;
  readonly resolve: (written: Written) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes one statement takes at most. */
const MOST = 200;
/** Milliseconds after which a statement under way no longer holds up the next. */
const SLOW = 20;
/** Statements under way at a time. */
const LANES = 4;

/** Only an ERROR of the database says that a statement did nothing; a lost connection says nothing. */
function isUndone(error: unknown): boolean {
  return (error as { readonly severity?: unknown } | null)?.severity === 'ERROR';
}

/**
 * Whoever comes while a statement is under way joins the next: under load a few statements and commits serve all, and
 * a lone writer does not wait. A statement commits by itself; it waits for no lock of others (write_resources, apart).
 * What it leaves alone because another transaction holds the resource, and everything of a statement that failed as
 * a whole, is written again one by one.
 *
 * A change that another statement is writing is not sent again: the second writer of a resource waits for the first.
 */
export function createWriteDesk(database: Database): WriteDesk {
  const sql = poolSql(database);
  let waiting: Entry[] = [];
  let scheduled = false;
  let lanes = 0;
  let slow = 0;
  /** Resources that a statement under way writes. */
  const held = new Set<string>();

  /** The first that wait, each resource once; no later change of a resource overtakes an earlier one. */
  const take = (): Entry[] => {
    const batch: Entry[] = [];
    const rest: Entry[] = [];
    const seen = new Set(held);
    for (const entry of waiting) {
      const { key } = entry.change;
      (batch.length >= MOST || seen.has(key) ? rest : batch).push(entry);
      seen.add(key);
    }
    waiting = rest;
    return batch;
  };

  const alone = async ({ change, resolve, reject }: Entry): Promise<void> => {
    try {
      const [written] = await inTransaction(database, (inner) => writeChanges(inner, [change], false));
      resolve(written as Written);
    } catch (error) {
      reject(error);
    }
  };

  const together = async (batch: readonly Entry[]): Promise<readonly Entry[]> => {
    try {
      const now = new Date().toISOString();
      const changes = batch.map(({ change }) => change);
      const rows = await sendChanges(sql, changes, { now, previous: false, apart: true });
      return batch.filter(({ change, resolve, reject }, index) => {
        const row = rows[index] as (typeof rows)[number];
        if (row.outcome === 'busy') {
          return true;
        }
        if (row.outcome === 'stale' || row.outcome === 'exists') {
          reject(refusal(change, row));
        } else {
          resolve(writtenOf(change, row));
        }
        return false;
      });
    } catch (error) {
      if (isUndone(error)) {
        // Nothing of it is stored; whose fault it was shows when each is written by itself.
        return batch;
      }
      for (const { reject } of batch) {
        reject(explainError(error));
      }
      return [];
    }
  };

  const run = async (batch: readonly Entry[]): Promise<void> => {
    lanes++;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      slow++;
      start();
    }, SLOW);
    for (const { change } of batch) {
      held.add(change.key);
    }
    const left = new Set(await together(batch));
    clearTimeout(timer);
    lanes--;
    if (late) {
      slow--;
    }
    for (const entry of batch) {
      if (!left.has(entry)) {
        held.delete(entry.change.key);
      }
    }
    start();
    await Promise.all(
      [...left].map(async (entry) => {
        await alone(entry);
        held.delete(entry.change.key);
        start();
      }),
    );
  };

  const start = (): void => {
    while (waiting.length > 0 && lanes < Math.min(LANES, 1 + slow)) {
      const batch = take();
      if (batch.length === 0) {
        return;
      }
      void run(batch);
    }
  };

  return {
    write: (change) =>
      new Promise((resolve, reject) => {
        waiting.push({ change, resolve, reject });
        if (!scheduled) {
          scheduled = true;
          // Requests that arrived in the same turn of the event loop are all read first.
          setImmediate(() => {
            scheduled = false;
            start();
          });
        }
      }),
  };
}
