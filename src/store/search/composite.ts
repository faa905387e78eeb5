import type { CompositeLeaf, CompositePart } from '../../fhir/search/query.ts';
import { fold } from '../../fhir/search/values/fold.ts';
import { indexable, keyOf, systemNumber } from '../keys.ts';
import type { Binder } from './binder.ts';
import { numberCondition, quantityCondition } from './ranges.ts';

function partCondition(x: string, part: CompositePart, second: boolean, binder: Binder): string {
  switch (part.kind) {
    case 'token': {
      const [value, system] = second ? ['value2', 'system2'] : ['value', 'system'];
      return [
        ...(part.value === undefined ? [] : [`${x}.${value} = ${binder.bind(indexable(part.value))}`]),
        ...(part.system === undefined
          ? []
          : [`${x}.${system} = ${binder.bind(systemNumber(part.system))}::bigint`]),
      ].join(' AND ');
    }
    case 'string':
      return part.match === 'exact'
        ? `${x}.exact = ${binder.bind(part.text.replaceAll('\0', ''))}`
        : `starts_with(${x}.folded, ${binder.bind(fold(part.text).replaceAll('\0', ''))})`;
    case 'reference':
      return `${x}.target = ANY (${binder.bindArray(part.targets.map(keyOf), 'uuid')})`;
    case 'date':
      return compositeDate(x, part, binder);
    case 'number':
      return numberCondition({ low: `${x}.low`, high: `${x}.high` }, part, binder);
    case 'quantity':
      return quantityCondition(x, part, binder, 'unit_system');
  }
}

/** As dateCondition, but the columns are float8 (they also hold quantities), where infinity is a value. */
function compositeDate(
  x: string,
  { prefix, low, high }: Extract<CompositePart, { kind: 'date' }>,
  binder: Binder,
): string {
  const from = () => `${binder.bind(low)}::float8`;
  const to = () => `${binder.bind(high)}::float8`;
  const within = () => `${x}.low >= ${from()} AND ${x}.high <= ${to()}`;
  switch (prefix) {
    case 'eq':
      return within();
    case 'ne':
      return `NOT (${within()})`;
    case 'gt':
      return `${x}.high > ${to()}`;
    case 'lt':
      return `${x}.low < ${from()}`;
    case 'ge':
      return `(${x}.high > ${to()} OR ${x}.low >= ${from()})`;
    case 'le':
      return `(${x}.low < ${from()} OR ${x}.high <= ${to()})`;
    case 'sa':
      return `${x}.low >= ${to()}`;
    case 'eb':
      return `${x}.high <= ${from()}`;
    case 'ap':
      return `${x}.low < ${to()} AND ${x}.high > ${from()}`;
  }
}

/** All parts hold of one row: one combination of values of one element. */
export function compositeCondition(x: string, { parts }: CompositeLeaf, binder: Binder): string {
  let tokens = 0;
  return parts
    .map((part) => partCondition(x, part, part.kind === 'token' && tokens++ > 0, binder))
    .map((text) => (text === '' ? 'true' : `(${text})`))
    .join(' AND ');
}
