import type { Reader } from './store.ts';

/** A row as the database answers it: int8 as number, timestamptz as ISO instant in UTC with milliseconds. */
export type Row = Record<string, unknown>;

/** One statement at a time on the store's pool, or on the connection of an open transaction. */
export interface Sql {
  /**
   * @param text one statement with $1, $2 …
   * @param name prepares the statement under this name (once a connection): for texts that are few and come often
   */
  query<R extends object = Row>(text: string, parameters?: readonly unknown[], name?: string): Promise<R[]>;
  /**
   * A statement whose rows nobody wants. In a transaction it costs no wait: it travels with the next statement, with
   * COMMIT at the latest, and its error is theirs. Elsewhere it is run at once.
   */
  later(text: string, parameters?: readonly unknown[], name?: string): Promise<void>;
}

const known = new WeakMap<object, Sql>();

/** Remembers the connection of a store or transaction, for {@link sqlOf}. */
export function registerSql(reader: Reader, sql: Sql): void {
  known.set(reader, sql);
}

/** The SQL connection of a store or of an open transaction; undefined for any other reader. */
export function knownSql(reader: Reader): Sql | undefined {
  return known.get(reader);
}

/**
 * The SQL connection of a store or of an open transaction, for what else lives in src/store.
 * @throws TypeError for a reader that openStore did not make
 */
export function sqlOf(reader: Reader): Sql {
  const sql = known.get(reader);
  if (sql === undefined) {
    throw new TypeError('This store was not opened by openStore: it has no SQL connection');
  }
  return sql;
}
