import type { Leaf, ParameterIds } from '../../fhir/search/query.ts';
import { indexable, keyOf, systemNumber } from '../keys.ts';
import type { Binder } from './binder.ts';
import { compositeCondition } from './composite.ts';
import { stringCondition, uriCondition } from './prefixes.ts';
import { dateCondition, quantityCondition } from './ranges.ts';
import type { ResolvedLeaf, TokenListLeaf } from './resolve.ts';

/** What a leaf asks of the rows of one index table. */
export interface LeafRows {
  readonly table: string;
  readonly parameters: ParameterIds;
  /** SQL about one row of the table under an alias. */
  readonly condition: (alias: string, binder: Binder) => string;
  /** At most one row of a resource can meet it: the table can be joined instead of asked for existence. */
  readonly unique: boolean;
  /** Few rows meet it, whatever the size of the store: a search may start here without asking the planner. */
  readonly narrow?: true;
}

/**
 * What belongs to one citizen, stay or course: its resources do not grow with the store. A bare id, which a reference
 * to a resource never is, finds next to nothing.
 */
const NARROW_TARGET = /^((Patient|Encounter|EpisodeOfCare)\/|[^/:]*$)/;
/** Starting at more of them would be slower than at something else. */
const NARROW_TARGETS = 1_000;

/** Few resources have an identifier, of any system. */
const narrowToken = ({ identifies }: { readonly identifies?: true }) =>
  identifies === true ? { narrow: true as const } : {};

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

function tokenListCondition({ values, systems }: TokenListLeaf): LeafRows['condition'] {
  const texts = values.map(indexable);
  return (x, binder) => {
    const any = `${x}.value = ANY (${binder.bindArray([...new Set(texts)], 'text')})`;
    if (systems === undefined) {
      return `${any} AND ${x}.prime`;
    }
    const numbers = systems.map(systemNumber);
    const [first] = numbers;
    if (numbers.every((number) => number === first)) {
      return `${any} AND ${x}.system = ${binder.bind(first)}::bigint`;
    }
    const pairs = `unnest(${binder.bindArray(texts, 'text')}, ${binder.bindArray(numbers, 'bigint')})`;
    return `${any} AND (${x}.value, ${x}.system) IN (SELECT * FROM ${pairs})`;
  };
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
        ...(value === undefined ? {} : narrowToken(leaf)),
        condition: (x, binder) =>
          [
            ...(value === undefined ? [] : [`${x}.value = ${binder.bind(indexable(value))}`]),
            system === undefined
              ? `${x}.prime`
              : `${x}.system = ${binder.bind(systemNumber(system))}::bigint`,
          ].join(' AND '),
      };
    }
    case 'token-list':
      return {
        table: 'token_index',
        parameters,
        unique: false,
        condition: tokenListCondition(leaf),
        ...narrowToken(leaf),
      };
    case 'tokens':
      return {
        table: 'token_index',
        parameters,
        unique: false,
        condition: (x, binder) => {
          const values = binder.bindArray(
            leaf.codes.map(({ code }) => indexable(code)),
            'text',
          );
          const systems = binder.bindArray(
            leaf.codes.map(({ system }) => systemNumber(system)),
            'bigint',
          );
          // A plain code has no system of its own: its value alone decides.
          return `EXISTS (SELECT FROM unnest(${values}, ${systems}) AS c (value, system)
            WHERE c.value = ${x}.value AND (c.system = ${x}.system OR ${x}.system = 0))
            AND ${x}.value = ANY (${values})`;
        },
      };
    case 'string':
      return {
        table: 'string_index',
        parameters,
        unique: false,
        condition: (x, binder) => stringCondition(x, leaf, binder),
      };
    case 'uri':
      return {
        table: 'uri_index',
        parameters,
        unique: one && leaf.match === 'exact',
        condition: (x, binder) => uriCondition(x, leaf, binder),
      };
    case 'reference': {
      const [only, ...more] = leaf.targets.map(keyOf);
      const narrow =
        leaf.targets.length <= NARROW_TARGETS && leaf.targets.every((target) => NARROW_TARGET.test(target));
      return {
        table: 'reference_index',
        parameters,
        unique: one && more.length === 0,
        ...(narrow ? { narrow } : {}),
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
        condition: (x, binder) => dateCondition(x, [leaf], binder),
      };
    case 'number':
    case 'quantity':
      return {
        table: 'quantity_index',
        parameters,
        unique: false,
        condition: (x, binder) => quantityCondition(x, leaf.kind === 'number' ? { ...leaf } : leaf, binder),
      };
    case 'composite':
      return {
        table: 'composite_index',
        parameters,
        unique: false,
        condition: (x, binder) => compositeCondition(x, leaf, binder),
      };
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
