import type { DateLeaf, Leaf, NumberLeaf, ParameterIds, QuantityLeaf, StringLeaf, UriLeaf } from '../../fhir/search/query.ts';
import { fold } from '../../fhir/search/values/fold.ts';
import { indexable, keyOf, systemNumber } from '../keys.ts';
import { instant } from '../write/arrays.ts';
import type { Binder } from './binder.ts';
import { compositeCondition } from './composite.ts';
import type { ResolvedLeaf } from './resolve.ts';

/** What a leaf asks of the rows of one index table. */
export interface LeafRows {
  readonly table: string;
  readonly parameters: ParameterIds;
  /** SQL about one row of the table under an alias. */
  readonly condition: (alias: string, binder: Binder) => string;
  /** At most one row of a resource can meet it: the table can be joined instead of asked for existence. */
  readonly unique: boolean;
}

/** Parameter ids are written into the text: few, and the planner's statistics need to know them. */
export function parameterIs(alias: string, parameters: ParameterIds): string {
  const [only] = parameters;
  if (parameters.length === 0) {
    return 'false';
  }
  return parameters.length === 1
    ? `${alias}.parameter = ${only}`
    : `${alias}.parameter IN (${parameters.join(', ')})`;
}

/** The interval of a row against the interval searched, both [low, high). */
export function dateCondition(x: string, { prefix, low, high }: Pick<DateLeaf, 'prefix' | 'low' | 'high'>, binder: Binder): string {
  const from = `${binder.bind(instant(low))}::bigint`;
  const to = `${binder.bind(instant(high))}::bigint`;
  switch (prefix) {
    case 'eq':
      return `${x}.low >= ${from} AND ${x}.high <= ${to}`;
    case 'ne':
      return `NOT (${x}.low >= ${from} AND ${x}.high <= ${to})`;
    case 'gt':
      return `${x}.high > ${to}`;
    case 'lt':
      return `${x}.low < ${from}`;
    // The first comparison follows from the second and gives the index its range.
    case 'ge':
      return `${x}.high > ${from} AND (${x}.high > ${to} OR ${x}.low >= ${from})`;
    case 'le':
      return `${x}.low < ${to} AND (${x}.low < ${from} OR ${x}.high <= ${to})`;
    case 'sa':
      return `${x}.low >= ${to}`;
    case 'eb':
      return `${x}.high <= ${from}`;
    case 'ap':
      return `${x}.low < ${to} AND ${x}.high > ${from}`;
  }
}

/** `columns`: the row's range [low, high], equal for a point. */
export function numberCondition(
  columns: { readonly low: string; readonly high: string },
  { prefix, value, low, high }: Pick<NumberLeaf, 'prefix' | 'value' | 'low' | 'high'>,
  binder: Binder,
): string {
  const number = (each: number) => `${binder.bind(each)}::float8`;
  switch (prefix) {
    case 'eq':
      return `${columns.low} >= ${number(low)} AND ${columns.high} < ${number(high)}`;
    case 'ne':
      return `NOT (${columns.low} >= ${number(low)} AND ${columns.high} < ${number(high)})`;
    case 'gt':
      return `${columns.high} > ${number(value)}`;
    case 'lt':
      return `${columns.low} < ${number(value)}`;
    case 'ge':
      return `${columns.high} >= ${number(value)}`;
    case 'le':
      return `${columns.low} <= ${number(value)}`;
    case 'sa':
      return `${columns.low} > ${number(value)}`;
    case 'eb':
      return `${columns.high} < ${number(value)}`;
    case 'ap':
      return `${columns.low} <= ${number(high)} AND ${columns.high} >= ${number(low)}`;
  }
}

export function quantityCondition(x: string, leaf: Omit<QuantityLeaf, 'kind' | 'parameters'>, binder: Binder, system = 'system'): string {
  const { unit } = leaf;
  const plain = numberCondition({ low: `${x}.low`, high: `${x}.high` }, leaf, binder);
  switch (unit?.by) {
    case 'canonical': {
      const columns = { low: `${x}.canonical_low`, high: `${x}.canonical_high` };
      return `${x}.canonical_unit = ${binder.bind(unit.code)} AND ${numberCondition(columns, leaf, binder)}`;
    }
    case 'code':
      return `${x}.${system} = ${binder.bind(systemNumber(unit.system))}::bigint AND ${x}.code = ${binder.bind(indexable(unit.code))} AND ${plain}`;
    case 'unit': {
      const text = binder.bind(indexable(unit.text));
      return `(${x}.code = ${text} OR ${x}.unit = ${text}) AND ${plain}`;
    }
    default:
      return plain;
  }
}

const STRING_PREFIX = 64;
const LAST = '\u{10FFFF}';

function stringCondition(x: string, { match, text }: StringLeaf, binder: Binder): string {
  const clean = text.replaceAll('\0', '');
  const column = `left(${x}.folded, ${STRING_PREFIX})`;
  const start = (folded: string) => [...folded].slice(0, STRING_PREFIX).join('');
  if (match === 'exact') {
    return `${column} = ${binder.bind(start(fold(clean)))} AND ${x}.exact = ${binder.bind(clean)}`;
  }
  if (match === 'contains') {
    return `strpos(${x}.folded, ${binder.bind(clean)}) > 0`;
  }
  const from = start(clean);
  const range = `${column} >= ${binder.bind(from)} AND ${column} < ${binder.bind(from + LAST)}`;
  return from === clean ? range : `${range} AND starts_with(${x}.folded, ${binder.bind(clean)})`;
}

const URI_PREFIX = 255;

function ancestors(uri: string): string[] {
  const found = [uri];
  for (let at = uri.lastIndexOf('/'); at > 0 && !/^[a-z]+:\/*$/i.test(uri.slice(0, at + 1)); at = uri.lastIndexOf('/', at - 1)) {
    found.push(uri.slice(0, at), uri.slice(0, at + 1));
  }
  return found;
}

function uriCondition(x: string, { match, uri }: UriLeaf, binder: Binder): string {
  const column = `left(${x}.uri, ${URI_PREFIX})`;
  const start = (text: string) => [...text].slice(0, URI_PREFIX).join('');
  const text = indexable(uri);
  const equal = `${column} = ${binder.bind(start(text))} AND ${x}.uri = ${binder.bind(text)}`;
  if (match === 'exact') {
    return equal;
  }
  if (match === 'above') {
    const above = ancestors(uri).map(indexable);
    return `${column} = ANY (${binder.bindArray(above.map(start), 'text')}) AND ${x}.uri = ANY (${binder.bindArray(above, 'text')})`;
  }
  const below = start(uri.endsWith('/') ? uri : `${uri}/`);
  return `((${equal}) OR (${column} >= ${binder.bind(below)} AND ${column} < ${binder.bind(below + LAST)}))`;
}

/** The rows of the index tables that a leaf looks for; undefined for leaves about the resource row itself. */
export function leafRows(leaf: Leaf | ResolvedLeaf): LeafRows | undefined {
  if (!('parameters' in leaf) || leaf.kind === 'chain' || leaf.kind === 'has') {
    return undefined;
  }
  const { parameters } = leaf;
  const one = parameters.length === 1;
  switch (leaf.kind) {
    case 'token': {
      const { system, value } = leaf;
      return {
        table: 'token_index',
        parameters,
        unique: one && value !== undefined,
        condition: (x, binder) =>
          [
            ...(value === undefined ? [] : [`${x}.value = ${binder.bind(indexable(value))}`]),
            system === undefined ? `${x}.prime` : `${x}.system = ${binder.bind(systemNumber(system))}::bigint`,
          ].join(' AND '),
      };
    }
    case 'tokens':
      return {
        table: 'token_index',
        parameters,
        unique: false,
        condition: (x, binder) => {
          const values = binder.bindArray(leaf.codes.map(({ code }) => indexable(code)), 'text');
          const systems = binder.bindArray(leaf.codes.map(({ system }) => systemNumber(system)), 'bigint');
          // A plain code has no system of its own: its value alone decides.
          return `EXISTS (SELECT FROM unnest(${values}, ${systems}) AS c (value, system)
            WHERE c.value = ${x}.value AND (c.system = ${x}.system OR ${x}.system = 0))
            AND ${x}.value = ANY (${values})`;
        },
      };
    case 'string':
      return { table: 'string_index', parameters, unique: false, condition: (x, binder) => stringCondition(x, leaf, binder) };
    case 'uri':
      return {
        table: 'uri_index',
        parameters,
        unique: one && leaf.match === 'exact',
        condition: (x, binder) => uriCondition(x, leaf, binder),
      };
    case 'reference': {
      const [only, ...more] = leaf.targets.map(keyOf);
      return {
        table: 'reference_index',
        parameters,
        unique: one && more.length === 0,
        condition: (x, binder) =>
          more.length === 0
            ? `${x}.target = ${binder.bind(only)}::uuid`
            : `${x}.target = ANY (${binder.bindArray(leaf.targets.map(keyOf), 'uuid')})`,
      };
    }
    case 'date':
      return {
        table: 'date_index',
        parameters,
        unique: false,
        condition: (x, binder) => dateCondition(x, leaf, binder),
      };
    case 'number':
    case 'quantity':
      return {
        table: 'quantity_index',
        parameters,
        unique: false,
        condition: (x, binder) =>
          quantityCondition(x, leaf.kind === 'number' ? { ...leaf } : leaf, binder),
      };
    case 'composite':
      return { table: 'composite_index', parameters, unique: false, condition: (x, binder) => compositeCondition(x, leaf, binder) };
    case 'present':
      return { table: `${leaf.table}_index`, parameters, unique: false, condition: () => 'true' };
    case 'text':
      return {
        table: 'text_index',
        parameters,
        unique: false,
        condition: (x, binder) => `${x}.words @@ plainto_tsquery('simple', ${binder.bind(leaf.words)})`,
      };
    default:
      throw new TypeError(`A ${leaf.kind} must be resolved before it is compiled`);
  }
}
