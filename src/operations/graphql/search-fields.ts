import {
  GraphQLEnumType,
  type GraphQLFieldConfigArgumentMap,
  GraphQLInt,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  GraphQLString,
} from 'graphql';
import { badRequest } from '../../fhir/outcome.ts';
import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { SUPPORTED_TYPES } from '../../fhir/types.ts';
import type { Given } from './element-lists.ts';
import type { Fields, ObjectTypes } from './object-types.ts';
import type { FoundPage, Session } from './session.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

/** Parameters of every search that no definition gives an index. */
const COMMON = ['_id', '_lastUpdated', '_filter', '_list', '_text', '_sort', '_cursor'];
const GRAPHQL_NAME = /^(?!__)[_A-Za-z][_0-9A-Za-z]*$/;

/** GraphQL names have no hyphen: `based-on` is `based_on` (R4 graphql.html, "Search"). */
function argumentName(code: string): string {
  return code.replaceAll('-', '_');
}

/** The fields that search, of one registry of parameters. */
export interface SearchFields {
  /** `PatientList(…)` and `PatientConnection(…)`. */
  root(type: string, types: ObjectTypes): Fields;
  /** `TaskList(_reference: patient, …)` within what a Task can refer to. */
  reverse(type: string, types: ObjectTypes): Fields;
}

export function searchFields(registry: ParameterRegistry): SearchFields {
  const codes = new Map<string, ReadonlyMap<string, string>>();
  /** From the name of an argument to the search parameter. */
  const codesOf = (type: string): ReadonlyMap<string, string> => {
    let known = codes.get(type);
    if (known === undefined) {
      const all = [...COMMON, ...registry.of(type).keys()];
      known = new Map(
        all.map((code) => [argumentName(code), code] as const).filter(([name]) => GRAPHQL_NAME.test(name)),
      );
      codes.set(type, known);
    }
    return known;
  };

  const argumentsOf = (type: string): GraphQLFieldConfigArgumentMap => {
    const values = new GraphQLList(new GraphQLNonNull(GraphQLString));
    const args: GraphQLFieldConfigArgumentMap = { _count: { type: GraphQLInt } };
    for (const name of codesOf(type).keys()) args[name] = { type: values };
    return args;
  };

  /** A list of values means all of them, as a parameter that is repeated. */
  const pairsOf = (type: string, { _count, _reference, ...args }: Given): Pairs => [
    ...(typeof _count === 'number' ? [['_count', String(_count)] as const] : []),
    ...Object.entries(args).flatMap(([name, given]) =>
      ((given ?? []) as string[]).map((value) => [codesOf(type).get(name) as string, value] as const),
    ),
  ];

  const references = new Map<string, GraphQLEnumType>();
  const referencesOf = (type: string): GraphQLEnumType => {
    let known = references.get(type);
    if (known === undefined) {
      const found = [...registry.of(type).values()].filter((parameter) => parameter.type === 'reference');
      known = new GraphQLEnumType({
        name: `${type}References`,
        values: Object.fromEntries(found.map(({ code }) => [argumentName(code), { value: code }])),
      });
      references.set(type, known);
    }
    return known;
  };

  return {
    root: (type, types) => ({
      [`${type}List`]: {
        type: new GraphQLList(types.of(type)),
        args: argumentsOf(type),
        resolve: async (_, args, session) => (await session.search(type, pairsOf(type, args))).resources,
      },
      [`${type}Connection`]: {
        type: connection(type, types),
        args: argumentsOf(type),
        resolve: (_, args, session) => session.search(type, [['_total', 'accurate'], ...pairsOf(type, args)]),
      },
    }),
    reverse: (type, types) => {
      const fields: Fields = {};
      for (const source of SUPPORTED_TYPES) {
        const leading = [...registry.of(source).values()].filter(({ targets }) => targets.includes(type));
        if (leading.length === 0) continue;
        fields[`${source}List`] = {
          type: new GraphQLList(types.of(source)),
          args: { ...argumentsOf(source), _reference: { type: new GraphQLNonNull(referencesOf(source)) } },
          resolve: async ({ id }, args, session) => {
            if (!leading.some(({ code }) => code === args._reference)) {
              const known = leading.map(({ code }) => argumentName(code)).join(', ');
              throw badRequest(
                `_reference of ${source} does not lead to ${type}. Known: ${known}.`,
                'Parameters.query',
              );
            }
            const about = [args._reference as string, `${type}/${id}`] as const;
            return (await session.search(source, [about, ...pairsOf(source, args)])).resources;
          },
        };
      }
      return fields;
    },
  };
}

/** R4 graphql.html, "Connections": the page and where it stands. Pages go forward only, by cursor. */
function connection(type: string, types: ObjectTypes): GraphQLObjectType<FoundPage, Session> {
  const edge = new GraphQLObjectType<unknown, Session>({
    name: `${type}Edge`,
    fields: () => ({
      mode: { type: GraphQLString, resolve: () => 'match' },
      resource: { type: types.of(type), resolve: (resource) => resource },
    }),
  });
  return new GraphQLObjectType<FoundPage, Session>({
    name: `${type}Connection`,
    fields: {
      count: { type: GraphQLInt, description: 'All matches.', resolve: ({ total }) => total },
      pagesize: { type: GraphQLInt, description: 'Matches a page.', resolve: ({ count }) => count },
      next: { type: GraphQLString, description: 'The _cursor of the next page.' },
      edges: { type: new GraphQLList(edge), resolve: ({ resources }) => resources },
    },
  });
}
