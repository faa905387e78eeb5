import type { Database } from '../database/database.ts';
import { explainError } from '../retry.ts';
import type { Written } from '../store.ts';
import { inTransaction, poolSql } from '../transaction.ts';
import type { PreparedChange } from './prepare.ts';
import { insertAll, type ResultRow, refusal, sendChanges, writeChanges, writtenOf } from './write.ts';

/** Stores changes of many writers, each writer's as a transaction of its own, in few statements. */
export interface WriteDesk {
  /**
   * One change, or several creations: all or none of them.
   * @throws FhirError 409 for a create whose id exists, 412 for an If-Match that does not hold
   */
  write(changes: readonly PreparedChange[]): Promise<readonly Written[]>;
}

interface Entry {
  readonly changes: readonly PreparedChange[];
  readonly resolve: (written: readonly Written[]) => void;
  readonly reject: (error: unknown) => void;
}

/** Changes one statement takes at most, unless one writer brings more. */
const MOST = 200;
/** Milliseconds after which a statement under way no longer holds up the next. */
const SLOW = 20;
/** Statements under way at a time. */
const LANES = 4;

/** Only an ERROR of the database says that a statement did nothing; a lost connection says nothing. */
function isUndone(error: unknown): boolean {
  return (error as { readonly severity?: unknown } | null)?.severity === 'ERROR';
}

const isCreation = ({ changes }: Entry): boolean => changes.every(({ op }) => op === 'C');
const hasSeveral = ({ changes }: Entry): boolean => changes.length > 1;

/**
 * Only an insert stores all or none of several (what is one writer's must not be stored by halves), and none at all
 * where any of a batch exists: so who brings several shares a statement with creations only.
 */
function goTogether(batch: readonly Entry[], next: Entry): boolean {
  if (!batch.some(hasSeveral) && !hasSeveral(next)) {
    return true;
  }
  return isCreation(next) && batch.every(isCreation);
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
    let size = 0;
    for (const entry of waiting) {
      const { changes } = entry;
      const fits = size === 0 || size + changes.length <= MOST;
      if (fits && changes.every(({ key }) => !seen.has(key)) && goTogether(batch, entry)) {
        batch.push(entry);
        size += changes.length;
      } else {
        rest.push(entry);
      }
      for (const { key } of changes) {
        seen.add(key);
      }
    }
    waiting = rest;
    return batch;
  };

  const alone = async ({ changes, resolve, reject }: Entry): Promise<void> => {
    try {
      resolve(await inTransaction(database, (inner) => writeChanges(inner, changes, false)));
    } catch (error) {
      reject(error);
    }
  };

  /** Creations of writers of whom some bring several. @returns whom it did not store */
  const insertTogether = async (batch: readonly Entry[], now: string): Promise<readonly Entry[]> => {
    const rows = await insertAll(
      sql,
      batch.flatMap(({ changes }) => changes),
      now,
    );
    if (rows === undefined) {
      return batch;
    }
    let at = 0;
    for (const { changes, resolve } of batch) {
      resolve(changes.map((change) => writtenOf(change, rows[at++] as ResultRow)));
    }
    return [];
  };

  const together = async (batch: readonly Entry[]): Promise<readonly Entry[]> => {
    try {
      const now = new Date().toISOString();
      if (batch.some(hasSeveral)) {
        return await insertTogether(batch, now);
      }
      const changes = batch.map(({ changes: [change] }) => change as PreparedChange);
      const rows = await sendChanges(sql, changes, { now, previous: false, apart: true });
      return batch.filter(({ resolve, reject }, index) => {
        const change = changes[index] as PreparedChange;
        const row = rows[index] as ResultRow;
        if (row.outcome === 'busy') {
          return true;
        }
        if (row.outcome === 'stale' || row.outcome === 'exists') {
          reject(refusal(change, row));
        } else {
          resolve([writtenOf(change, row)]);
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

  const keysOf = (entries: readonly Entry[]) =>
    entries.flatMap(({ changes }) => changes.map(({ key }) => key));
  const hold = (entries: readonly Entry[]): void => {
    for (const key of keysOf(entries)) held.add(key);
  };
  const release = (entries: readonly Entry[]): void => {
    for (const key of keysOf(entries)) held.delete(key);
  };

  const run = async (batch: readonly Entry[]): Promise<void> => {
    lanes++;
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      slow++;
      start();
    }, SLOW);
    hold(batch);
    const left = new Set(await together(batch));
    clearTimeout(timer);
    lanes--;
    if (late) {
      slow--;
    }
    release(batch.filter((entry) => !left.has(entry)));
    start();
    await Promise.all(
      [...left].map(async (entry) => {
        await alone(entry);
        release([entry]);
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
    write: (changes) =>
      new Promise((resolve, reject) => {
        waiting.push({ changes, resolve, reject });
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
