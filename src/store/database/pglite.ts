import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { PGlite as PgliteInstance } from '@electric-sql/pglite';
import pg from 'pg';
import { type Database, TYPES } from './database.ts';

export interface PgliteOptions {
  /** Where the data lives; `memory` keeps it in this process only. */
  readonly folder: string;
  /** An open database to use instead of opening one; whoever opened it closes it. */
  readonly instance?: PgliteInstance | undefined;
}

/**
 * Opens the embedded database. It has one connection: statements queue behind an open transaction, and code that
 * asks for a second connection inside one would wait for ever (`transaction.ts` refuses that).
 */
export async function openPglite({ folder, instance }: PgliteOptions): Promise<Database> {
  const [{ PGlite }, { createPgConfig }] = await Promise.all([
    import('@electric-sql/pglite'),
    import('@electric-sql/pglite/node-postgres'),
  ]);
  if (folder !== 'memory') {
    await mkdir(dirname(folder), { recursive: true });
  }
  const lite = instance ?? (await PGlite.create(folder === 'memory' ? {} : { dataDir: folder }));
  // The adapter's `poolSize` is a name of its own; pg calls it max.
  const pool = new pg.Pool({
    ...(createPgConfig(lite) as unknown as pg.PoolConfig),
    max: 1,
    idleTimeoutMillis: 0,
    types: TYPES,
  });
  pool.on('error', () => undefined);
  const close = async () => {
    await pool.end();
    if (instance === undefined) {
      await lite.close();
    }
  };
  return { kind: 'pglite', pool, close };
}
