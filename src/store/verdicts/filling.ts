import { sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';

/** A stay as filling meets it. */
export interface StayKey {
  readonly key: string;
  /** Of the Encounter. */
  readonly id: string;
}

/** The Encounters after a key, in the order of their keys. */
export async function encountersAfter(
  reader: Reader,
  after: string | undefined,
  limit: number,
): Promise<StayKey[]> {
  return sqlOf(reader).query<{ key: string; id: string }>(
    `SELECT key, id FROM resource
     WHERE type = 'Encounter' AND NOT deleted AND ($1::uuid IS NULL OR key > $1) ORDER BY key LIMIT $2`,
    [after ?? null, limit],
  );
}

export async function countEncounters(reader: Reader): Promise<number> {
  const [row] = await sqlOf(reader).query<{ count: number }>(
    "SELECT count(*)::integer AS count FROM resource WHERE type = 'Encounter' AND NOT deleted",
  );
  return row?.count ?? 0;
}

/** The Measures that had come as far as `after` (undefined: begun) have now come to `to`. */
export async function advanceFilling(
  transaction: StoreTransaction,
  after: string | undefined,
  to: string,
  stays: number,
  total: number,
): Promise<void> {
  await sqlOf(transaction).query(
    `UPDATE verdict_measure SET filled_to = $2, filled = filled + $3, total = $4
     WHERE state = 'filling' AND filled_to IS NOT DISTINCT FROM $1::uuid`,
    [after ?? null, to, stays, total],
  );
}

/** No stay is left for the Measures that had come as far as `after`: their verdicts are kept from now on. */
export async function completeFilling(
  transaction: StoreTransaction,
  after: string | undefined,
): Promise<void> {
  await sqlOf(transaction).query(
    `UPDATE verdict_measure SET state = 'kept', total = filled, since = now()
     WHERE state = 'filling' AND filled_to IS NOT DISTINCT FROM $1::uuid`,
    [after ?? null],
  );
}
