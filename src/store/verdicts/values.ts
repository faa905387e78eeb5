import { sqlOf } from '../sql.ts';
import type { Reader, Store, StoreTransaction } from '../store.ts';

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

/** What was read of the table: rows are only ever added to it. */
interface Known {
  readonly values: Map<number, string>;
  readonly ids: Map<string, number>;
}

const remembered = new WeakMap<Reader, Known>();
const REMEMBERED = 100_000;

function knownOf(reader: Reader): Known {
  let known = remembered.get(reader);
  if (known === undefined || known.values.size > REMEMBERED) {
    known = { values: new Map(), ids: new Map() };
    remembered.set(reader, known);
  }
  return known;
}

/** The ids of those values that have one: a value without has never been seen. */
export async function knownIds(
  store: Store,
  values: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const { ids, values: texts } = knownOf(store);
  const unknown = values.filter((value) => !ids.has(value));
  if (unknown.length > 0) {
    const rows = await sqlOf(store).query<{ id: number; value: string }>(
      'SELECT id, value FROM verdict_value WHERE value = ANY($1::text[])',
      [unknown],
      'verdict_values',
    );
    for (const { id, value } of rows) {
      ids.set(value, id);
      texts.set(id, value);
    }
  }
  return ids;
}

/** The values of ids, and perhaps of others. */
export async function valuesOfIds(
  store: Store,
  ids: ReadonlySet<number>,
): Promise<ReadonlyMap<number, string>> {
  const { values } = knownOf(store);
  const unknown = [...ids].filter((id) => !values.has(id));
  if (unknown.length > 0) {
    const rows = await sqlOf(store).query<{ id: number; value: string }>(
      'SELECT id, value FROM verdict_value WHERE id = ANY($1::integer[])',
      [unknown],
      'verdict_values_of_ids',
    );
    for (const { id, value } of rows) values.set(id, value);
  }
  return values;
}
