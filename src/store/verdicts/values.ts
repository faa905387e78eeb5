import { sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';

/** The ids of stratum values; unknown ones are added. Only one transaction at a time adds (src/measures/kept/refresh.ts). */
export async function idsOfValues(
  transaction: StoreTransaction,
  values: ReadonlySet<string>,
): Promise<ReadonlyMap<string, number>> {
  const sql = sqlOf(transaction);
  const find = async (wanted: readonly string[]) =>
    sql.query<{ id: number; value: string }>(
      'SELECT id, value FROM verdict_value WHERE value = ANY($1::text[])',
      [wanted],
      'verdict_values',
    );
  const known = await find([...values]);
  const ids = new Map(known.map(({ id, value }) => [value, id]));
  const unknown = [...values].filter((value) => !ids.has(value));
  if (unknown.length > 0) {
    const added = await sql.query<{ id: number; value: string }>(
      'INSERT INTO verdict_value (value) SELECT unnest($1::text[]) RETURNING id, value',
      [unknown],
    );
    for (const { id, value } of added) ids.set(value, id);
  }
  return ids;
}

/** The ids of those values that have one: a value without has never been seen. */
export async function knownIds(
  reader: Reader,
  values: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  if (values.length === 0) return new Map();
  const rows = await sqlOf(reader).query<{ id: number; value: string }>(
    'SELECT id, value FROM verdict_value WHERE value = ANY($1::text[])',
    [values],
    'verdict_values',
  );
  return new Map(rows.map(({ id, value }) => [value, id]));
}

/** The values of ids. */
export async function valuesOfIds(
  reader: Reader,
  ids: readonly number[],
): Promise<ReadonlyMap<number, string>> {
  if (ids.length === 0) return new Map();
  const rows = await sqlOf(reader).query<{ id: number; value: string }>(
    'SELECT id, value FROM verdict_value WHERE id = ANY($1::integer[])',
    [ids],
    'verdict_values_of_ids',
  );
  return new Map(rows.map(({ id, value }) => [id, value]));
}
