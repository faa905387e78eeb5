import type { DateLeaf, NumberLeaf, QuantityLeaf } from '../../fhir/search/query.ts';
import { indexable, systemNumber } from '../keys.ts';
import { instant } from '../write/arrays.ts';
import type { Binder } from './binder.ts';
import { levelCondition } from './date-levels.ts';

type DateTerm = Pick<DateLeaf, 'prefix' | 'low' | 'high'>;

/** One interval that meets all terms. */
export function dateCondition(x: string, terms: readonly DateTerm[], binder: Binder): string {
  const level = levelCondition(x, terms, binder);
  return [
    ...(level === '' ? [] : [level]),
    ...terms.map((term) => `(${termCondition(x, term, binder)})`),
  ].join(' AND ');
}

/** The interval of a row against the interval searched, both [low, high). */
function termCondition(x: string, { prefix, low, high }: DateTerm, binder: Binder): string {
  const from = () => `${binder.bind(instant(low))}::bigint`;
  const to = () => `${binder.bind(instant(high))}::bigint`;
  switch (prefix) {
    case 'eq':
      return `${x}.low >= ${from()} AND ${x}.high <= ${to()}`;
    case 'ne':
      return `NOT (${x}.low >= ${from()} AND ${x}.high <= ${to()})`;
    case 'gt':
      return `${x}.high > ${to()}`;
    case 'lt':
      return `${x}.low < ${from()}`;
    case 'ge':
      return `${x}.high > ${to()} OR (${x}.low >= ${from()} AND ${x}.high <= ${to()})`;
    case 'le':
      return `${x}.low < ${from()} OR (${x}.low >= ${from()} AND ${x}.high <= ${to()})`;
    case 'sa':
      return `${x}.low >= ${to()}`;
    case 'eb':
      return `${x}.high <= ${from()}`;
    case 'ap':
      return `${x}.low < ${to()} AND ${x}.high > ${from()}`;
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

export function quantityCondition(
  x: string,
  leaf: Omit<QuantityLeaf, 'kind' | 'parameters'>,
  binder: Binder,
  system = 'system',
): string {
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
