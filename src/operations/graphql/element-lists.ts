import { type GraphQLFieldConfigArgumentMap, GraphQLInt, GraphQLString } from 'graphql';
import type { Property } from '../../fhir/definitions/shape.ts';
import { compileFhirPath, FhirPathError } from '../../fhir/fhirpath.ts';
import { badRequest, FhirError } from '../../fhir/outcome.ts';
import { type TimeBudget, withinTime } from '../../fhir/within-time.ts';

/** The arguments of a field, as given. */
export type Given = Readonly<Record<string, unknown>>;

/**
 * The arguments of an element that repeats (R4 graphql.html, "List Navigation"): `fhirpath`, `_count`, `_offset`, and
 * each single text element of its type, to keep the items that have this value.
 */
export function elementArguments(property: Property): GraphQLFieldConfigArgumentMap {
  const args: GraphQLFieldConfigArgumentMap = {
    fhirpath: { type: GraphQLString, description: 'Only items for which this FHIRPath is true.' },
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

/**
 * The items that the arguments ask for: first by value, then by place.
 * @param base the element that the items are (`Patient.contact`, `HumanName`)
 * @param budget time for FHIRPath that all lists of a request share
 */
export function selectElements(
  items: readonly unknown[],
  { _count, _offset, fhirpath, ...values }: Given,
  base: string,
  budget: TimeBudget,
): readonly unknown[] {
  const wanted = Object.entries(values).filter(([, value]) => value !== undefined && value !== null);
  const equal = items.filter((item) =>
    wanted.every(([name, value]) => (item as Given | null)?.[name] === value),
  );
  const kept = typeof fhirpath === 'string' ? meeting(equal, fhirpath, base, budget) : equal;
  const from = place('_offset', _offset) ?? 0;
  const most = place('_count', _count);
  return kept.slice(from, most === undefined ? undefined : from + most);
}

/** As `where(…)` keeps them. @throws FhirError 400 for what is no FHIRPath; 422 when its time is over */
function meeting(items: readonly unknown[], expression: string, base: string, budget: TimeBudget): unknown[] {
  try {
    const holds = compileFhirPath(expression, { base });
    return withinTime(budget, 'The FHIRPath of this query', () =>
      items.filter((item) => {
        const result = holds(item);
        return result.length === 1 && result[0] === true;
      }),
    );
  } catch (error) {
    if (error instanceof FhirError) throw error;
    const reason = error instanceof FhirPathError ? error.message : 'it cannot be evaluated here';
    throw badRequest(`The argument fhirpath is not usable: ${reason}.`, 'Parameters.query');
  }
}

function place(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined;
  if ((value as number) < 0) throw badRequest(`${name} is 0 or more.`, 'Parameters.query', 'value');
  return value as number;
}
