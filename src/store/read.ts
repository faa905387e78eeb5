import { keyOf } from './keys.ts';
import type { Sql } from './sql.ts';
import type { ResourceKey, ResourceVersion } from './store.ts';

/** Columns of resource and history that make a ResourceVersion. */
export const VERSION_COLUMNS = 'type, id, version, last_updated, deleted, content';

export interface VersionRow {
  readonly type: string;
  readonly id: string;
  readonly version: number;
  readonly last_updated: string;
  readonly deleted: boolean;
  readonly content: string;
}

export function toVersion({
  type,
  id,
  version,
  last_updated,
  deleted,
  content,
}: VersionRow): ResourceVersion {
  return { type, id, version, lastUpdated: last_updated, deleted, content };
}

const READ = `SELECT ${VERSION_COLUMNS} FROM resource WHERE key = $1`;

export async function readCurrent(sql: Sql, type: string, id: string): Promise<ResourceVersion | undefined> {
  const [row] = await sql.query<VersionRow>(READ, [keyOf(`${type}/${id}`)], 'read');
  return row === undefined ? undefined : toVersion(row);
}

const READ_MANY = `SELECT ${VERSION_COLUMNS} FROM resource WHERE key = ANY ($1::uuid[]) AND NOT deleted`;

export async function readMany(
  sql: Sql,
  keys: readonly ResourceKey[],
): Promise<ReadonlyMap<string, ResourceVersion>> {
  if (keys.length === 0) {
    return new Map();
  }
  const wanted = [...new Set(keys.map(({ type, id }) => keyOf(`${type}/${id}`)))];
  const rows = await sql.query<VersionRow>(READ_MANY, [wanted], 'read_many');
  return new Map(rows.map((row) => [`${row.type}/${row.id}`, toVersion(row)]));
}

const READ_VERSION = `
  SELECT ${VERSION_COLUMNS} FROM resource WHERE key = $1 AND version = $2
  UNION ALL
  SELECT ${VERSION_COLUMNS} FROM history WHERE key = $1 AND version = $2`;

export async function readVersion(
  sql: Sql,
  type: string,
  id: string,
  version: number,
): Promise<ResourceVersion | undefined> {
  // Beyond what the column can hold there is no version.
  if (!Number.isInteger(version) || version < 1 || version > 2_147_483_647) {
    return undefined;
  }
  const [row] = await sql.query<VersionRow>(READ_VERSION, [keyOf(`${type}/${id}`), version], 'read_version');
  return row === undefined ? undefined : toVersion(row);
}
