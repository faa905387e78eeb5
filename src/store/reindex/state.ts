import type { Parameter } from '../../fhir/search/parameters.ts';
import { digestOf } from '../keys.ts';
import { sqlOf } from '../sql.ts';
import type { Reader, Store } from '../store.ts';

/** How far the resources of a type have been indexed by a parameter that came after them. */
export interface IndexState {
  readonly type: string;
  readonly code: string;
  /** Of the resources of the type. */
  readonly done: number;
  readonly total: number;
}

/** Tells definitions apart that give other index rows. */
function definitionDigest({ type, targets, definition }: Parameter): string {
  const { expression, component } = definition;
  return digestOf(JSON.stringify([type, targets, expression, component]));
}

const WANT = `
  INSERT INTO indexed_parameter (type, code, definition, finished)
  SELECT w.type, w.code, w.definition, NOT EXISTS (SELECT FROM resource r WHERE r.type = w.type AND NOT r.deleted)
  FROM unnest($1::text[], $2::text[], $3::uuid[]) AS w (type, code, definition)
  ON CONFLICT (type, code) DO UPDATE
  SET definition = excluded.definition, upto = 0, finished = excluded.finished, since = now()
  WHERE indexed_parameter.definition <> excluded.definition`;

const FORGET = `
  DELETE FROM indexed_parameter i
  WHERE NOT EXISTS (
    SELECT FROM unnest($1::text[], $2::text[]) AS w (type, code) WHERE w.type = i.type AND w.code = i.code
  )`;

/**
 * Says which parameters beside R4's are to be served from now on. What is new, or has changed, waits for its
 * resources to be indexed, unless there are none; what is no longer wanted is forgotten.
 */
export async function wantParameters(store: Store, parameters: readonly Parameter[]): Promise<void> {
  const types = parameters.map(({ resourceType }) => resourceType);
  const codes = parameters.map(({ code }) => code);
  await store.transaction(async (transaction) => {
    const sql = sqlOf(transaction);
    await transaction.lock(['indexed-parameters']);
    await sql.query(FORGET, [types, codes]);
    await sql.query(WANT, [types, codes, parameters.map(definitionDigest)]);
  });
}

/** `Type.code` of the parameters that every resource is indexed by. */
export async function finishedParameters(reader: Reader): Promise<ReadonlySet<string>> {
  const rows = await sqlOf(reader).query<{ type: string; code: string }>(
    'SELECT type, code FROM indexed_parameter WHERE finished',
  );
  return new Set(rows.map(({ type, code }) => `${type}.${code}`));
}

/** All parameters beside R4's with their progress. */
export function indexStates(reader: Reader): Promise<IndexState[]> {
  return sqlOf(reader).query<IndexState & Record<string, unknown>>(`
    SELECT i.type, i.code, count(r.key) FILTER (WHERE i.finished OR r.seq <= i.upto)::integer AS done,
      count(r.key)::integer AS total
    FROM indexed_parameter i LEFT JOIN resource r ON r.type = i.type AND NOT r.deleted
    GROUP BY i.type, i.code, i.finished
    ORDER BY i.type, i.code`);
}
