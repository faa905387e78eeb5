import pg from 'pg';
import { type Database, TYPES } from './database.ts';

export interface PostgresOptions {
  /** `postgres://user:password@host:5432/database` */
  readonly url: string;
  /** Connections at most. */
  readonly connections: number;
  /** Milliseconds after which a statement is given up. */
  readonly statementTimeout: number;
}

export function openPostgres({ url, connections, statementTimeout }: PostgresOptions): Database {
  const pool = new pg.Pool({
    connectionString: url,
    max: connections,
    types: TYPES,
    statement_timeout: statementTimeout,
    connectionTimeoutMillis: 10_000,
    application_name: 'overgang',
    options: '-c timezone=UTC',
  });
  // An idle connection that breaks is replaced at its next use; unheard, its error would end the process.
  pool.on('error', () => undefined);
  return { kind: 'postgres', pool, close: () => pool.end() };
}
