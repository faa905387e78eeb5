import type { SearchQuery } from '../../fhir/search/query.ts';
import type { Sql } from '../sql.ts';
import { createBinder } from './binder.ts';
import { LEVELS } from './date-levels.ts';
import { parameterIs } from './leaf-rows.ts';
import type { ResolvedCondition } from './resolve.ts';
import type { DateKey, SortWindow } from './sort-window.ts';
import type { Position, Statement } from './statement.ts';
import { statementName } from './statement-name.ts';

/** As many times a page's rows as a window should hold. */
const ROOM = 4;

function edgeKey(
  { types, sort, cursor }: SearchQuery,
  condition: ResolvedCondition,
  after: Position | undefined,
): { readonly key: DateKey; readonly from?: number } | undefined {
  const [key] = sort;
  const whole = condition.kind === 'all' && condition.of.length === 0 && types.length === 1;
  if (!whole || key?.by !== 'parameter' || key.table !== 'date' || key.parameters.length !== 1) {
    return undefined;
  }
  if (cursor === undefined) {
    return { key };
  }
  const from = after?.values[0];
  return typeof from === 'number' ? { key, from } : undefined;
}

/** The window in which the next page lies; undefined for a search that has none. */
export async function windowFor(
  sql: Sql,
  query: SearchQuery,
  condition: ResolvedCondition,
  after?: Position,
): Promise<SortWindow | undefined> {
  const asked = edgeStatement(query, condition, after);
  if (asked === undefined) {
    return undefined;
  }
  const { text, values, name } = asked.statement;
  const [found] = await sql.query<{ edge: number }>(text, values, name);
  return found === undefined ? undefined : asked.window(found.edge);
}

function edgeStatement(
  query: SearchQuery,
  condition: ResolvedCondition,
  after: Position | undefined,
): { readonly statement: Statement; readonly window: (edge: number) => SortWindow } | undefined {
  const found = edgeKey(query, condition, after);
  if (found === undefined) {
    return undefined;
  }
  const { key, from } = found;
  const { descending } = key;
  const binder = createBinder();
  const most = `${binder.bind((query.count + 1) * ROOM)}::bigint`;
  const start = from === undefined ? '' : `${binder.bind(from)}::bigint`;
  const value = descending ? 'high' : 'low';
  const order = descending ? 'DESC' : 'ASC';
  const behind = start === '' ? '' : ` AND x.${value} ${descending ? '<=' : '>='} ${start}`;
  // The first by their begin, level by level: any so many rows bound the order, and these bound it closely.
  const near = Array.from(
    { length: LEVELS },
    (_, level) => `(SELECT x.${value} AS v FROM date_index x
      WHERE ${parameterIs('x', key.parameters)} AND x.level = ${level}${behind} ORDER BY x.low ${order} LIMIT ${most})`,
  );
  const text = `SELECT ${descending ? 'min' : 'max'}(v) AS edge FROM (
      SELECT v FROM (${near.join(' UNION ALL ')}) near ORDER BY v ${order} LIMIT ${most}) first HAVING count(*) = ${most}`;
  return {
    statement: { text, values: binder.values, name: statementName(text) },
    window: (edge) => ({ key, edge, ...(from === undefined ? {} : { from }) }),
  };
}
