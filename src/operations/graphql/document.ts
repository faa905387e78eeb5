import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  type SelectionSetNode,
  validate,
  visit,
} from 'graphql';
import { badRequest, errorIssue, FhirError } from '../../fhir/outcome.ts';
import { tooCostly } from './session.ts';

/** Comparing fields that repeat takes time by the square of their number. */
const MOST_TOKENS = 1_000;
const MOST_LEVELS = 15;
const MOST_FIELDS = 300;
const MOST_ERRORS = 20;
const AT = 'Parameters.query';

/**
 * Reads a query and checks it against the schema and the limits, before anything is executed.
 * @throws FhirError 400 for what GraphQL or the schema does not know, one issue each; 422 for what is too deep or wide
 */
export function readDocument(schema: GraphQLSchema, query: string): DocumentNode {
  const document = parsed(query);
  for (const node of document.definitions) {
    if (node.kind === Kind.OPERATION_DEFINITION && node.operation !== OperationTypeNode.QUERY) {
      throw badRequest(
        `A ${node.operation} is not served: $graphql reads. Write with the interactions of FHIR.`,
        AT,
        'not-supported',
      );
    }
  }
  checkCost(document);
  const errors = validate(schema, document, undefined, { maxErrors: MOST_ERRORS });
  if (errors.length > 0) throw refused(errors);
  checkIntrospection(document);
  return document;
}

/**
 * Introspection is for tools, which ask for the whole schema once. Aliases and fields of fields would multiply an
 * answer that is large already.
 */
function checkIntrospection(document: DocumentNode): void {
  let introspects = false;
  let aliased = false;
  visit(document, {
    Field: ({ name, alias }) => {
      introspects ||= name.value === '__schema' || name.value === '__type';
      aliased ||= alias !== undefined;
    },
  });
  if (introspects && (aliased || nestsFields(document))) {
    throw tooCostly('A query of the schema has no aliases, and no fields within fields.');
  }
}

/** Whether `fields` stands within `fields`, directly or through fragments. */
function nestsFields(document: DocumentNode): boolean {
  const fragments = new Map(
    document.definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node.selectionSet] as const] : [],
    ),
  );
  const seen = new Set<string>();
  const nested = (selections: SelectionSetNode | undefined, within: boolean): boolean =>
    (selections?.selections ?? []).some((node) => {
      if (node.kind === Kind.FRAGMENT_SPREAD) {
        const key = `${node.name.value} ${within}`;
        if (seen.has(key)) return false;
        seen.add(key);
        return nested(fragments.get(node.name.value), within);
      }
      const isFields = node.kind === Kind.FIELD && node.name.value === 'fields';
      return (within && isFields) || nested(node.selectionSet, within || isFields);
    });
  return document.definitions.some(
    (node) => node.kind === Kind.OPERATION_DEFINITION && nested(node.selectionSet, false),
  );
}

/** 400 with an issue for each error, and where it is in the query. */
export function refused(errors: readonly GraphQLError[]): FhirError {
  return new FhirError(
    400,
    errors.map((error) => errorIssue('invalid', withoutNumbers(messageOf(error)), AT)),
  );
}

/** GraphQL quotes the query in its messages, and there a CPR number may stand. */
export function withoutNumbers(message: string): string {
  return message.replace(/\d[\d\s-]{4,}\d/g, '…');
}

function messageOf({ message, locations }: GraphQLError): string {
  const at = locations?.[0];
  return at === undefined ? message : `${message} (line ${at.line}, column ${at.column})`;
}

function parsed(query: string): DocumentNode {
  try {
    return parse(query, { maxTokens: MOST_TOKENS, noLocation: false });
  } catch (error) {
    if (error instanceof GraphQLError) throw refused([error]);
    throw error;
  }
}

interface Cost {
  readonly levels: number;
  readonly fields: number;
}

/** Fragments count wherever they are spread; one within itself counts once here, and validation refuses it. */
function checkCost(document: DocumentNode): void {
  const fragments = new Map<string, Cost>();
  const bodies = new Map<string, SelectionSetNode>();
  for (const node of document.definitions) {
    if (node.kind === Kind.FRAGMENT_DEFINITION) bodies.set(node.name.value, node.selectionSet);
  }
  const ofFragment = (name: string): Cost => {
    let cost = fragments.get(name);
    if (cost === undefined) {
      fragments.set(name, { levels: 0, fields: 0 });
      cost = costOf(bodies.get(name));
      fragments.set(name, cost);
    }
    return cost;
  };
  const costOf = (selections: SelectionSetNode | undefined): Cost => {
    let levels = 0;
    let fields = 0;
    for (const node of selections?.selections ?? []) {
      const inner =
        node.kind === Kind.FRAGMENT_SPREAD ? ofFragment(node.name.value) : costOf(node.selectionSet);
      const own = node.kind === Kind.FIELD ? 1 : 0;
      levels = Math.max(levels, inner.levels + own);
      fields += inner.fields + own;
    }
    return { levels, fields };
  };
  for (const node of document.definitions) {
    if (node.kind !== Kind.OPERATION_DEFINITION) continue;
    const { levels, fields } = costOf(node.selectionSet);
    if (levels > MOST_LEVELS) throw tooCostly(`The query is ${levels} levels deep; at most ${MOST_LEVELS}.`);
    if (fields > MOST_FIELDS) throw tooCostly(`The query has ${fields} fields; at most ${MOST_FIELDS}.`);
  }
}
