import type { SearchQuery } from '../../fhir/search/query.ts';
import { createBinder } from './binder.ts';
import { matching, whereText } from './matching.ts';
import type { ResolvedCondition } from './resolve.ts';
import { afterText, orderText, type SortColumn, type SortValue, sortColumn } from './sort.ts';

export interface Statement {
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Where the page before ended: sort values and sequence number of its last match. */
export interface Position {
  readonly values: readonly SortValue[];
  readonly seq: number;
}

/** Columns of a page's rows: the version, `seq`, and the sort values as `s0`, `s1` … */
export function pageStatement(query: SearchQuery, condition: ResolvedCondition, after?: Position): Statement {
  const binder = createBinder();
  const { sort, types, count } = query;
  const rowKeys = sort.some(({ by }) => by !== 'parameter');
  const { from, where, anchor, resource } = matching(types, condition, binder, rowKeys);
  const columns: SortColumn[] = sort.map((key) => sortColumn(key, anchor, resource ?? anchor, binder));
  const seq = `${anchor}.seq`;
  const all = [...where];
  if (after !== undefined) {
    all.push(
      columns.length === 0 ? `${seq} < ${binder.bind(after.seq)}::bigint` : afterText(columns, seq, after.values, after.seq, binder),
    );
  }
  const values = columns.map(({ value }, index) => `, ${value} AS s${index}`).join('');
  const inner = `SELECT ${anchor}.key, ${seq}${values} FROM ${from}${columns.map(({ join }) => join).join('')}${whereText(all)}
    ORDER BY ${orderText(columns, seq)} LIMIT ${binder.bind(count + 1)}`;
  const outer = columns.map((column, index) => ({ ...column, value: `page.s${index}` }));
  const names = columns.map((_, index) => `, page.s${index}`).join('');
  return {
    // The page is found by keys and numbers alone; only its own rows are fetched in full.
    text: `WITH page AS (${inner})
    SELECT r.type, r.id, r.version, r.last_updated, r.deleted, r.content, page.seq${names}
    FROM page JOIN resource r ON r.key = page.key ORDER BY ${orderText(outer, 'page.seq')}`,
    values: binder.values,
  };
}

export function countStatement(types: readonly string[], condition: ResolvedCondition): Statement {
  const binder = createBinder();
  const { from, where } = matching(types, condition, binder);
  return { text: `SELECT count(*) AS total FROM ${from}${whereText(where)}`, values: binder.values };
}

/** The planner's guess of how many match. */
export function estimateStatement(types: readonly string[], condition: ResolvedCondition): Statement {
  const binder = createBinder();
  const { from, where } = matching(types, condition, binder);
  return { text: `EXPLAIN (FORMAT JSON) SELECT FROM ${from}${whereText(where)}`, values: binder.values };
}
