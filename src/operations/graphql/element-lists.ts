import { type GraphQLFieldConfigArgumentMap, GraphQLInt, GraphQLString } from 'graphql';
import type { Property } from '../../fhir/definitions/shape.ts';
import { badRequest } from '../../fhir/outcome.ts';

/** The arguments of a field, as given. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * The arguments of an element that repeats (R4 graphql.html, "List Navigation"): `_count`, `_offset`, and each
 * single text element of its type, to keep the items that have this value.
 */
export function elementArguments(property: Property): GraphQLFieldConfigArgumentMap {
  const args: GraphQLFieldConfigArgumentMap = {
    _count: { type: GraphQLInt, description: 'At most so many items.' },
    _offset: { type: GraphQLInt, description: 'Items to leave out at the beginning.' },
  };
  if (property.kind !== 'complex') return args;
  for (const { name, kind, array, json } of property.shape().properties.values()) {
    if (!array && json === 'string' && (kind === 'primitive' || kind === 'attribute')) {
      args[name] = { type: GraphQLString, description: `Only items with this ${name}.` };
    }
  }
  return args;
}

/** The items that the arguments ask for: first by value, then by place. */
export function selectElements(items: readonly unknown[], args: Given): readonly unknown[] {
  const { _count, _offset, ...values } = args;
  const wanted = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const kept = items.filter((item) =>
    wanted.every(([name, value]) => (item as Given | null)?.[name] === value),
  );
  const from = place('_offset', _offset) ?? 0;
  const most = place('_count', _count);
  return kept.slice(from, most === undefined ? undefined : from + most);
}

function place(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if ((value as number) < 0) throw badRequest(`${name} is 0 or more.`, 'Parameters.query', 'value');
  return value as number;
}
