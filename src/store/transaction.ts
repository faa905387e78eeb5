import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import type pg from 'pg';
import type { Database } from './database/database.ts';
import { withRetry } from './retry.ts';
import type { Row, Sql } from './sql.ts';

const inside = new AsyncLocalStorage<object>();

/** A statement on a client; the array of values may stand for PostgreSQL arrays. */
export function clientSql(client: Pick<pg.ClientBase, 'query'>): Sql {
  return {
    async query<R extends object = Row>(
      text: string,
      values: readonly unknown[] = [],
      name?: string,
    ): Promise<R[]> {
      const { rows } = await client.query<R & pg.QueryResultRow>({
        text,
        values: values as unknown[],
        ...(name === undefined ? {} : { name }),
      });
      return rows;
    },
  };
}

/**
 * A statement on any free connection.
 * Refused inside a transaction: it would wait for a connection that the transaction may hold (always on PGlite, at
 * full load on PostgreSQL), and would not see what the transaction wrote.
 */
export function poolSql(database: Database): Sql {
  return {
    query: (text, values, name) => {
      if (inside.getStore() === database) {
        throw new Error(
          'Inside a transaction use the transaction, not the store: the store would wait for it for ever',
        );
      }
      return clientSql(database.pool as unknown as pg.ClientBase).query(text, values, name);
    },
  };
}

async function once<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN ISOLATION LEVEL READ COMMITTED');
    const result = await inside.run(database, () => work(clientSql(client)));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    try {
      await client.query('ROLLBACK');
    } catch (failure) {
      broken = failure as Error;
    }
    throw error;
  } finally {
    // A connection that cannot even roll back is not given to anybody again.
    client.release(broken);
  }
}

/**
 * Runs work in one READ COMMITTED transaction, again from the start on a serialization failure or deadlock, COMMIT
 * included. Rows that are changed are locked by write_resources; what must not change meanwhile is locked by name.
 */
export function inTransaction<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  if (inside.getStore() === database) {
    throw new Error('A transaction is open already: pass it on instead of opening a second one');
  }
  return withRetry(() => once(database, work));
}

const LOCK = 'SELECT pg_advisory_xact_lock(name) FROM unnest($1::bigint[]) AS name';

/** Waits for the named locks, in one order for everybody; they end with the transaction. */
export async function lockNames(sql: Sql, names: readonly string[]): Promise<void> {
  const numbers = names.map((name) =>
    BigInt.asIntN(64, BigInt(`0x${hash('sha256', name, 'hex').slice(0, 16)}`)),
  );
  const ordered = [...new Set(numbers)].sort((one, other) => (one < other ? -1 : 1));
  if (ordered.length > 0) {
    await sql.query(LOCK, [`{${ordered.join(',')}}`], 'lock_names');
  }
}
