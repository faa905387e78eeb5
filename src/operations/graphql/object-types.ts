import type { Reference, Resource } from '@medplum/fhirtypes';
import {
  GraphQLBoolean,
  type GraphQLFieldConfig,
  type GraphQLFieldConfigMap,
  GraphQLFloat,
  GraphQLList,
  GraphQLNonNull,
  GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLScalarType,
  GraphQLString,
  GraphQLUnionType,
} from 'graphql';
import { type Property, type Shape, shapeOf } from '../../fhir/definitions/shape.ts';
import { notFound } from '../../fhir/outcome.ts';
import { isSupportedType, SUPPORTED_TYPES } from '../../fhir/types.ts';
import { elementArguments, type Given, selectElements } from './element-lists.ts';
import { type ReferenceArguments, resolveReference } from './resolve-reference.ts';
import type { Session } from './session.ts';

type Element = Record<string, unknown>;
export type Fields = GraphQLFieldConfigMap<Element, Session>;
export type ObjectType = GraphQLObjectType<Element, Session>;

/** The GraphQL types of FHIR's types. */
export interface ObjectTypes {
  /** Of a resource type, or of a data type by its name. */
  of(type: string): ObjectType;
}

/**
 * Makes GraphQL's types from R4's definitions (R4 graphql.html): one object type a shape, its fields by their JSON
 * names, choices spelled out. Types refer to each other, so fields are made when a schema asks for them.
 * @param further fields of a resource type beside its elements: what refers to it
 */
export function objectTypes(further: (type: string, types: ObjectTypes) => Fields): ObjectTypes {
  const made = new Map<string, ObjectType>();
  const any = new GraphQLUnionType({
    name: 'AnyResource',
    description: 'A resource of any type that is served here; choose its fields with `... on Type`.',
    types: () => SUPPORTED_TYPES.map((type) => types.of(type)),
    resolveType: (value) => {
      const { resourceType } = value as Resource;
      if (isSupportedType(resourceType)) return resourceType;
      throw notFound('A contained resource is of a type that is not served here.');
    },
  });

  const typeOf = (shape: Shape): ObjectType => {
    let type = made.get(shape.name);
    if (type === undefined) {
      type = new GraphQLObjectType<Element, Session>({
        name: shape.name.replace(/\.(.)/g, (_, letter: string) => letter.toUpperCase()),
        fields: () => fieldsOf(shape),
      });
      made.set(shape.name, type);
    }
    return type;
  };

  const fieldsOf = (shape: Shape): Fields => {
    const fields: Fields = {};
    const isResource = isSupportedType(shape.name);
    if (isResource) fields.resourceType = { type: new GraphQLNonNull(GraphQLString) };
    for (const property of shape.properties.values()) {
      fields[property.name] = field(property, valueType(property), shape.name);
      if (property.kind === 'primitive' && property.name !== 'id') {
        const beside = required('Element');
        fields[`_${property.name}`] = {
          type: property.array ? new GraphQLList(typeOf(beside)) : typeOf(beside),
          description: 'Id and extensions of the value.',
        };
      }
    }
    if (shape.name === 'Reference') fields.resource = resourceField(any);
    return isResource ? { ...further(shape.name, types), ...fields } : fields;
  };

  const valueType = (property: Property): GraphQLOutputType => {
    if (property.kind === 'resource') return any;
    return property.kind === 'complex' ? typeOf(property.shape()) : scalar(property);
  };

  const types: ObjectTypes = { of: (type) => typeOf(required(type)) };
  return types;
}

function required(type: string): Shape {
  const shape = shapeOf(type);
  if (shape === undefined) throw new Error(`R4 has no definition of the type ${type}`);
  return shape;
}

/** As in JSON: dates, codes and URIs are texts, whole numbers and decimals are numbers. */
function scalar({ json }: Property): GraphQLScalarType {
  return json === 'boolean' ? GraphQLBoolean : json === 'number' ? GraphQLFloat : GraphQLString;
}

function field(
  property: Property,
  type: GraphQLOutputType,
  owner: string,
): GraphQLFieldConfig<Element, Session> {
  const { name, array, kind } = property;
  const base = (): string => (property.kind === 'complex' ? property.shape().name : `${owner}.${name}`);
  const resolve = (source: Element, args: Given, session: Session): unknown => {
    const value = source[name];
    if (kind === 'complex' || kind === 'resource') {
      const container = session.containerOf(source);
      for (const one of Array.isArray(value) ? value : [value]) {
        // The entries of a Bundle are no parts of it; contained resources are parts of their container.
        if (typeof one === 'object' && one !== null && (kind === 'complex' || name === 'contained')) {
          session.within(one, container);
        }
      }
    }
    return array && Array.isArray(value) ? selectElements(value, args, base(), session.budget) : value;
  };
  return array
    ? { type: new GraphQLList(type), args: elementArguments(property), resolve }
    : { type, resolve };
}

function resourceField(any: GraphQLUnionType): GraphQLFieldConfig<Element, Session> {
  return {
    type: any,
    description: 'The resource that is referred to.',
    args: {
      optional: { type: GraphQLBoolean, description: 'Null, and no error, when it cannot be found.' },
      type: { type: GraphQLString, description: 'Only a resource of this type.' },
    },
    resolve: (source, args, session) =>
      resolveReference(source as Reference, args as ReferenceArguments, session),
  };
}
