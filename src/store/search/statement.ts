import type { SearchQuery } from '../../fhir/search/query.ts';
import { createBinder } from './binder.ts';
import { matching, whereText } from './matching.ts';
import type { ResolvedCondition } from './resolve.ts';
import { afterText, orderText, type SortColumn, type SortValue, sortColumn } from './sort.ts';
import { type SortWindow, windowCondition } from './sort-window.ts';
import { statementName } from './statement-name.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
  /** For a statement whose plan does not depend on its values: it is worth preparing. */
  readonly name?: string | undefined;
}

/** Where the page before ended, and the moment that the first page saw. */
export interface Position {
  readonly values: readonly SortValue[];
  readonly seq: number;
  readonly moment?: Moment;
}

/** What the first page of a sorted search saw of the database. */
export interface Moment {
  /** `pg_current_snapshot()` of the first page. */
  readonly snapshot: string;
  /** What was stored before this instant has not changed since: only narrows what is looked at. */
  readonly since: string;
}

const changedSince = (alias: string, snapshot: string, since: string) =>
  `(${alias}.last_updated >= ${since}::timestamptz AND NOT pg_visible_in_snapshot(${alias}.xid, ${snapshot}::pg_snapshot))`;

/**
 * A page's rows: the columns of a version, `seq`, the sort values as `s0`, `s1` …, and for sorted searches the
 * snapshot. Rows that changed since the moment of the first page are left out: `changedStatement` brings them.
 * @param window only what has its place in it
 */
export function pageStatement(
  query: SearchQuery,
  condition: ResolvedCondition,
  after?: Position,
  window?: SortWindow,
): Statement {
  const binder = createBinder();
  const { sort, types, count } = query;
  const moment = after?.moment;
  const needsRow = moment !== undefined || sort.some(({ by }) => by !== 'parameter');
  const { from, where, anchor, steady, resource = anchor } = matching(types, condition, binder, needsRow);
  const columns: SortColumn[] = sort.map((key) => sortColumn(key, anchor, resource, binder));
  const seq = `${anchor}.seq`;
  const all = [...where];
  if (window !== undefined) {
    all.push(windowCondition(seq, window, binder));
  }
  if (after !== undefined) {
    all.push(
      columns.length === 0
        ? `${seq} < ${binder.bind(after.seq)}::bigint`
        : afterText(columns, seq, after.values, after.seq, binder),
    );
  }
  if (moment !== undefined) {
    all.push(`NOT ${changedSince(resource, binder.bind(moment.snapshot), binder.bind(moment.since))}`);
  }
  const values = columns.map(({ value }, index) => `, ${value} AS s${index}`).join('');
  const joins = columns.map(({ join }) => join).join('');
  const inner = `SELECT ${anchor}.key, ${seq}${values} FROM ${from}${joins}${whereText(all)}
    ORDER BY ${orderText(columns, seq)} LIMIT ${binder.bind(count + 1)}`;
  const outer = columns.map((column, index) => ({ ...column, value: `page.s${index}` }));
  const names = columns.map((_, index) => `, page.s${index}`).join('');
  const snapshot = columns.length === 0 ? '' : ', pg_current_snapshot()::text AS snapshot';
  // The page is found by keys and numbers alone; only its own rows are fetched in full.
  const text = `WITH page AS (${inner})
    SELECT r.type, r.id, r.version, r.last_updated, r.deleted, r.content, page.seq${names}${snapshot}
    FROM page JOIN resource r ON r.key = page.key ORDER BY ${orderText(outer, 'page.seq')}`;
  const prepared = steady && columns.length === 0 && moment === undefined;
  return { text, values: binder.values, name: prepared ? statementName(text) : undefined };
}

/** The matches that changed since the first page, each with the version that the first page saw. */
export function changedStatement(
  query: SearchQuery,
  condition: ResolvedCondition,
  { snapshot, since }: Moment,
  limit: number,
): Statement {
  const binder = createBinder();
  const { from, where, anchor, resource = anchor } = matching(query.types, condition, binder, true);
  const moment = binder.bind(snapshot);
  const changed = changedSince(resource, moment, binder.bind(since));
  return {
    text: `SELECT r.type, r.id, r.version, r.last_updated, r.deleted, r.content, r.seq,
      h.content AS old_content, h.last_updated AS old_updated
    FROM (SELECT DISTINCT ${anchor}.key FROM ${from}${whereText([...where, changed])}) m
    JOIN resource r ON r.key = m.key
    CROSS JOIN LATERAL (
      SELECT h.content, h.last_updated, h.deleted FROM history h
      WHERE h.key = r.key AND (h.last_updated < ${binder.bind(since)}::timestamptz OR pg_visible_in_snapshot(h.xid, ${moment}::pg_snapshot))
      ORDER BY h.version DESC LIMIT 1
    ) h
    WHERE NOT h.deleted LIMIT ${binder.bind(limit)}`,
    values: binder.values,
  };
}

export function countStatement(types: readonly string[], condition: ResolvedCondition): Statement {
  const binder = createBinder();
  const { from, where, steady } = matching(types, condition, binder);
  const text = `SELECT count(*) AS total FROM ${from}${whereText(where)}`;
  return { text, values: binder.values, name: steady ? statementName(text) : undefined };
}

/** The planner's guess of how many match. */
export function estimateStatement(types: readonly string[], condition: ResolvedCondition): Statement {
  const binder = createBinder();
  const { from, where } = matching(types, condition, binder);
  return { text: `EXPLAIN (FORMAT JSON) SELECT FROM ${from}${whereText(where)}`, values: binder.values };
}
