import type { IndexRows } from '../../fhir/search/index-rows.ts';
import type { Sql } from '../sql.ts';
import { plainArray } from '../write/arrays.ts';
import { bindRows, tablesOf } from '../write/bind.ts';

/** A stored resource with the index rows that it ought to have. */
export interface Indexed {
  readonly key: string;
  readonly seq: number;
  readonly rows: IndexRows;
  readonly digest: string;
}

/** Each table of rows: its columns after `parameter`, with the types of the arrays they come in, in bindRows' order. */
const TABLES = {
  token_index: ['system bigint', 'value text', 'prime boolean'],
  string_index: ['folded text', 'exact text'],
  reference_index: ['target uuid'],
  date_index: ['low bigint', 'high bigint'],
  quantity_index: [
    'low float8',
    'high float8',
    'system bigint',
    'code text',
    'unit text',
    'canonical_unit text',
    'canonical_low float8',
    'canonical_high float8',
  ],
  uri_index: ['uri text'],
} as const;

const COMPOSITE =
  'parameter integer, value text, system bigint, value2 text, system2 bigint, folded text, exact text, target uuid, ' +
  'low float8, high float8, unit_system bigint, code text, unit text, canonical_unit text, canonical_low float8, ' +
  'canonical_high float8';

const names = (columns: string): string =>
  columns.replaceAll(/ (integer|bigint|text|boolean|uuid|float8)/g, '');

function insertStatement(table: string, columns: readonly string[]): string {
  const given = columns.map((column) => column.split(' ') as [string, string]);
  const list = given.map(([name]) => name).join(', ');
  const arrays = given.map(([, type], index) => `$${index + 5}::${type}[]`).join(', ');
  return (
    `INSERT INTO ${table} (parameter, seq, key, ${list}) ` +
    `SELECT x.parameter, ($1::bigint[])[x.ord], ($2::uuid[])[x.ord], ${list} ` +
    `FROM unnest($3::integer[], $4::integer[], ${arrays}) AS x (ord, parameter, ${list})`
  );
}

const INSERT_COMPOSITE =
  `INSERT INTO composite_index (seq, key, ${names(COMPOSITE)}) ` +
  "SELECT ($1::bigint[])[x.ord], ($2::uuid[])[x.ord], x.parameter, coalesce(x.value, ''), coalesce(x.system, 0), " +
  `${names(COMPOSITE).split(', ').slice(3).join(', ')} ` +
  `FROM jsonb_to_recordset($3::jsonb) AS x (ord integer, ${COMPOSITE})`;

const UPDATE = `
  UPDATE resource r SET index_digest = x.digest, tables = r.tables | x.tables
  FROM unnest($1::uuid[], $2::uuid[], $3::smallint[]) AS x (key, digest, tables) WHERE r.key = x.key`;

/** Replaces the rows of some parameters, of resources that the transaction has locked. */
export async function replaceRows(
  sql: Sql,
  resources: readonly Indexed[],
  parameters: ReadonlySet<number>,
): Promise<void> {
  const wanted = resources.map((each) => ({ ...each, stored: { rows: rowsOf(each.rows, parameters) } }));
  const seqs = plainArray(wanted.map(({ seq }) => seq));
  const keys = plainArray(wanted.map(({ key }) => key));
  const values = bindRows(wanted);
  let at = 0;
  for (const [table, columns] of Object.entries(TABLES)) {
    await clear(sql, table, seqs, parameters);
    const arrays = values.slice(at, at + 2 + columns.length);
    at += arrays.length;
    if (arrays[0] !== '{}') await sql.query(insertStatement(table, columns), [seqs, keys, ...arrays]);
  }
  await clear(sql, 'composite_index', seqs, parameters);
  if (values[at] !== '[]') await sql.query(INSERT_COMPOSITE, [seqs, keys, values[at]]);
  await sql.query(UPDATE, [
    keys,
    plainArray(wanted.map(({ digest }) => digest)),
    plainArray(wanted.map(({ stored }) => tablesOf(stored.rows))),
  ]);
}

async function clear(sql: Sql, table: string, seqs: string, parameters: ReadonlySet<number>): Promise<void> {
  await sql.query(`DELETE FROM ${table} WHERE seq = ANY ($1::bigint[]) AND parameter = ANY ($2::integer[])`, [
    seqs,
    plainArray([...parameters]),
  ]);
}

/** Only the rows of some parameters; the words of the narrative belong to none of them. */
function rowsOf(rows: IndexRows, parameters: ReadonlySet<number>): IndexRows {
  const only = <Row extends { readonly parameter: number }>(list: readonly Row[]): Row[] =>
    list.filter(({ parameter }) => parameters.has(parameter));
  return {
    tokens: only(rows.tokens),
    strings: only(rows.strings),
    references: only(rows.references),
    dates: only(rows.dates),
    quantities: only(rows.quantities),
    uris: only(rows.uris),
    composites: only(rows.composites),
    texts: [],
  };
}
