import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import type { ForeignBody } from '../operation.ts';

const MEMBERS = ['query', 'operationName', 'variables', 'extensions'];

/**
 * The bodies of GraphQL's own clients as Parameters: the query as `application/graphql`, or JSON with `query`,
 * `operationName` and `variables` (`extensions` say nothing to this server). Undefined for a FHIR resource.
 * @throws FhirError 400 for another shape
 */
export function graphqlBody(body: ForeignBody): Parameters | undefined {
  if ('text' in body) {
    return body.contentType === 'application/graphql' ? parametersOf({ query: body.text }) : undefined;
  }
  const { value } = body;
  if (typeof value !== 'object' || value === null || Array.isArray(value) || 'resourceType' in value) {
    return undefined;
  }
  if (!Object.keys(value).every((name) => MEMBERS.includes(name))) {
    throw badRequest(`A GraphQL request has ${MEMBERS.join(', ')}.`, 'Parameters', 'structure');
  }
  return parametersOf(value);
}

function parametersOf(request: {
  query?: unknown;
  operationName?: unknown;
  variables?: unknown;
}): Parameters {
  const parameter: ParametersParameter[] = [];
  for (const name of ['query', 'operationName'] as const) {
    const value = request[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string') throw badRequest(`${name} is a text.`, `Parameters.${name}`, 'structure');
    parameter.push({ name, valueString: value });
  }
  const { variables } = request;
  if (variables !== undefined && variables !== null) {
    parameter.push({ name: 'variables', valueString: JSON.stringify(variables) });
  }
  return { resourceType: 'Parameters', parameter };
}

/**
 * The values of variables, from JSON text.
 * @throws FhirError 400 when it is no JSON object
 */
export function readVariables(text: string | undefined): Record<string, unknown> {
  if (text === undefined) return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Record<string, unknown>;
  }
  throw badRequest('variables is a JSON object, as text.', 'Parameters.variables', 'value');
}
