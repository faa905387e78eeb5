import type { SearchQuery } from '../../fhir/search/query.ts';
import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import { type ExpandCodes, resolveCondition } from './resolve.ts';
import { pageStatement } from './statement.ts';
import { windowFor } from './window-edge.ts';

/** How a search is executed, for who may see it. */
export interface SearchExplanation {
  /** What was understood: the condition as data, with the values the client sent. */
  readonly predicates: SearchQuery['where'];
  /** The statement, without its values. */
  readonly sql: string;
  /** PostgreSQL's plan with what was really read (EXPLAIN ANALYZE, BUFFERS). */
  readonly plan: unknown;
  /** Rows of the page. */
  readonly rows: number;
  /** Milliseconds that planning and execution took. */
  readonly planning: number;
  readonly execution: number;
}

interface Plan {
  readonly Plan: { readonly 'Actual Rows': number };
  readonly 'Planning Time': number;
  readonly 'Execution Time': number;
}

/** Values of a plan's conditions are literals in quotes: identifiers of citizens among them. */
function withoutLiterals(plan: unknown): unknown {
  return JSON.parse(JSON.stringify(plan).replace(/'(?:[^'\\]|\\.|'')*'::/g, "'…'::"));
}

/**
 * Runs the first page of the search and tells how. Statement and plan carry no values, which may identify a citizen.
 * @param expand as the store was opened with, for `:in` and its like
 */
export async function explainSearch(
  reader: Reader,
  query: SearchQuery,
  expand: ExpandCodes,
): Promise<SearchExplanation> {
  const condition = await resolveCondition(query.where, expand);
  const sql = sqlOf(reader);
  const window = await windowFor(sql, query, condition);
  const { text, values } = pageStatement({ ...query, includes: [] }, condition, undefined, window);
  const [row] = await sql.query<{ 'QUERY PLAN': readonly [Plan] }>(
    `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${text}`,
    values,
  );
  const [plan] = (row as { 'QUERY PLAN': readonly [Plan] })['QUERY PLAN'];
  return {
    predicates: query.where,
    sql: text,
    plan: withoutLiterals(plan.Plan),
    rows: plan.Plan['Actual Rows'],
    planning: plan['Planning Time'],
    execution: plan['Execution Time'],
  };
}
