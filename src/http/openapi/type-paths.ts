import type { ParameterRegistry } from '../../fhir/search/parameters.ts';
import { BUNDLE_SCHEMA, content, type Json, RESOURCE_HEADERS, ref, refusals } from './common.ts';

const parameters = (...names: string[]): Json[] => names.map((name) => ref('parameters', name));
const FORMAT = ['_format', '_pretty'];

/** The paths of one resource type. */
export function typePaths(type: string, registry: ParameterRegistry): Json {
  const schema = { allOf: [ref('schemas', 'Resource')], properties: { resourceType: { const: type } } };
  const tags = [type];
  const shown = { headers: RESOURCE_HEADERS, content: content(schema) };
  const found = { 200: { description: 'A page of matches.', content: content(BUNDLE_SCHEMA) } };
  const versions = {
    200: { description: 'A page of versions, newest first.', content: content(BUNDLE_SCHEMA) },
  };
  const body = { required: true, content: content(schema) };
  const patchBody = {
    required: true,
    content: {
      'application/json-patch+json': { schema: { type: 'array', items: { type: 'object' } } },
      ...content({ ...ref('schemas', 'Resource'), description: 'FHIRPath Patch as Parameters.' }),
    },
  };
  const written = {
    200: { description: 'Stored, or nothing changed.', ...shown },
    201: { description: 'Created; Location names the version.', ...shown },
  };
  const search = searchParameters(type, registry);
  const gone = { 204: { description: 'Deleted, or not there.' } };
  return {
    [`/${type}`]: {
      get: { tags, summary: `Search ${type}`, parameters: search, responses: { ...found, ...refusals(422) } },
      post: {
        tags,
        summary: `Create a ${type}`,
        parameters: parameters('IfNoneExist', 'Prefer', ...FORMAT),
        requestBody: body,
        responses: { ...written, ...refusals(412, 413, 415, 422) },
      },
      put: {
        tags,
        summary: `Update the ${type} that a search selects, or create it`,
        parameters: [...search, ...parameters('IfMatch', 'Prefer')],
        requestBody: body,
        responses: { ...written, ...refusals(412, 413, 415, 422) },
      },
      patch: {
        tags,
        summary: `Patch the ${type} that a search selects`,
        parameters: [...search, ...parameters('IfMatch', 'Prefer')],
        requestBody: patchBody,
        responses: { 200: written[200], ...refusals(412, 413, 415, 422) },
      },
      delete: {
        tags,
        summary: `Delete each ${type} that a search selects`,
        parameters: [...search, ...parameters('IfMatch')],
        responses: { ...gone, ...refusals(412) },
      },
    },
    [`/${type}/_search`]: {
      post: {
        tags,
        summary: `Search ${type} with the parameters in a form`,
        requestBody: { content: { 'application/x-www-form-urlencoded': { schema: { type: 'object' } } } },
        responses: { ...found, ...refusals(415, 422) },
      },
    },
    [`/${type}/_history`]: {
      get: {
        tags,
        summary: `All versions of each ${type}`,
        parameters: parameters('_count', '_since', '_at', ...FORMAT),
        responses: { ...versions, ...refusals() },
      },
    },
    [`/${type}/{id}`]: {
      parameters: parameters('id'),
      get: {
        tags,
        summary: `Read a ${type}`,
        parameters: parameters('IfNoneMatch', 'IfModifiedSince', '_summary', '_elements', ...FORMAT),
        responses: {
          200: { description: 'The current version.', ...shown },
          304: { description: "The client's copy is current." },
          ...refusals(410),
        },
      },
      put: {
        tags,
        summary: `Update a ${type}, or create it under this id`,
        parameters: parameters('IfMatch', 'Prefer', ...FORMAT),
        requestBody: body,
        responses: { ...written, ...refusals(412, 413, 415, 422) },
      },
      patch: {
        tags,
        summary: `Patch a ${type}`,
        parameters: parameters('IfMatch', 'Prefer', ...FORMAT),
        requestBody: patchBody,
        responses: { 200: written[200], ...refusals(410, 412, 413, 415, 422) },
      },
      delete: {
        tags,
        summary: `Delete a ${type}`,
        parameters: parameters('IfMatch'),
        responses: { ...gone, ...refusals(412) },
      },
    },
    [`/${type}/{id}/_history`]: {
      parameters: parameters('id'),
      get: {
        tags,
        summary: `The versions of a ${type}`,
        parameters: parameters('_count', '_since', '_at', ...FORMAT),
        responses: { ...versions, ...refusals() },
      },
    },
    [`/${type}/{id}/_history/{vid}`]: {
      parameters: parameters('id', 'vid'),
      get: {
        tags,
        summary: `One version of a ${type}`,
        parameters: parameters('_summary', '_elements', ...FORMAT),
        responses: { 200: { description: 'That version.', ...shown }, ...refusals(410) },
      },
    },
  };
}

function searchParameters(type: string, registry: ParameterRegistry): Json[] {
  return [
    ...[...registry.of(type).values()].map(({ code, type: kind, definition }) => ({
      name: code,
      in: 'query',
      description: `${kind}. ${(definition.description ?? '').split('\n')[0]?.slice(0, 200) ?? ''}`.trim(),
      schema: { type: 'string' },
    })),
    { name: '_id', in: 'query', description: 'token. Ids, separated by commas.', schema: { type: 'string' } },
    {
      name: '_lastUpdated',
      in: 'query',
      description: 'date. When it was stored.',
      schema: { type: 'string' },
    },
    ...parameters('_sort', '_count', '_include', '_revinclude', '_total', '_summary', '_elements', ...FORMAT),
  ];
}
