import type { Resource } from '@medplum/fhirtypes';
import { graphqlBody, readVariables } from './graphql/body.ts';
import { readDocument } from './graphql/document.ts';
import { executeQuery } from './graphql/execute.ts';
import { schemaFor } from './graphql/schema.ts';
import { openSession } from './graphql/session.ts';
import type { Operation } from './operation.ts';
import { optional } from './terminology.ts';

/**
 * `$graphql` (R4 graphql.html, resource-operation-graphql.html): a query over the endpoint, or over one resource.
 * It reads; what the query or the schema does not allow is an OperationOutcome, and nothing is executed then.
 */
export const graphqlOperation: Operation = {
  name: 'graphql',
  definition: 'http://hl7.org/fhir/OperationDefinition/Resource-graphql',
  title: 'Query with GraphQL',
  documentation: 'Answers a GraphQL query over the endpoint or over one resource, as JSON. It only reads.',
  levels: ['system', 'instance'],
  affectsState: false,
  parameters: [
    { name: 'query', min: 1, max: '1', type: 'string', documentation: 'The query.' },
    optional('operationName', 'string', 'Which operation of the query to execute.'),
    optional('variables', 'string', 'A JSON object with the values of variables.'),
  ],
  foreignBody: graphqlBody,
  run: async ({ reader, registry, timezone, definitions, type, id, input }) => {
    const schema = schemaFor(registry, type);
    const document = readDocument(schema, input.text('query') ?? '');
    const variables = readVariables(input.text('variables'));
    // Codes that a `_filter` asks for are worked out within the search, from the definitions at hand.
    await definitions();
    const session = openSession({ reader, registry, timezone });
    const root: Resource | undefined =
      type === undefined || id === undefined ? undefined : await session.read(type, id);
    return {
      json: await executeQuery({
        schema,
        document,
        operationName: input.text('operationName'),
        variables,
        root,
        session,
      }),
    };
  },
};
