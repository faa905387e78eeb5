import { keyOf } from './keys.ts';
import { toVersion, VERSION_COLUMNS, type VersionRow } from './read.ts';
import type { Sql } from './sql.ts';
import type { ResourceVersion } from './store.ts';

const READ = `SELECT key, ${VERSION_COLUMNS} FROM resource WHERE key = ANY ($1::uuid[])`;

/** Keys that one statement takes at most. */
const MOST = 100;

interface Waiting {
  readonly key: string;
  readonly resolve: (version: ResourceVersion | undefined) => void;
  readonly reject: (error: unknown) => void;
}

type KeyedRow = VersionRow & { readonly key: string };

/**
 * Reads by id for many readers: those that are asked for in the same turn of the event loop are one statement. A lone
 * reader does not wait, and nobody sees less than when he asked: the statement is sent afterwards.
 */
export function createReadDesk(sql: Sql): (type: string, id: string) => Promise<ResourceVersion | undefined> {
  let waiting: Waiting[] = [];
  const send = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const keys = [...new Set(batch.map(({ key }) => key))];
      const rows = await sql.query<KeyedRow>(READ, [`{${keys.join(',')}}`], 'read_together');
      const versions = new Map(rows.map((row) => [row.key, toVersion(row)]));
      for (const { key, resolve } of batch) {
        resolve(versions.get(key));
      }
    } catch (error) {
      for (const { reject } of batch) {
        reject(error);
      }
    }
  };
  const flush = (): void => {
    const all = waiting;
    waiting = [];
    for (let start = 0; start < all.length; start += MOST) {
      void send(all.slice(start, start + MOST));
    }
  };
  return (type, id) =>
    new Promise((resolve, reject) => {
      if (waiting.push({ key: keyOf(`${type}/${id}`), resolve, reject }) === 1) {
        setImmediate(flush);
      }
    });
}
