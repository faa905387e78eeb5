import { keyOf } from '../keys.ts';
import { sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';

/** Marks stays whose facts changed; in the transaction that changed them. */
export async function markStale(transaction: StoreTransaction, stayIds: readonly string[]): Promise<void> {
  if (stayIds.length === 0) return;
  await sqlOf(transaction).later(
    'INSERT INTO verdict_stale (stay, id) SELECT * FROM unnest($1::uuid[], $2::text[])',
    [stayIds.map((id) => keyOf(`Encounter/${id}`)), stayIds],
    'verdict_mark_stale',
  );
}

/** Marks all stays, those that have verdicts and those that are stored: an agreement changed. */
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

/** A stale stay with all the marks it had when it was looked at. */
export interface StaleStay {
  /** Of the Encounter. */
  readonly id: string;
  readonly marks: readonly number[];
}

/** Stale stays, oldest mark first. What is read of them afterwards is at least as new as the marks told. */
export async function staleStays(reader: Reader, limit: number, upTo: number): Promise<StaleStay[]> {
  return sqlOf(reader).query<{ id: string; marks: number[] }>(
    `WITH first AS (
       SELECT DISTINCT stay FROM (SELECT stay FROM verdict_stale WHERE mark <= $2 ORDER BY mark LIMIT $1) AS oldest
     )
     SELECT min(stale.id) AS id, array_agg(stale.mark::double precision) AS marks
     FROM first JOIN verdict_stale AS stale ON stale.stay = first.stay
     GROUP BY stale.stay`,
    [limit, upTo],
    'verdict_stale_stays',
  );
}

/**
 * Takes the marks of stays off the list, and tells of which stays the newest of them was still there: nobody who saw
 * it too has settled them meanwhile, so the caller's verdicts are not older than those kept. The marks of the others
 * stay where they are. Only one transaction at a time may do this (src/measures/kept/refresh.ts).
 */
export async function takeMarks(
  transaction: StoreTransaction,
  stays: readonly StaleStay[],
): Promise<ReadonlySet<string>> {
  const pairs = stays.flatMap(({ id, marks }) => {
    const [stay, newest] = [keyOf(`Encounter/${id}`), Math.max(...marks)];
    return marks.map((mark) => ({ stay, mark, newest: mark === newest }));
  });
  const rows = await sqlOf(transaction).query<{ id: string }>(
    `WITH seen AS (SELECT * FROM unnest($1::uuid[], $2::bigint[], $3::boolean[]) AS seen (stay, mark, newest)),
     own AS (
       SELECT seen.stay FROM seen JOIN verdict_stale AS stale ON stale.stay = seen.stay AND stale.mark = seen.mark
       WHERE seen.newest
     )
     DELETE FROM verdict_stale AS stale USING seen JOIN own ON own.stay = seen.stay
     WHERE stale.stay = seen.stay AND stale.mark = seen.mark
     RETURNING stale.id`,
    [pairs.map(({ stay }) => stay), pairs.map(({ mark }) => mark), pairs.map(({ newest }) => newest)],
    'verdict_take_marks',
  );
  return new Set(rows.map(({ id }) => id));
}

/** How many stays are stale. */
export async function countStale(reader: Reader): Promise<number> {
  const [row] = await sqlOf(reader).query<{ count: number }>(
    'SELECT count(DISTINCT stay)::integer AS count FROM verdict_stale',
  );
  return row?.count ?? 0;
}
