import { keyOf } from '../keys.ts';
import { sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';

/** Marks stays whose facts changed; in the transaction that changed them. */
export async function markStale(transaction: StoreTransaction, stayIds: readonly string[]): Promise<void> {
  if (stayIds.length === 0) return;
  await sqlOf(transaction).query(
    'INSERT INTO verdict_stale (stay, id) SELECT * FROM unnest($1::uuid[], $2::text[])',
    [stayIds.map((id) => keyOf(`Encounter/${id}`)), stayIds],
    'verdict_mark_stale',
  );
}

/** Marks all stays, those that have verdicts and those that are stored: an agreement or a Measure changed. */
export async function markAllStale(transaction: StoreTransaction): Promise<void> {
  await sqlOf(transaction).query(`
    INSERT INTO verdict_stale (stay, id)
    SELECT key, id FROM resource WHERE type = 'Encounter' AND NOT deleted
    UNION SELECT stay, id FROM verdict_reason`);
}

/** The last mark there is now; undefined when no stay is stale. */
export async function lastMark(reader: Reader): Promise<number | undefined> {
  const [row] = await sqlOf(reader).query<{ mark: number | null }>(
    'SELECT max(mark) AS mark FROM verdict_stale',
    [],
    'verdict_last_mark',
  );
  return row?.mark ?? undefined;
}

/**
 * Takes up to `limit` stays off the list, oldest mark first, with all their marks that are visible now. What is read
 * of them afterwards in this transaction is at least as new as those marks.
 */
export async function takeStale(
  transaction: StoreTransaction,
  limit: number,
  upTo: number,
): Promise<string[]> {
  const rows = await sqlOf(transaction).query<{ id: string }>(
    `WITH first AS (
       SELECT DISTINCT stay FROM (SELECT stay FROM verdict_stale WHERE mark <= $2 ORDER BY mark LIMIT $1) AS oldest
     )
     DELETE FROM verdict_stale USING first WHERE verdict_stale.stay = first.stay
     RETURNING verdict_stale.id`,
    [limit, upTo],
    'verdict_take_stale',
  );
  return [...new Set(rows.map(({ id }) => id))];
}
