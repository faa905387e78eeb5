import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { SUPPORTED_TYPES } from '../../fhir/types.ts';
import type { Operation } from '../../operations/operation.ts';
import { OPERATIONS } from '../../operations/operations.ts';
import { BUNDLE_SCHEMA, COMPONENTS, content, type Json, RESOURCE_SCHEMA, ref, refusals } from './common.ts';
import { typePaths } from './type-paths.ts';

/** OpenAPI 3.1 of everything under /fhir, generated from what is served. */
export function openApiDocument(version: string, baseUrl: string, registry: ParameterRegistry): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const part of [
    systemPaths(),
    asyncPaths(),
    ...SUPPORTED_TYPES.map((type) => typePaths(type, registry)),
    ...OPERATIONS.map(operationPaths),
  ]) {
    for (const [path, item] of Object.entries(part)) paths[path] = { ...paths[path], ...(item as object) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Overgang',
      version,
      description: 'FHIR R4 server for care coordination across sectors in Denmark.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: baseUrl }],
    tags: [{ name: 'System' }, { name: 'Operations' }, ...SUPPORTED_TYPES.map((name) => ({ name }))],
    paths,
    components: COMPONENTS,
  };
}

function systemPaths(): Json {
  const tags = ['System'];
  const found = { 200: { description: 'A page of matches.', content: content(BUNDLE_SCHEMA) } };
  const named = (...names: string[]): Json[] => names.map((name) => ref('parameters', name));
  return {
    '/': {
      get: {
        tags,
        summary: 'Search all types (_type limits them)',
        responses: { ...found, ...refusals(422) },
      },
      post: {
        tags,
        summary: 'Run a batch or transaction Bundle',
        parameters: named('Prefer', '_format', '_pretty'),
        requestBody: { required: true, content: content(BUNDLE_SCHEMA) },
        responses: {
          200: { description: 'One entry an entry, in the same order.', content: content(BUNDLE_SCHEMA) },
          ...refusals(409, 412, 413, 415, 422),
        },
      },
    },
    '/_search': {
      post: {
        tags,
        summary: 'Search all types with the parameters in a form',
        requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } },
        responses: { ...found, ...refusals(415, 422) },
      },
    },
    '/_history': {
      get: {
        tags,
        summary: 'All versions of all resources',
        parameters: named('_count', '_since', '_at', '_format', '_pretty'),
        responses: {
          200: { description: 'A page of versions, newest first.', content: content(BUNDLE_SCHEMA) },
          ...refusals(),
        },
      },
    },
    '/metadata': {
      get: {
        tags,
        summary: 'What this server does',
        parameters: [{ name: 'mode', in: 'query', schema: { enum: ['full', 'normative', 'terminology'] } }],
        responses: {
          200: {
            description: 'A CapabilityStatement or TerminologyCapabilities.',
            content: content(RESOURCE_SCHEMA),
          },
          ...refusals(),
        },
      },
    },
  };
}

/** The status of requests that are answered later. */
function asyncPaths(): Json {
  const tags = ['System'];
  return {
    '/_async/{id}': {
      parameters: [ref('parameters', 'id')],
      get: {
        tags,
        summary: 'How a request stands that is answered later, or its answer',
        responses: {
          200: { description: 'A batch-response with one entry.', content: content(BUNDLE_SCHEMA) },
          202: {
            description: 'Not done.',
            headers: {
              'Retry-After': { description: 'Seconds.', schema: { type: 'integer' } },
              'X-Progress': { description: 'How far it is.', schema: { type: 'string' } },
            },
          },
          ...refusals(),
        },
      },
      delete: {
        tags,
        summary: 'Cancel it, or forget its answer',
        responses: { 202: { description: 'Cancelled.' }, ...refusals() },
      },
    },
  };
}

const TAKEN: Json = {
  202: {
    description: 'Taken, to be answered later.',
    headers: {
      'Content-Location': {
        description: 'Where to ask for it.',
        schema: { type: 'string', format: 'uri' },
      },
    },
  },
};

function operationPaths(operation: Operation): Json {
  const paths: Record<string, unknown> = {};
  for (const level of operation.levels) {
    const types = level === 'system' ? [undefined] : (operation.types ?? SUPPORTED_TYPES);
    for (const type of types) {
      const path = [
        ...(type === undefined ? [] : [type]),
        ...(level === 'instance' ? ['{id}'] : []),
        `$${operation.name}`,
      ];
      paths[`/${path.join('/')}`] = operationItem(operation, type, level === 'instance');
    }
  }
  return paths;
}

function operationItem(operation: Operation, type: string | undefined, instance: boolean): Json {
  const shared = {
    tags: ['Operations', ...(type === undefined ? [] : [type])],
    summary: operation.title,
    description: operation.documentation,
    responses: {
      200: { description: 'The result.', content: content(RESOURCE_SCHEMA) },
      ...(operation.mayBeAsync === true ? TAKEN : {}),
      ...refusals(413, 415, 422, ...(operation.mayBeAsync === true ? [429] : [])),
    },
  };
  const headers = operation.mayBeAsync === true ? [ref('parameters', 'PreferAsync')] : [];
  return {
    ...(instance ? { parameters: [ref('parameters', 'id')] } : {}),
    ...(operation.affectsState
      ? {}
      : {
          get: {
            ...shared,
            parameters: [
              ...headers,
              ...operation.parameters
                .filter((parameter) => /^[a-z]/.test(parameter.type))
                .map(({ name, documentation, min }) => ({
                  name,
                  in: 'query',
                  required: min > 0,
                  description: documentation,
                  schema: { type: 'string' },
                })),
            ],
          },
        }),
    post: {
      ...shared,
      ...(headers.length === 0 ? {} : { parameters: headers }),
      requestBody: {
        content: content(RESOURCE_SCHEMA),
        description: `Parameters: ${operation.parameters.map(({ name }) => name).join(', ') || 'none'}.`,
      },
    },
  };
}
