import type { Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import { conflict, type FhirError, preconditionFailed } from '../../fhir/outcome.ts';
import type { Sql } from '../sql.ts';
import type { Written } from '../store.ts';
import { bindChanges, type WriteMode } from './bind.ts';
import { assemble, stamped } from './content.ts';
import { insertStatement } from './insert.ts';
import type { PreparedChange } from './prepare.ts';
import { issuesOf, WriteError } from './write-error.ts';

/** What write_resources answers of one change. */
export interface ResultRow {
  readonly ord: number;
  readonly outcome: Written['outcome'] | 'stale' | 'exists' | 'busy';
  readonly version: number;
  readonly last_updated: string;
  readonly previous: string | null;
}

const STATEMENT = `SELECT * FROM write_resources(${Array.from({ length: 46 }, (_, index) => `$${index + 1}`).join(', ')})`;

/** Resources a call of the function takes; bounds the memory of one statement, and stays one round trip for most. */
const BATCH = 2_500;

/** Why a change that is `stale` or `exists` cannot be made. */
export function refusal({ type, id, ifMatch }: PreparedChange, { outcome, version }: ResultRow): FhirError {
  if (outcome === 'exists') {
    return conflict(`${type}/${id} exists already: update it, or create without an id`, `${type}.id`);
  }
  return preconditionFailed(
    version === 0
      ? `${type}/${id} does not exist, so it has no version ${ifMatch}`
      : `${type}/${id} is at version ${version}, not ${ifMatch}: read it again and repeat the change`,
  );
}

/** Adds `previous`, parsed only for who asks. */
function withPrevious<W extends Written>(written: W, text: string | null): W {
  if (text === null || text === '') {
    return written;
  }
  let parsed: Resource | undefined;
  return Object.defineProperty(written, 'previous', {
    enumerable: true,
    get: () => {
      parsed ??= parseJsonText(text) as Resource;
      return parsed;
    },
  });
}

/** A change as it was stored. */
export function writtenOf({ type, id, stored }: PreparedChange, row: ResultRow): Written {
  const { version, last_updated: lastUpdated, previous } = row;
  const outcome = row.outcome as Written['outcome'];
  const base = { type, id, version, lastUpdated, outcome };
  if (stored === undefined) {
    return withPrevious({ ...base, deleted: true, content: '' }, previous);
  }
  const content =
    outcome === 'unchanged' ? (previous as string) : assemble(stored.content, version, lastUpdated);
  const resource = stamped(stored.resource, version, lastUpdated);
  return withPrevious({ ...base, deleted: false, content, resource }, previous);
}

/** Creations only, in one insert; undefined, and nothing stored, when one of them exists. */
export async function insertAll(
  sql: Sql,
  changes: readonly PreparedChange[],
  now: string,
): Promise<readonly ResultRow[] | undefined> {
  const { text, values, name } = insertStatement(changes, now);
  const [row] = await sql.query<{ fresh: boolean }>(text, values, name);
  return row?.fresh === true
    ? changes.map((_, index) => ({
        ord: index + 1,
        outcome: 'created',
        version: 1,
        last_updated: now,
        previous: null,
      }))
    : undefined;
}

/** What became of each change, in their order; where all are creations, by the cheaper way. */
export async function sendChanges(
  sql: Sql,
  changes: readonly PreparedChange[],
  mode: WriteMode,
): Promise<readonly ResultRow[]> {
  const inserted = changes.every(({ op }) => op === 'C')
    ? await insertAll(sql, changes, mode.now)
    : undefined;
  if (inserted !== undefined) {
    return inserted;
  }
  return sql.query<ResultRow>(STATEMENT, bindChanges(changes, mode), 'write_resources');
}

/**
 * Stores prepared changes, all or none, in one statement (one for each 2,500).
 * @param previous whether listeners want the resources before
 * @throws FhirError 409 for a create whose id exists, 412 for an If-Match that does not hold
 */
export async function writeChanges(
  sql: Sql,
  changes: readonly PreparedChange[],
  previous: boolean,
): Promise<readonly Written[]> {
  const now = new Date().toISOString();
  const results: Written[] = [];
  for (let start = 0; start < changes.length; start += BATCH) {
    const batch = changes.slice(start, start + BATCH);
    const rows = await sendChanges(sql, batch, { now, previous, apart: false });
    const refusals = rows.flatMap((row, index) =>
      row.outcome === 'stale' || row.outcome === 'exists'
        ? [{ error: refusal(batch[index] as PreparedChange, row), change: start + index }]
        : [],
    );
    const [first] = refusals;
    if (first !== undefined) {
      throw new WriteError(
        first.error.status,
        refusals.flatMap(({ error, change }) => issuesOf(error, change)),
      );
    }
    results.push(...rows.map((row, index) => writtenOf(batch[index] as PreparedChange, row)));
  }
  return results;
}
