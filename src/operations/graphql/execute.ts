import { type DocumentNode, execute, GraphQLError, type GraphQLSchema, getOperationAST } from 'graphql';
import { badRequest, FhirError } from '../../fhir/outcome.ts';
import { refused, withoutNumbers } from './document.ts';
import type { Session } from './session.ts';

export interface Execution {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operationName: string | undefined;
  readonly variables: Record<string, unknown>;
  readonly root: unknown;
  readonly session: Session;
}

/**
 * Executes a checked query. What goes wrong at one field is null there and named in `errors`, with its
 * OperationOutcome in `extensions.resource`.
 * @throws FhirError 400 when it cannot begin: no such operation, variables of another type; failures of the server
 * are thrown as they are
 */
export async function executeQuery({
  schema,
  document,
  operationName,
  variables,
  root,
  session,
}: Execution): Promise<unknown> {
  if (!getOperationAST(document, operationName)) {
    throw badRequest(
      'operationName must name one of the operations of the query.',
      'Parameters.operationName',
    );
  }
  const { data, errors = [] } = await execute({
    schema,
    document,
    rootValue: root,
    contextValue: session,
    variableValues: variables,
    ...(operationName === undefined ? {} : { operationName }),
  });
  if (data === undefined) throw refused(errors);
  for (const { originalError } of errors) {
    if (originalError !== undefined && !isMeant(originalError)) throw originalError;
  }
  return errors.length === 0 ? { data } : { errors: errors.map(shown), data };
}

function isMeant(error: unknown): boolean {
  return error instanceof FhirError || error instanceof GraphQLError;
}

function shown({ message, locations, path, originalError }: GraphQLError): object {
  return {
    message: withoutNumbers(message),
    locations,
    path,
    ...(originalError instanceof FhirError ? { extensions: { resource: originalError.outcome } } : {}),
  };
}
