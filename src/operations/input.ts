import type { Parameters, ParametersParameter, Resource } from '@medplum/fhirtypes';
import { badRequest } from '../fhir/outcome.ts';
import type { Input, Operation, OperationParameter } from './operation.ts';

type Pairs = readonly (readonly [name: string, value: string])[];

const NUMERIC: ReadonlySet<string> = new Set(['integer', 'positiveInt', 'unsignedInt', 'decimal']);
const PRIMITIVE = /^[a-z]/;

/**
 * The parameters of a call from the query and the body (R4 operations.html#executing): a Parameters resource, or
 * the one resource that the operation takes.
 * @throws FhirError 400 for parameters that the operation does not know, lacks, or that are of another type.
 */
export function readParameters(operation: Operation, query: Pairs, body: unknown): Parameters {
  const parameter: ParametersParameter[] = [
    ...query.map(([name, value]) => fromQuery(operation, name, value)),
  ];
  if (body !== undefined) parameter.push(...fromBody(operation, body));
  for (const { name, min, max } of operation.parameters) {
    const given = parameter.filter((one) => one.name === name).length;
    if (given < min)
      throw badRequest(`The operation needs the parameter ${name}.`, `Parameters.${name}`, 'required');
    if (max === '1' && given > 1)
      throw badRequest(`The parameter ${name} may be given once.`, `Parameters.${name}`);
  }
  return { resourceType: 'Parameters', parameter };
}

/** Typed access to the parameters of a call. */
export function inputOf({ parameter = [] }: Parameters): Input {
  const all = (name: string): unknown[] => parameter.filter((one) => one.name === name).map(givenValue);
  const first = (name: string): unknown => all(name)[0];
  const typed = <T>(name: string, isOne: (value: unknown) => value is T, what: string): T | undefined => {
    const value = first(name);
    if (value === undefined) return undefined;
    if (!isOne(value)) throw badRequest(`The parameter ${name} must be ${what}.`, `Parameters.${name}`);
    return value;
  };
  return {
    all,
    text: (name) => typed(name, (value): value is string => typeof value === 'string', 'text'),
    flag: (name) => typed(name, (value): value is boolean => typeof value === 'boolean', 'true or false'),
    whole: (name) => typed(name, (value): value is number => Number.isInteger(value), 'a whole number'),
    resource: (name) =>
      typed(
        name,
        (value): value is Resource =>
          typeof (value as { resourceType?: unknown } | null)?.resourceType === 'string',
        'a resource',
      ),
  };
}

function givenValue(parameter: ParametersParameter): unknown {
  if (parameter.resource !== undefined) return parameter.resource;
  const key = Object.keys(parameter).find((name) => name.startsWith('value'));
  return key === undefined ? parameter.part : (parameter as unknown as Record<string, unknown>)[key];
}

function fromQuery(operation: Operation, name: string, text: string): ParametersParameter {
  const { type } = describe(operation, name, `http.${name}`);
  if (!PRIMITIVE.test(type)) {
    throw badRequest(
      `The parameter ${name} is a ${type}: send it by POST in a Parameters resource.`,
      `http.${name}`,
    );
  }
  const key = `value${type[0]?.toUpperCase()}${type.slice(1)}`;
  return { name, [key]: primitive(type, name, text) } as unknown as ParametersParameter;
}

function primitive(type: string, name: string, text: string): unknown {
  if (type === 'boolean') {
    if (text !== 'true' && text !== 'false') throw badRequest('Expected true or false.', `http.${name}`);
    return text === 'true';
  }
  if (!NUMERIC.has(type)) return text;
  if (!/^-?\d{1,15}(\.\d{1,10})?$/.test(text)) throw badRequest('Expected a number.', `http.${name}`);
  return Number(text);
}

function fromBody(operation: Operation, body: unknown): ParametersParameter[] {
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw badRequest('Send a Parameters resource.', 'Parameters', 'structure');
  }
  const { resourceType, parameter = [] } = body as { resourceType?: unknown; parameter?: unknown };
  if (resourceType !== 'Parameters') {
    if (operation.bareBody === undefined) {
      throw badRequest('The body of this operation is a Parameters resource.', 'Parameters.resourceType');
    }
    return [{ name: operation.bareBody, resource: body as Resource }];
  }
  if (!Array.isArray(parameter))
    throw badRequest('Parameters.parameter is a list.', 'Parameters.parameter', 'structure');
  parameter.forEach((one: unknown, index) => {
    const at = `Parameters.parameter[${index}]`;
    if (typeof one !== 'object' || one === null || Array.isArray(one))
      throw badRequest('A parameter is an object.', at);
    const { name } = one as { name?: unknown };
    if (typeof name !== 'string') throw badRequest('A parameter has a name.', `${at}.name`, 'required');
    describe(operation, name, `${at}.name`);
  });
  return parameter as ParametersParameter[];
}

function describe(operation: Operation, name: string, expression: string): OperationParameter {
  const found = operation.parameters.find((parameter) => parameter.name === name);
  if (found !== undefined) return found;
  const known = operation.parameters.map((parameter) => parameter.name).join(', ') || 'none';
  throw badRequest(
    `$${operation.name} has no such parameter. Known: ${known}.`,
    /^http\.(?![\w.:-]{1,64}$)/.test(expression) ? 'http.parameter' : expression,
    'not-supported',
  );
}
