import type { Resource } from '@medplum/fhirtypes';
import { extractIndexRows } from '../../fhir/search/extract.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { parameterId } from '../../fhir/search/parameters.ts';
import { type Sql, sqlOf } from '../sql.ts';
import type { Store } from '../store.ts';
import { rowsDigestOf } from '../write/prepare.ts';
import { type Indexed, replaceRows } from './replace-rows.ts';

/** Resources of one transaction: it holds their locks, and writers wait for it. */
const BATCH = 200;

interface Waiting {
  readonly type: string;
  readonly codes: readonly string[];
  readonly upto: number;
}

interface ResourceRow {
  readonly key: string;
  readonly seq: number;
  readonly content: string;
}

/** Parameters of one type that have come equally far go together; the one furthest behind first. */
const NEXT = `
  SELECT type, array_agg(code ORDER BY code) AS codes, upto
  FROM indexed_parameter WHERE NOT finished GROUP BY type, upto ORDER BY upto, type LIMIT 1`;

const RESOURCES = `
  SELECT key, seq, content FROM resource
  WHERE type = $1 AND NOT deleted AND seq > $2 ORDER BY seq LIMIT ${BATCH} FOR UPDATE`;

const ADVANCE = `
  UPDATE indexed_parameter SET upto = $3, finished = $4 WHERE type = $1 AND code = ANY ($2::text[])`;

const ASPECTS = [undefined, 'identifier', 'of-type', 'text'] as const;

/**
 * Indexes the next resources by the parameters that wait for it, in one transaction that also says how far it came:
 * after a stop it goes on there. Several servers may do it; they take turns. A resource that is written meanwhile is
 * indexed by its writer.
 * @param registry all parameters, those that wait included
 * @returns whether anything is left to do
 */
export function reindexBatch(store: Store, registry: ParameterRegistry, zone?: string): Promise<boolean> {
  return store.transaction(async (transaction) => {
    await transaction.lock(['indexed-parameters']);
    const sql = sqlOf(transaction);
    const [waiting] = await sql.query<Waiting & Record<string, unknown>>(NEXT);
    if (waiting === undefined) return false;
    const { type, codes, upto } = waiting;
    const rows = await sql.query<ResourceRow & Record<string, unknown>>(RESOURCES, [type, upto]);
    await reindex(sql, rows, waiting, registry, zone);
    const finished = rows.length < BATCH;
    await sql.query(ADVANCE, [type, codes, rows.at(-1)?.seq ?? upto, finished]);
    return true;
  });
}

async function reindex(
  sql: Sql,
  rows: readonly ResourceRow[],
  { type, codes }: Waiting,
  registry: ParameterRegistry,
  zone: string | undefined,
): Promise<void> {
  const parameters = new Set(
    codes.flatMap((code) => ASPECTS.map((aspect) => parameterId(type, code, aspect))),
  );
  const indexed = rows.map(({ key, seq, content }): Indexed => {
    const found = extractIndexRows(JSON.parse(content) as Resource, registry, zone);
    return { key, seq, rows: found, digest: rowsDigestOf(found) };
  });
  if (indexed.length > 0) await replaceRows(sql, indexed, parameters);
}
