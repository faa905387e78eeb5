import { keyOf } from '../keys.ts';
import { knownSql, sqlOf } from '../sql.ts';
import type { Reader, StoreTransaction } from '../store.ts';
import type { Layout } from './layout.ts';

/** A Measure whose verdicts are kept, or will be when all stays have been gone through. */
export interface KeptMeasure {
  readonly id: string;
  /** Version of the stored resource that the verdicts are of. */
  readonly version: number;
  /** What the verdicts depend on beside the facts: the Measure's content, the time zone. */
  readonly digest: string;
  readonly layout: Layout;
  /** Migration 0250 says what the states mean. */
  readonly state: 'filling' | 'kept' | 'ended';
  /** Why it was ended. */
  readonly reason?: string;
  /** Key of the last stay gone through. */
  readonly filledTo?: string;
  /** Stays gone through, and stays there were when filling began. */
  readonly filled: number;
  readonly total?: number;
  /** Instant at which it came to its state. */
  readonly since: string;
}

interface MeasureRow extends Pick<KeptMeasure, 'id' | 'version' | 'digest' | 'state' | 'filled' | 'since'> {
  readonly layout: string;
  readonly reason: string | null;
  readonly filled_to: string | null;
  readonly total: number | null;
}

export async function keptMeasures(reader: Reader): Promise<KeptMeasure[]> {
  const rows = await sqlOf(reader).query<MeasureRow>(
    `SELECT ${COLUMNS} FROM verdict_measure ORDER BY id`,
    [],
    'verdict_measures',
  );
  return rows.map(measureOf);
}

const COLUMNS = 'id, version, digest, layout, state, reason, filled_to, filled, total, since';

function measureOf({ layout, reason, filled_to, total, ...row }: MeasureRow): KeptMeasure {
  return {
    ...row,
    layout: JSON.parse(layout) as Layout,
    ...(reason === null ? {} : { reason }),
    ...(filled_to === null ? {} : { filledTo: filled_to }),
    ...(total === null ? {} : { total }),
  };
}

interface FreshMeasures {
  readonly measures: readonly KeptMeasure[];
  /** Whether a verdict of any of them could not be made. */
  readonly failures: boolean;
}

interface FreshRow extends MeasureRow {
  readonly stored: number | null;
  readonly mark: number | null;
  readonly failures: boolean;
}

/**
 * The kept Measures, when no stay is stale and all these Measures, and no others, are kept in the version that is
 * stored: then the verdicts are as new as the facts. One statement, which sees one moment; undefined otherwise.
 */
export async function measuresIfFresh(
  reader: Reader,
  ids: readonly string[],
): Promise<FreshMeasures | undefined> {
  const rows = await sqlOf(reader).query<FreshRow>(
    `SELECT kept.*, stored.version AS stored, (SELECT max(mark) FROM verdict_stale) AS mark,
       EXISTS (SELECT FROM verdict_reason WHERE failed) AS failures
     FROM (SELECT ${COLUMNS} FROM verdict_measure) AS kept
     LEFT JOIN unnest($1::text[], $2::uuid[]) AS known (id, key) ON known.id = kept.id
     LEFT JOIN resource AS stored ON stored.key = known.key AND NOT stored.deleted
     ORDER BY kept.id`,
    [ids, ids.map((id) => keyOf(`Measure/${id}`))],
    'verdict_measures_if_fresh',
  );
  const fresh = rows.every(({ stored, version, mark }) => mark === null && stored === version);
  if (!fresh || rows.length !== ids.length) return undefined;
  return {
    measures: rows.map(({ stored, mark, failures, ...row }) => measureOf(row)),
    failures: rows.some(({ failures }) => failures),
  };
}

/**
 * The current versions of stored Measures, without their contents; those that are gone are left out. None when the
 * reader does not reach the database.
 */
export async function measureVersions(
  reader: Reader,
  ids: readonly string[],
): Promise<ReadonlyMap<string, number>> {
  const rows = await knownSql(reader)?.query<{ id: string; version: number }>(
    'SELECT id, version FROM resource WHERE key = ANY ($1::uuid[]) AND NOT deleted',
    [ids.map((id) => keyOf(`Measure/${id}`))],
    'verdict_measure_versions',
  );
  return new Map(rows?.map(({ id, version }) => [id, version]));
}

/** A new or changed Measure: the stays are gone through from the first one. */
export async function keepMeasure(
  transaction: StoreTransaction,
  { id, version, digest, layout }: Pick<KeptMeasure, 'id' | 'version' | 'digest' | 'layout'>,
): Promise<void> {
  await sqlOf(transaction).query(
    `INSERT INTO verdict_measure (id, version, digest, layout) VALUES ($1, $2, $3, $4)
     ON CONFLICT (id) DO UPDATE SET version = excluded.version, digest = excluded.digest, layout = excluded.layout,
       state = 'filling', reason = NULL, filled_to = NULL, filled = 0, total = NULL, since = now()`,
    [id, version, digest, JSON.stringify(layout)],
  );
}

/** A new version of the resource that changes nothing the verdicts depend on. */
export async function noteVersion(transaction: StoreTransaction, id: string, version: number): Promise<void> {
  await sqlOf(transaction).query('UPDATE verdict_measure SET version = $2 WHERE id = $1', [id, version]);
}

export async function forgetMeasure(transaction: StoreTransaction, id: string): Promise<void> {
  await sqlOf(transaction).query('DELETE FROM verdict_measure WHERE id = $1', [id]);
}

/** The Measure's criteria take too much: it is not evaluated again until it is changed. */
export async function endMeasure(
  transaction: StoreTransaction,
  { id, digest }: Pick<KeptMeasure, 'id' | 'digest'>,
  reason: string,
): Promise<void> {
  await sqlOf(transaction).query(
    "UPDATE verdict_measure SET state = 'ended', reason = $3, since = now() WHERE id = $1 AND digest = $2",
    [id, digest, reason],
  );
}
