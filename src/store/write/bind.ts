import type { CompositeRow, IndexRows, QuantityRow } from '../../fhir/search/index-rows.ts';
import { indexable, keyOf, systemNumber } from '../keys.ts';
import { instant, plainArray, textArray } from './arrays.ts';
import type { PreparedChange } from './prepare.ts';

const EMPTY_DIGEST = '00000000-0000-0000-0000-000000000000';

/** What has index rows: a change, or a stored resource that is indexed anew. */
interface Rows {
  readonly stored?: { readonly rows: IndexRows };
}

/** The rows of one table of all changes, and beside each the number (from 1) of the change it belongs to. */
function rowsOf<Table extends keyof IndexRows>(
  changes: readonly Rows[],
  table: Table,
): { readonly of: readonly number[]; readonly rows: readonly IndexRows[Table][number][] } {
  const of: number[] = [];
  const rows: IndexRows[Table][number][] = [];
  changes.forEach(({ stored }, index) => {
    for (const row of stored?.rows[table] ?? []) {
      of.push(index + 1);
      rows.push(row);
    }
  });
  return { of, rows };
}

const number = (value: number): string | number =>
  Number.isFinite(value) ? value : value < 0 ? '-Infinity' : 'Infinity';

function composite(
  { parameter, token, token2, string, reference, date, quantity }: CompositeRow,
  of: number | undefined,
) {
  const range = date ?? quantity;
  const json = (value: number) => (Number.isFinite(value) ? value : value < 0 ? '-Infinity' : 'Infinity');
  return {
    ord: of,
    parameter,
    ...(token === undefined ? {} : { value: indexable(token.value), system: systemNumber(token.system) }),
    ...(token2 === undefined
      ? {}
      : { value2: indexable(token2.value), system2: systemNumber(token2.system) }),
    ...(string === undefined
      ? {}
      : { folded: string.folded.replaceAll('\0', ''), exact: string.exact.replaceAll('\0', '') }),
    ...(reference === undefined ? {} : { target: keyOf(reference) }),
    ...(range === undefined ? {} : { low: json(range.low), high: json(range.high) }),
    ...(quantity === undefined ? {} : compositeUnit(quantity)),
  };
}

function compositeUnit({ system, code, unit, canonical }: Omit<QuantityRow, 'parameter'>) {
  return {
    unit_system: systemNumber(system ?? ''),
    code: indexable(code ?? ''),
    unit: indexable(unit ?? ''),
    ...(canonical === undefined
      ? {}
      : { canonical_unit: canonical.unit, canonical_low: canonical.low, canonical_high: canonical.high }),
  };
}

/** The bits of write_resources: which index tables have rows of a resource. */
const TABLES: readonly (keyof IndexRows)[] = [
  'tokens',
  'strings',
  'references',
  'dates',
  'quantities',
  'uris',
  'composites',
  'texts',
];

export function tablesOf(rows: IndexRows): number {
  return TABLES.reduce((bits, table, index) => (rows[table].length === 0 ? bits : bits | (1 << index)), 0);
}

/** The index rows among the parameters of write_resources, in its order. */
export function bindRows(changes: readonly Rows[]): unknown[] {
  const tokens = rowsOf(changes, 'tokens');
  const strings = rowsOf(changes, 'strings');
  const references = rowsOf(changes, 'references');
  const dates = rowsOf(changes, 'dates');
  const quantities = rowsOf(changes, 'quantities');
  const uris = rowsOf(changes, 'uris');
  const composites = rowsOf(changes, 'composites');
  const texts = rowsOf(changes, 'texts');
  const heads = ({
    of,
    rows,
  }: {
    readonly of: readonly number[];
    readonly rows: readonly { readonly parameter: number }[];
  }) => [plainArray(of), plainArray(rows.map(({ parameter }) => parameter))];
  return [
    ...heads(tokens),
    plainArray(tokens.rows.map(({ system }) => systemNumber(system))),
    textArray(tokens.rows.map(({ value }) => indexable(value))),
    plainArray(tokens.rows.map(({ first }) => first)),
    ...heads(strings),
    textArray(strings.rows.map(({ folded }) => folded)),
    textArray(strings.rows.map(({ exact }) => exact)),
    ...heads(references),
    plainArray(references.rows.map(({ target }) => keyOf(target))),
    ...heads(dates),
    plainArray(dates.rows.map(({ low }) => instant(low))),
    plainArray(dates.rows.map(({ high }) => instant(high))),
    ...heads(quantities),
    plainArray(quantities.rows.map(({ low }) => number(low))),
    plainArray(quantities.rows.map(({ high }) => number(high))),
    plainArray(quantities.rows.map(({ system }) => systemNumber(system ?? ''))),
    textArray(quantities.rows.map(({ code }) => indexable(code ?? ''))),
    textArray(quantities.rows.map(({ unit }) => indexable(unit ?? ''))),
    textArray(quantities.rows.map(({ canonical }) => canonical?.unit)),
    plainArray(
      quantities.rows.map(({ canonical }) => (canonical === undefined ? null : number(canonical.low))),
    ),
    plainArray(
      quantities.rows.map(({ canonical }) => (canonical === undefined ? null : number(canonical.high))),
    ),
    ...heads(uris),
    textArray(uris.rows.map(({ uri }) => indexable(uri))),
    composites.rows.length === 0
      ? '[]'
      : JSON.stringify(composites.rows.map((row, index) => composite(row, composites.of[index]))),
    ...heads(texts),
    textArray(texts.rows.map(({ words }) => words)),
  ];
}

/** What write_resources is told beside the changes. */
export interface WriteMode {
  /** Instant of the write. */
  readonly now: string;
  /** Whether to answer the content before. */
  readonly previous: boolean;
  /** Each change for itself, waiting for nobody. */
  readonly apart: boolean;
}

/** The parameters of write_resources (migration 0004), in its order. */
export function bindChanges(changes: readonly PreparedChange[], mode: WriteMode): unknown[] {
  return [
    mode.now,
    mode.previous,
    mode.apart,
    plainArray(changes.map(({ op }) => op)),
    plainArray(changes.map(({ key }) => key)),
    textArray(changes.map(({ type }) => type)),
    textArray(changes.map(({ id }) => id)),
    textArray(changes.map(({ stored }) => stored?.content.head ?? '')),
    textArray(changes.map(({ stored }) => stored?.content.tail ?? '')),
    plainArray(changes.map(({ stored }) => stored?.content.digest ?? EMPTY_DIGEST)),
    plainArray(changes.map(({ stored }) => stored?.rowsDigest ?? EMPTY_DIGEST)),
    plainArray(changes.map(({ stored }) => (stored === undefined ? 0 : tablesOf(stored.rows)))),
    plainArray(changes.map(({ ifMatch }) => ifMatch)),
    ...bindRows(changes),
  ];
}
