import type { IndexRows } from '../../fhir/search/index-rows.ts';
import { plainArray, textArray } from './arrays.ts';
import { bindRows, tablesOf } from './bind.ts';
import { assemble } from './content.ts';
import type { PreparedChange } from './prepare.ts';

/** An index table: its columns beside seq and key, and the row that one element of the parameters makes. */
interface IndexTable {
  readonly rows: keyof IndexRows;
  readonly name: string;
  readonly columns: string;
  readonly values: string;
  /** Types of its parameters, the first of which numbers the resource; `jsonb` for a list of records. */
  readonly types: readonly string[];
  readonly alias: string;
}

const COMPOSITE = `ord integer, parameter integer, value text, system bigint, value2 text, system2 bigint, folded text,
  exact text, target uuid, low float8, high float8, unit_system bigint, code text, unit text, canonical_unit text,
  canonical_low float8, canonical_high float8`;

function table(
  rows: keyof IndexRows,
  name: string,
  columns: string,
  types: readonly string[],
  values = columns.replace(/(\w+)/g, 'x.$1'),
): IndexTable {
  return { rows, name, columns, values, types, alias: `(ord, ${columns})` };
}

/** In the order of the bits of `resource.tables`, each with its parameters in the order of bindRows. */
const TABLES: readonly IndexTable[] = [
  table('tokens', 'token_index', 'parameter, system, value, prime', [
    'integer',
    'integer',
    'bigint',
    'text',
    'boolean',
  ]),
  table('strings', 'string_index', 'parameter, folded, exact', ['integer', 'integer', 'text', 'text']),
  table('references', 'reference_index', 'parameter, target', ['integer', 'integer', 'uuid']),
  table('dates', 'date_index', 'parameter, low, high', ['integer', 'integer', 'bigint', 'bigint']),
  table(
    'quantities',
    'quantity_index',
    'parameter, low, high, system, code, unit, canonical_unit, canonical_low, canonical_high',
    ['integer', 'integer', 'float8', 'float8', 'bigint', 'text', 'text', 'text', 'float8', 'float8'],
  ),
  table('uris', 'uri_index', 'parameter, uri', ['integer', 'integer', 'text']),
  {
    ...table(
      'composites',
      'composite_index',
      `parameter, value, system, value2, system2, folded, exact, target, low, high, unit_system, code, unit,
      canonical_unit, canonical_low, canonical_high`,
      ['jsonb'],
    ),
    values: `x.parameter, coalesce(x.value, ''), coalesce(x.system, 0), x.value2, x.system2, x.folded, x.exact, x.target,
      x.low, x.high, x.unit_system, x.code, x.unit, x.canonical_unit, x.canonical_low, x.canonical_high`,
    alias: `(${COMPOSITE})`,
  },
  table(
    'texts',
    'text_index',
    'parameter, words',
    ['integer', 'integer', 'text'],
    "x.parameter, to_tsvector('simple', x.words)",
  ),
];

const SCALARS = [
  'timestamptz',
  'uuid[]',
  'text[]',
  'text[]',
  'text[]',
  'uuid[]',
  'uuid[]',
  'smallint[]',
  'text[]',
];

/** Which of the parameters of bindRows belong to each table. */
const PLACES = TABLES.map(({ types }, index) => {
  const start = TABLES.slice(0, index).reduce((sum, each) => sum + each.types.length, 0);
  return { start, end: start + types.length };
});

function statementFor(mask: number): string {
  let used = SCALARS.length;
  const inserts = TABLES.flatMap(({ name, columns, values, types, alias }, index) => {
    if ((mask & (1 << index)) === 0) {
      return [];
    }
    const given = types.map((type) => `$${++used}::${type === 'jsonb' ? type : `${type}[]`}`).join(', ');
    const from = types[0] === 'jsonb' ? `jsonb_to_recordset(${given})` : `unnest(${given})`;
    return [
      `${name}_rows AS (INSERT INTO ${name} (${columns}, seq, key)
        SELECT ${values}, (SELECT seqs FROM numbers)[x.ord], ($2::uuid[])[x.ord]
        FROM ${from} AS x ${alias} WHERE (SELECT fresh FROM known))`,
    ];
  });
  return `WITH known AS MATERIALIZED (SELECT NOT EXISTS (SELECT FROM resource WHERE key = ANY ($2::uuid[])) AS fresh),
    numbers AS MATERIALIZED (SELECT array_agg(nextval('change_seq')) AS seqs FROM generate_series(1, cardinality($2::uuid[]))),
    ${inserts.map((insert) => `${insert},\n    `).join('')}resources AS (
      INSERT INTO resource (key, seq, change, last_updated, version, method, type, id, digest, index_digest, tables,
        content)
      SELECT i.key, (SELECT seqs FROM numbers)[i.ord], (SELECT seqs FROM numbers)[i.ord], $1::timestamptz, 1,
        i.method::"char", i.type, i.id, i.digest, i.index_digest, i.tables, i.content
      FROM unnest(${SCALARS.slice(1)
        .map((type, index) => `$${index + 2}::${type}`)
        .join(', ')}) WITH ORDINALITY
        AS i (key, method, type, id, digest, index_digest, tables, content, ord)
      WHERE (SELECT fresh FROM known))
    SELECT fresh FROM known`;
}

const statements = new Map<number, string>();

/**
 * One statement that stores new resources, or answers `fresh: false` and stores nothing when one of them exists. Half
 * of what write_resources costs for a few: no locks, no versions before, only the index tables that get rows.
 * @param changes creations; the parameters are bound as those of write_resources
 */
export function insertStatement(changes: readonly PreparedChange[], now: string) {
  const masks = changes.map(({ stored }) => (stored === undefined ? 0 : tablesOf(stored.rows)));
  const mask = masks.reduce((all, one) => all | one, 0);
  let text = statements.get(mask);
  if (text === undefined) {
    text = statementFor(mask);
    statements.set(mask, text);
  }
  const rows = bindRows(changes);
  const stored = changes.map((change) => change.stored as NonNullable<typeof change.stored>);
  return {
    name: `create_${mask}`,
    text,
    values: [
      now,
      plainArray(changes.map(({ key }) => key)),
      plainArray(changes.map(({ op }) => op)),
      textArray(changes.map(({ type }) => type)),
      textArray(changes.map(({ id }) => id)),
      plainArray(stored.map(({ content }) => content.digest)),
      plainArray(stored.map(({ rowsDigest }) => rowsDigest)),
      plainArray(masks),
      textArray(stored.map(({ content }) => assemble(content, 1, now))),
      ...PLACES.flatMap(({ start, end }, index) =>
        (mask & (1 << index)) === 0 ? [] : rows.slice(start, end),
      ),
    ],
  };
}
