import { GraphQLID, GraphQLNonNull, GraphQLObjectType, GraphQLSchema } from 'graphql';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { SUPPORTED_TYPES } from '../../fhir/types.ts';
import { type Fields, type ObjectType, type ObjectTypes, objectTypes } from './object-types.ts';
import { type SearchFields, searchFields } from './search-fields.ts';

interface Known {
  readonly types: ObjectTypes;
  readonly search: SearchFields;
  readonly schemas: Map<string | undefined, GraphQLSchema>;
}

const known = new WeakMap<ParameterRegistry, Known>();

/**
 * The schema of the endpoint, or of one resource of a type, whose elements are the root then (R4 graphql.html).
 * Made at the first request for it, and kept.
 */
export function schemaFor(registry: ParameterRegistry, type?: string): GraphQLSchema {
  let parts = known.get(registry);
  if (parts === undefined) {
    const search = searchFields(registry);
    parts = { search, types: objectTypes(search.reverse), schemas: new Map() };
    known.set(registry, parts);
  }
  let schema = parts.schemas.get(type);
  if (schema === undefined) {
    const query = type === undefined ? systemType(parts) : parts.types.of(type);
    // Names and references come from R4's definitions; a test validates the schemas.
    schema = new GraphQLSchema({ query, assumeValid: true });
    parts.schemas.set(type, schema);
  }
  return schema;
}

function systemType({ types, search }: Known): ObjectType {
  const fields: Fields = {};
  for (const type of SUPPORTED_TYPES) {
    fields[type] = {
      type: types.of(type),
      args: { id: { type: new GraphQLNonNull(GraphQLID) } },
      resolve: (_, { id }, session) => session.read(type, id as string),
    };
    Object.assign(fields, search.root(type, types));
  }
  return new GraphQLObjectType({ name: 'Query', fields });
}
