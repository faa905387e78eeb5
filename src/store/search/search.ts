import { hash } from 'node:crypto';
import type { SearchQuery } from '../../fhir/search/query.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import { toVersion, type VersionRow } from '../read.ts';
import type { Sql } from '../sql.ts';
import type { SearchPage } from '../store.ts';
import { includeFor } from './include.ts';
import { type ExpandCodes, type ResolvedCondition, resolveCondition } from './resolve.ts';
import type { SortValue } from './sort.ts';
import { countStatement, estimateStatement, type Position, pageStatement, type Statement } from './statement.ts';

export interface SearchContext {
  readonly sql: Sql;
  readonly secret: string;
  readonly expand: ExpandCodes;
}

interface Cursor extends Position {
  readonly for: string;
}

type PageRow = VersionRow & { readonly seq: number } & Readonly<Record<`s${number}`, SortValue>>;

/** A cursor continues the search it came from, whatever the size of its pages. */
function purposeOf({ types, where, sort }: SearchQuery): string {
  return `search ${hash('sha256', JSON.stringify([types, where, sort]), 'hex').slice(0, 24)}`;
}

function run<R extends object>(sql: Sql, { text, values }: Statement): Promise<R[]> {
  return sql.query<R>(text, values);
}

async function total(sql: Sql, query: SearchQuery, condition: ResolvedCondition): Promise<number | undefined> {
  if (query.total === 'accurate' || query.summary === 'count' || query.count === 0) {
    const [row] = await run<{ total: number }>(sql, countStatement(query.types, condition));
    return row?.total ?? 0;
  }
  if (query.total === 'estimate') {
    const [row] = await run<{ 'QUERY PLAN': readonly { readonly Plan: { readonly 'Plan Rows': number } }[] }>(
      sql,
      estimateStatement(query.types, condition),
    );
    return row?.['QUERY PLAN'][0]?.Plan['Plan Rows'] ?? 0;
  }
  return undefined;
}

/** One page of a search. */
export async function searchPage({ sql, secret, expand }: SearchContext, query: SearchQuery): Promise<SearchPage> {
  const condition = await resolveCondition(query.where, expand);
  const purpose = purposeOf(query);
  const after = query.cursor === undefined ? undefined : openCursor<Cursor>(secret, query.cursor, purpose);
  const counted = await total(sql, query, condition);
  const onlyCount = query.summary === 'count' || query.count === 0;
  const rows = onlyCount ? [] : await run<PageRow>(sql, pageStatement(query, condition, after));
  const matches = rows.slice(0, query.count).map(toVersion);
  const last = rows.length > query.count ? rows[query.count - 1] : undefined;
  const included = query.includes.length === 0 ? [] : await includeFor(sql, matches, query.includes);
  return {
    matches,
    included,
    ...(counted === undefined ? {} : { total: counted }),
    ...(last === undefined
      ? {}
      : {
          next: sealCursor(secret, {
            for: purpose,
            seq: last.seq,
            values: query.sort.map((_, index) => last[`s${index}`] ?? null),
          } satisfies Cursor),
        }),
  };
}
