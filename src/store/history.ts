import { SUPPORTED_TYPES } from '../fhir/types.ts';
import { openCursor, sealCursor } from './cursor.ts';
import { keyOf } from './keys.ts';
import { toVersion, VERSION_COLUMNS, type VersionRow } from './read.ts';
import { statementName } from './search/statement-name.ts';
import type { Sql } from './sql.ts';
import type { HistoryEntry, HistoryPage, HistoryRequest } from './store.ts';

interface HistoryRow extends VersionRow {
  readonly method: 'C' | 'U' | 'D';
  readonly change: number;
}

interface Cursor {
  readonly for: string;
  /** Time and change number of the last entry answered. */
  readonly after: readonly [string, number];
}

const METHODS = { C: 'POST', U: 'PUT', D: 'DELETE' } as const;

/** Conditions on one of the two tables; `until` says when a version ceased to be current. */
function conditions(
  request: HistoryRequest,
  after: Cursor['after'] | undefined,
  bind: (value: unknown) => string,
) {
  const { since, at } = request;
  const both: string[] = [];
  if (since !== undefined) {
    both.push(`last_updated >= ${bind(since)}`);
  }
  if (at !== undefined) {
    both.push(`last_updated <= ${bind(at.to)}`);
  }
  if (after !== undefined) {
    both.push(`(last_updated, change) < (${bind(after[0])}::timestamptz, ${bind(after[1])}::bigint)`);
  }
  const from = at === undefined ? undefined : bind(at.from);
  return { both, history: from === undefined ? both : [...both, `until > ${from}`] };
}

function select(table: string, where: readonly string[], limit: string): string {
  const text = where.join(' AND ');
  return `(SELECT ${VERSION_COLUMNS}, method, change FROM ${table} WHERE ${text}
    ORDER BY last_updated DESC, change DESC LIMIT ${limit})`;
}

function union(current: readonly string[], past: readonly string[], limit: string): string {
  return `${select('resource', current, limit)} UNION ALL ${select('history', past, limit)}`;
}

function statement(
  request: HistoryRequest,
  after: Cursor['after'] | undefined,
): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { both, history } = conditions(request, after, bind);
  const { type, id, count } = request;
  const limit = bind(count + 1);
  const order = `ORDER BY last_updated DESC, change DESC LIMIT ${limit}`;
  if (type !== undefined && id !== undefined) {
    const key = `key = ${bind(keyOf(`${type}/${id}`))}`;
    return { text: `${union([key, ...both], [key, ...history], limit)} ${order}`, values };
  }
  // One index scan a type, each of at most a page: the system's history is as cheap as a type's.
  const types = bind(type === undefined ? [...SUPPORTED_TYPES] : [type]);
  const inner = union(['type = kind', ...both], ['type = kind', ...history], limit);
  return {
    text: `SELECT v.* FROM unnest(${types}::text[]) AS kind CROSS JOIN LATERAL (${inner}) AS v ${order}`,
    values,
  };
}

function total(request: HistoryRequest): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const bind = (value: unknown) => `$${values.push(value)}`;
  const { both, history } = conditions(request, undefined, bind);
  const { type, id } = request;
  const scope: string[] = [];
  if (type !== undefined) {
    scope.push(id === undefined ? `type = ${bind(type)}` : `key = ${bind(keyOf(`${type}/${id}`))}`);
  }
  const where = (more: readonly string[]) => [...scope, ...more, 'true'].join(' AND ');
  return {
    text: `SELECT (SELECT count(*) FROM resource WHERE ${where(both)})
      + (SELECT count(*) FROM history WHERE ${where(history)}) AS total`,
    values,
  };
}

/**
 * Versions, newest first. Paging is by (time, change number), neither of which a stored version ever changes; versions
 * that come while somebody pages stand before the first page.
 * @throws FhirError 400 for a cursor of another request
 */
export async function readHistory(sql: Sql, secret: string, request: HistoryRequest): Promise<HistoryPage> {
  const { type, id, since, at, count, cursor } = request;
  const purpose = `history ${JSON.stringify([type, id, since, at])}`;
  const after = cursor === undefined ? undefined : openCursor<Cursor>(secret, cursor, purpose).after;
  const { text, values } = statement(request, after);
  // One instance's versions are few, whatever the values: its plan is always the same.
  const prepared = (text: string) => (id === undefined ? undefined : statementName(text));
  const rows = count === 0 ? [] : await sql.query<HistoryRow>(text, values, prepared(text));
  const entries = rows
    .slice(0, count)
    .map((row): HistoryEntry => ({ ...toVersion(row), method: METHODS[row.method] }));
  const last = rows.length > count ? rows[count - 1] : undefined;
  // Counting the whole system's history reads all of it; an instance's is small.
  const counted = id === undefined && type === undefined ? undefined : total(request);
  const [sum] =
    counted === undefined
      ? []
      : await sql.query<{ total: number }>(counted.text, counted.values, prepared(counted.text));
  return {
    entries,
    ...(sum === undefined ? {} : { total: sum.total }),
    ...(last === undefined
      ? {}
      : {
          next: sealCursor(secret, {
            for: purpose,
            after: [last.last_updated, last.change],
          } satisfies Cursor),
        }),
  };
}
