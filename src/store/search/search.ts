import { hash } from 'node:crypto';
import type { Resource } from '@medplum/fhirtypes';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import type { SearchQuery } from '../../fhir/search/query.ts';
import { openCursor, sealCursor } from '../cursor.ts';
import { toVersion, type VersionRow } from '../read.ts';
import type { Sql } from '../sql.ts';
import type { ResourceVersion, SearchPage } from '../store.ts';
import { includeFor } from './include.ts';
import { compareOrdered, type Ordered } from './order.ts';
import { type ExpandCodes, type ResolvedCondition, resolveCondition } from './resolve.ts';
import type { SortValue } from './sort.ts';
import { sortValues } from './sort-values.ts';
import {
  changedStatement,
  countStatement,
  estimateStatement,
  type Moment,
  type Position,
  pageStatement,
  type Statement,
} from './statement.ts';
import { windowFor } from './window-edge.ts';

/*
 * Paging while others write. The promise: a resource that matches all the time is on exactly one page.
 *
 * Without `_sort` the order is by `seq`, which a resource gets when it is created and keeps. A page continues below
 * the last number; whatever happens to other rows, each row stays where it is. New rows come above the first page.
 *
 * With `_sort` the order is by values that an update changes: a row could move from a page still to come to one
 * already read (missed), or back (twice). So the order is that of the first page's moment. Its cursor carries the
 * database snapshot. Later pages take rows that have not changed since from the index, as they come; for the few that
 * have changed, the version of that moment is read from the history, its sort values are worked out by the same
 * function that fills the index, and the row is placed there. What is answered is the current version of each. Rows
 * created after the first page are left out. Nothing is kept in the server, and links do not expire; only after
 * very many changes (below) the search must start again.
 */

/** More changed matches than this are not put in order in memory. */
const MOST_CHANGED = 5_000;
/** Clocks of several servers, and the time between taking a time and committing it. */
const SLACK_MILLISECONDS = 600_000;

export interface SearchContext {
  readonly sql: Sql;
  readonly secret: string;
  readonly expand: ExpandCodes;
  readonly registry: ParameterRegistry;
  readonly zone?: string | undefined;
}

interface Cursor extends Position {
  readonly for: string;
}

type PageRow = VersionRow & { readonly seq: number; readonly snapshot?: string } & Readonly<
    Record<`s${number}`, SortValue>
  >;

interface ChangedRow extends VersionRow {
  readonly seq: number;
  readonly old_content: string;
  readonly old_updated: string;
}

/** A match with its place in the order. */
interface Match extends Ordered {
  readonly version: ResourceVersion;
}

/** A cursor continues the search it came from, whatever the size of its pages. */
function purposeOf({ types, where, sort }: SearchQuery): string {
  return `search ${hash('sha256', JSON.stringify([types, where, sort]), 'hex').slice(0, 24)}`;
}

function run<R extends object>(sql: Sql, { text, values, name }: Statement): Promise<R[]> {
  return sql.query<R>(text, values, name);
}

async function total(
  sql: Sql,
  query: SearchQuery,
  condition: ResolvedCondition,
): Promise<number | undefined> {
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

function matchOf(row: PageRow, { sort }: SearchQuery): Match {
  return { version: toVersion(row), seq: row.seq, values: sort.map((_, index) => row[`s${index}`] ?? null) };
}

/** Matches that changed since the first page and have their place behind the cursor. */
async function changedMatches(
  { sql, registry, zone }: SearchContext,
  query: SearchQuery,
  condition: ResolvedCondition,
  after: Position & { readonly moment: Moment },
): Promise<Match[]> {
  const statement = changedStatement(query, condition, after.moment, MOST_CHANGED + 1);
  const rows = await run<ChangedRow>(sql, statement);
  if (rows.length > MOST_CHANGED) {
    const advice = `More than ${MOST_CHANGED} of the matches have changed since the first page: search again from the start`;
    throw new FhirError(410, [errorIssue('too-costly', advice, 'http._cursor')]);
  }
  const descending = query.sort.map((key) => key.descending);
  return rows
    .map((row): Match => {
      const old = JSON.parse(row.old_content) as Resource;
      const values = sortValues(old, row.old_updated, query.sort, registry, zone);
      return { version: toVersion(row), seq: row.seq, values };
    })
    .filter((match) => compareOrdered(match, after, descending) > 0);
}

/** The rows of a page, and one more when there is one; from the part of the order in which they lie, where that is known. */
async function pageRows(
  sql: Sql,
  query: SearchQuery,
  condition: ResolvedCondition,
  after: Position | undefined,
): Promise<PageRow[]> {
  const window = await windowFor(sql, query, condition, after);
  if (window !== undefined) {
    const rows = await run<PageRow>(sql, pageStatement(query, condition, after, window));
    if (rows.length > query.count) {
      return rows;
    }
  }
  return run<PageRow>(sql, pageStatement(query, condition, after));
}

/** The matches from the cursor on, one more than a page when there is one. */
async function matchesOf(
  context: SearchContext,
  query: SearchQuery,
  condition: ResolvedCondition,
  after: Position | undefined,
): Promise<{ readonly matches: readonly Match[]; readonly moment?: Moment }> {
  const since = new Date(Date.now() - SLACK_MILLISECONDS).toISOString();
  const rows = await pageRows(context.sql, query, condition, after);
  const unchanged = rows.map((row) => matchOf(row, query));
  if (after?.moment === undefined) {
    const snapshot = rows[0]?.snapshot;
    return { matches: unchanged, ...(snapshot === undefined ? {} : { moment: { snapshot, since } }) };
  }
  const { moment } = after;
  const changed = await changedMatches(context, query, condition, { ...after, moment });
  const descending = query.sort.map((key) => key.descending);
  const matches = [...unchanged, ...changed].sort((one, other) => compareOrdered(one, other, descending));
  return { matches, moment };
}

/** One page of a search. */
export async function searchPage(context: SearchContext, query: SearchQuery): Promise<SearchPage> {
  const { sql, secret, expand } = context;
  const condition = await resolveCondition(query.where, expand);
  const purpose = purposeOf(query);
  const after = query.cursor === undefined ? undefined : openCursor<Cursor>(secret, query.cursor, purpose);
  const counted = await total(sql, query, condition);
  const onlyCount = query.summary === 'count' || query.count === 0;
  const { matches: found, moment } = onlyCount
    ? { matches: [], moment: undefined }
    : await matchesOf(context, query, condition, after);
  const matches = found.slice(0, query.count).map(({ version }) => version);
  const last = found.length > query.count ? found[query.count - 1] : undefined;
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
            values: last.values,
            ...(moment === undefined ? {} : { moment }),
          } satisfies Cursor),
        }),
  };
}
