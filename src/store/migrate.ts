import { readdir, readFile } from 'node:fs/promises';
import type { Database } from './database/database.ts';
import { clientSql } from './transaction.ts';

interface Migration {
  /** `0001-resources` */
  readonly name: string;
  readonly text: string;
}

const FOLDER = new URL('./migrations/', import.meta.url);
const FILE = /^(\d{4}-[a-z0-9-]+)\.sql$/;

async function migrations(): Promise<Migration[]> {
  const names = (await readdir(FOLDER)).filter((name) => FILE.test(name)).sort();
  return Promise.all(
    names.map(async (name) => ({
      name: name.replace(/\.sql$/, ''),
      text: await readFile(new URL(name, FOLDER), 'utf8'),
    })),
  );
}

/** One lock for all servers that start at once; the number means nothing else. */
const LOCK = 7_402_061;

/**
 * Brings the database to the schema of this version: each migration not yet applied runs once, in its own
 * transaction, in order of its number.
 * @returns the names of those that ran
 */
export async function migrate({ pool }: Database): Promise<readonly string[]> {
  const client = await pool.connect();
  const sql = clientSql(client);
  const ran: string[] = [];
  try {
    await sql.query(`SELECT pg_advisory_lock(${LOCK})`);
    await sql.query(
      'CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())',
    );
    const applied = new Set(
      (await sql.query<{ name: string }>('SELECT name FROM migration')).map(({ name }) => name),
    );
    for (const { name, text } of await migrations()) {
      if (!applied.has(name)) {
        // Several statements in one text are one implicit transaction, the row that records them included.
        await client.query(`BEGIN;\n${text}\n;INSERT INTO migration (name) VALUES ('${name}');\nCOMMIT`);
        ran.push(name);
      }
    }
    await sql.query(`SELECT pg_advisory_unlock(${LOCK})`);
  } catch (error) {
    await client.query('ROLLBACK');
    await sql.query(`SELECT pg_advisory_unlock(${LOCK})`);
    throw error;
  } finally {
    client.release();
  }
  return ran;
}
