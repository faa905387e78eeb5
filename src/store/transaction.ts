import { AsyncLocalStorage } from 'node:async_hooks';
import { hash } from 'node:crypto';
import type pg from 'pg';
import type { Database } from './database/database.ts';
import { withRetry } from './retry.ts';
import { openSession, sending } from './session.ts';
import type { Row, Sql } from './sql.ts';

const inside = new AsyncLocalStorage<object>();

/** @throws when a transaction is open already: what is asked of the store then would wait for it for ever */
export function refuseInside(database: Database): void {
  if (inside.getStore() === database) {
    throw new Error(
      'Inside a transaction use the transaction, not the store: the store would wait for it for ever',
    );
  }
}

/** Statements on a client, each by itself. */
export function clientSql(client: Pick<pg.ClientBase, 'query'>): Sql {
  const query = async <R extends object = Row>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<R[]> => {
    const { rows } = await client.query<R & pg.QueryResultRow>({
      text,
      values: values as unknown[],
      ...(name === undefined ? {} : { name }),
    });
    return rows;
  };
  return {
    query,
    later: async (text, values, name) => {
      await query(text, values, name);
    },
  };
}

/** Whether the database told the error and serves on; after any other the connection may be in disorder. */
function isTold(error: unknown): boolean {
  return (error as { readonly severity?: unknown } | null)?.severity === 'ERROR';
}

/**
 * A statement on any free connection, committed by itself.
 * Refused inside a transaction: it would wait for a connection that the transaction may hold (always on PGlite, at
 * full load on PostgreSQL), and would not see what the transaction wrote.
 */
export function poolSql(database: Database): Sql {
  const query = async <R extends object = Row>(
    text: string,
    values: readonly unknown[] = [],
    name?: string,
  ): Promise<R[]> => {
    refuseInside(database);
    const client = await database.pool.connect();
    let broken: Error | undefined;
    try {
      const [rows] = await sending(database, client)([{ text, values, name }]);
      return rows as R[];
    } catch (error) {
      // pool.query would close the connection on any error, and PGlite has no other.
      broken = isTold(error) ? undefined : (error as Error);
      throw error;
    } finally {
      client.release(broken);
    }
  };
  return {
    query,
    later: async (text, values, name) => {
      await query(text, values, name);
    },
  };
}

async function once<T>(database: Database, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  const session = openSession(database, client);
  let broken: Error | undefined;
  try {
    const result = await inside.run(database, () => work(session.sql));
    await session.commit();
    return result;
  } catch (error) {
    if (session.begun()) {
      try {
        await client.query('ROLLBACK');
      } catch (failure) {
        broken = failure as Error;
      }
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

const LOCK_SOME_SHARED = `
  SELECT CASE WHEN name = ANY ($2::bigint[]) THEN pg_advisory_xact_lock_shared(name)
    ELSE pg_advisory_xact_lock(name) END
  FROM unnest($1::bigint[]) AS name`;

/** The number of a named lock; migration 0102 computes the same. */
export function lockNumber(name: string): bigint {
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', name, 'hex').slice(0, 16)}`));
}

/** Waits for the named locks, in one order for everybody; they end with the transaction. */
export async function lockNames(
  sql: Sql,
  names: readonly string[],
  shared: readonly string[] = [],
): Promise<void> {
  const together = shared.map(lockNumber);
  const ordered = [...new Set([...names.map(lockNumber), ...together])].sort((one, other) =>
    one < other ? -1 : 1,
  );
  if (ordered.length === 0) {
    return;
  }
  const numbers = `{${ordered.join(',')}}`;
  if (together.length === 0) {
    await sql.query(LOCK, [numbers], 'lock_names');
  } else {
    await sql.query(LOCK_SOME_SHARED, [numbers, `{${together.join(',')}}`], 'lock_names_shared');
  }
}
