import type { Parameters } from '@medplum/fhirtypes';
import { badRequest, notFound } from '../../fhir/outcome.ts';
import { inputOf, readParameters } from '../../operations/input.ts';
import type { Level, Operation, OperationAnswer } from '../../operations/operation.ts';
import { findOperation, operationsOf } from '../../operations/registry.ts';
import { bundleText } from '../bundle/bundle-text.ts';
import { utf8Text } from '../formats/body.ts';
import { otherFormat } from '../formats/other-format.ts';
import type { Body, Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { CURSOR, withoutFormat } from '../request/page-parameters.ts';
import { formatPairs } from '../request/query.ts';
import { MethodNotAllowed, type Route } from '../request/route.ts';

/** GET or POST of `$name` at the endpoint, a type or a resource (R4 operations.html). */
export async function callOperation(
  context: Context,
  request: FhirRequest,
  route: Route,
): Promise<FhirResponse> {
  const { operation, level, parameters } = calledOperation(request, route);
  const { type, id } = route;
  const other = otherFormat(request.path, request.query, request.headers.accept);
  const answer = await operation.run({
    store: context.store,
    reader: context.reader,
    baseUrl: context.baseUrl,
    timezone: context.timezone,
    calendar: context.calendar,
    relevance: context.relevance,
    smallNumbers: context.smallNumbers,
    definitions: context.definitions,
    validate: context.validate,
    registry: context.registry,
    level,
    ...(type === undefined ? {} : { type }),
    ...(id === undefined ? {} : { id }),
    input: inputOf(parameters),
    parameters,
    ...(other === undefined ? {} : { otherFormat: other }),
    ...(request.body?.kind === 'resource' && request.body.bytes !== undefined
      ? { received: request.body.bytes }
      : {}),
  });
  return answerOf(context, request, answer);
}

/**
 * The operation that a request calls, with its parameters, checked as far as its description goes.
 * @throws FhirError 400, 404, 405
 */
export function calledOperation(
  request: FhirRequest,
  { type, id, operation: name }: Route,
): { readonly operation: Operation; readonly level: Level; readonly parameters: Parameters } {
  const level: Level = id !== undefined ? 'instance' : type !== undefined ? 'type' : 'system';
  const operation = findOperation(name as string, level, type);
  if (operation === undefined) {
    const known = operationsOf(type).map(({ name }) => `$${name}`);
    throw notFound(`This operation is not served here. Served here: ${known.join(', ') || 'none'}.`);
  }
  if (operation.affectsState && request.method !== 'POST') throw new MethodNotAllowed(['POST', 'OPTIONS']);
  const body = bodyValue(operation, request.body);
  return { operation, level, parameters: readParameters(operation, withoutFormat(request.query), body) };
}

function bodyValue({ foreignBody }: Operation, body: Body | undefined): unknown {
  if (body === undefined) return undefined;
  if (body.kind === 'resource') return foreignBody?.({ value: body.value }) ?? body.value;
  if (body.kind === 'other' && foreignBody !== undefined) {
    const { contentType, bytes } = body;
    const parameters = foreignBody({ contentType, text: utf8Text(bytes) });
    if (parameters !== undefined) return parameters;
  }
  throw badRequest(
    'Send the parameters as application/fhir+json or application/fhir+xml.',
    'http.Content-Type',
  );
}

function answerOf({ baseUrl }: Context, request: FhirRequest, answer: OperationAnswer): FhirResponse {
  if ('resource' in answer) {
    return { status: answer.status ?? 200, content: answer.content ?? JSON.stringify(answer.resource) };
  }
  if ('json' in answer) {
    const contentType = 'application/json; charset=utf-8';
    return { status: answer.status ?? 200, raw: { text: JSON.stringify(answer.json), contentType } };
  }
  if ('text' in answer) {
    const { text, contentType, headers = {} } = answer;
    return { status: 200, headers, raw: { text, contentType } };
  }
  if (!('page' in answer)) return { status: answer.status };
  const link = (query: FhirRequest['query']): string =>
    `${baseUrl}/${request.path}${query.length === 0 ? '' : `?${formatPairs(query)}`}`;
  const asked = request.query.filter(([name]) => name !== CURSOR);
  return {
    status: 200,
    content: bundleText({
      type: 'searchset',
      ...(answer.total === undefined ? {} : { total: answer.total }),
      links: [
        { relation: 'self', url: link(request.query) },
        ...(answer.next === undefined
          ? []
          : [{ relation: 'next', url: link([...asked, [CURSOR, answer.next]]) }]),
      ],
      entries: answer.page.map(({ type, id, content }) => ({
        fullUrl: `${baseUrl}/${type}/${id}`,
        content,
        search: { mode: 'match' },
      })),
    }),
    lines: answer.page.map(({ content }) => content),
  };
}
