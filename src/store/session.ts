import type pg from 'pg';
import { type Database, TYPES } from './database/database.ts';
import { exchange, type Statement } from './database/exchange.ts';
import type { Row, Sql } from './sql.ts';

const BEGIN: Statement = { text: 'BEGIN ISOLATION LEVEL READ COMMITTED', values: [], name: 'begin' };
const COMMIT: Statement = { text: 'COMMIT', values: [], name: 'commit' };

/** One transaction on one connection. */
export interface Session {
  readonly sql: Sql;
  /** Sends what still waits, and COMMIT where anything was sent. */
  commit(): Promise<void>;
  /** Whether the database knows of a transaction: if not, there is nothing to roll back. */
  begun(): boolean;
}

interface Waiting extends Statement {
  /** Absent for statements whose rows nobody wants. */
  readonly resolve?: (rows: Row[]) => void;
  readonly reject?: (error: unknown) => void;
}

/** Sends statements on a connection and answers the rows of each. */
type Send = (statements: readonly Statement[]) => Promise<readonly object[][]>;

/** PGlite answers each message by itself: nothing is gained by sending several, and its adapter expects one by one. */
export function sending(database: Database, client: pg.PoolClient): Send {
  if (database.kind === 'postgres') {
    return (statements) => exchange(client, statements, TYPES);
  }
  return async (statements) => {
    const results: object[][] = [];
    for (const { text, values, name } of statements) {
      const given = { text, values: [...values], ...(name === undefined ? {} : { name }) };
      results.push((await client.query(given)).rows);
    }
    return results;
  };
}

/**
 * Statements of a transaction in as few packets as possible, since each costs two system calls and a wait: BEGIN
 * travels with the first, what is asked side by side travels together, and what is only to be done (`later`) travels
 * with the next, with COMMIT at the latest. A transaction that asks nothing sends nothing.
 *
 * A failed statement fails everything that was sent with it or comes after it: the transaction is lost, as
 * PostgreSQL's is.
 */
export function openSession(database: Database, client: pg.PoolClient): Session {
  const send = sending(database, client);
  let waiting: Waiting[] = [];
  let begun = false;
  let broken: { readonly error: unknown } | undefined;
  let sent: Promise<void> | undefined;

  const deliver = async (batch: readonly Waiting[]): Promise<void> => {
    const head = begun ? [] : [BEGIN];
    begun = true;
    try {
      const results = await send([...head, ...batch]);
      batch.forEach(({ resolve }, index) => {
        resolve?.(results[index + head.length] as Row[]);
      });
    } catch (error) {
      broken ??= { error };
      for (const { reject } of batch) {
        reject?.(error);
      }
    }
  };

  /** Sends all that waits; what comes meanwhile goes together in the next packet. */
  const flush = (): void => {
    sent ??= (async () => {
      // What is asked in the same breath comes along.
      await undefined;
      while (waiting.length > 0 && broken === undefined) {
        const batch = waiting;
        waiting = [];
        await deliver(batch);
      }
      for (const { reject } of waiting) {
        reject?.(broken?.error);
      }
      waiting = [];
      sent = undefined;
    })();
  };

  const sql: Sql = {
    query: <R extends object = Row>(text: string, values: readonly unknown[] = [], name?: string) =>
      new Promise<R[]>((resolve, reject) => {
        waiting.push({ text, values, name, resolve: resolve as (rows: Row[]) => void, reject });
        flush();
      }),
    later: async (text, values = [], name = undefined) => {
      waiting.push({ text, values, name });
    },
  };

  return {
    sql,
    begun: () => begun,
    commit: async () => {
      await sent;
      if (broken === undefined && (begun || waiting.length > 0)) {
        const batch = [...waiting, COMMIT];
        waiting = [];
        await deliver(batch);
      }
      if (broken !== undefined) {
        throw broken.error;
      }
    },
  };
}
