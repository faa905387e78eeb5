import { readHistory } from './history.ts';
import { readCurrent, readMany, readVersion } from './read.ts';
import type { ExpandCodes } from './search/resolve.ts';
import { searchPage } from './search/search.ts';
import type { Sql } from './sql.ts';
import type { Reader } from './store.ts';
import type { Preparation } from './write/prepare.ts';

export interface ReaderContext {
  readonly secret: string;
  readonly expand: ExpandCodes;
  /** How the index was filled: the rows of earlier versions are worked out the same way. */
  readonly preparation: Preparation;
}

/** All questions that a store answers, on the pool or within a transaction. */
export function createReader(sql: Sql, { secret, expand, preparation }: ReaderContext): Reader {
  const { registry, zone } = preparation;
  const context = { sql, secret, expand, registry, zone };
  return {
    read: (type, id) => readCurrent(sql, type, id),
    readMany: (keys) => readMany(sql, keys),
    readVersion: (type, id, version) => readVersion(sql, type, id, version),
    history: (request) => readHistory(sql, secret, request),
    search: (query) => searchPage(context, query),
  };
}
