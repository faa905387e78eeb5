/** The parts of the OpenAPI document that all paths share. */

export type Json = { readonly [name: string]: unknown };

const FORMATS = ['application/fhir+json', 'application/fhir+xml'];

export const ref = (kind: string, name: string): Json => ({ $ref: `#/components/${kind}/${name}` });

/** A body in both formats of FHIR. */
export function content(schema: Json): Json {
  return Object.fromEntries(FORMATS.map((format) => [format, { schema }]));
}

export const RESOURCE_SCHEMA = ref('schemas', 'Resource');
export const BUNDLE_SCHEMA = ref('schemas', 'Bundle');

/** Statuses that refuse a request; every one has an OperationOutcome. */
const ERRORS: Readonly<Record<string, string>> = {
  400: 'The request is malformed, or has a parameter that is not known.',
  404: 'There is no such resource, version, type or operation.',
  405: 'This method is not served here; Allow names those that are.',
  406: 'None of the formats asked for is offered.',
  409: 'A resource of this id exists already.',
  410: 'The resource was deleted.',
  412: 'A precondition does not hold, or a condition selects several resources.',
  413: 'The body is too large.',
  415: 'The body is in a format that is not read here.',
  429: 'Too many requests are waiting to be answered later.',
  422: 'The resource breaks a rule of FHIR or of a profile; each issue says where and how to mend it.',
  500: 'The server failed; nothing of the request was stored.',
  503: 'The server is overloaded or stopping; Retry-After says when to try again.',
};

/** References to the answers of these statuses. */
export function refusals(...statuses: number[]): Json {
  const all = [...statuses, 400, 404, 406, 500, 503];
  return Object.fromEntries(all.map((status) => [String(status), ref('responses', `Refused${status}`)]));
}

export const RESOURCE_HEADERS: Json = {
  ETag: { description: 'Version, such as W/"3".', schema: { type: 'string' } },
  'Last-Modified': { description: 'When this version was stored.', schema: { type: 'string' } },
};

const header = (name: string, description: string): Json => ({
  name,
  in: 'header',
  description,
  schema: { type: 'string' },
});
const query = (name: string, description: string, schema: Json = { type: 'string' }): Json => ({
  name,
  in: 'query',
  description,
  schema,
});

export const COMPONENTS: Json = {
  parameters: {
    id: {
      name: 'id',
      in: 'path',
      required: true,
      schema: { type: 'string', pattern: '^[A-Za-z0-9\\-.]{1,64}$' },
    },
    vid: { name: 'vid', in: 'path', required: true, schema: { type: 'string' } },
    _format: query('_format', 'json, xml or ndjson; before Accept.'),
    _pretty: query('_pretty', 'Indented answer.', { type: 'boolean' }),
    _summary: query('_summary', 'true, text, data, count or false.'),
    _elements: query('_elements', 'Elements wanted, separated by commas.'),
    _count: query('_count', 'Entries a page.', { type: 'integer', minimum: 0 }),
    _since: query('_since', 'Only versions stored at or after this instant.'),
    _at: query('_at', 'Only versions that were current at some time of this date or dateTime.'),
    _sort: query('_sort', 'Parameters to sort by, separated by commas, - before one for descending.'),
    _include: query('_include', 'Also resources that a match refers to: Task:encounter.'),
    _revinclude: query('_revinclude', 'Also resources that refer to a match: Task:encounter.'),
    _total: query('_total', 'none, estimate or accurate.'),
    IfMatch: header('If-Match', 'The version that the client saw, such as W/"3"; 412 when it moved on.'),
    IfNoneMatch: header('If-None-Match', 'The version that the client has; 304 when it is current.'),
    IfModifiedSince: header('If-Modified-Since', '304 when the resource did not change since.'),
    IfNoneExist: header('If-None-Exist', 'A search; the resource is created only when it selects none.'),
    PreferAsync: header('Prefer', 'respond-async: the answer is fetched later from Content-Location.'),
    Prefer: header(
      'Prefer',
      'return=minimal, representation or OperationOutcome; handling=strict or lenient.',
    ),
  },
  responses: Object.fromEntries(
    Object.entries(ERRORS).map(([status, description]) => [
      `Refused${status}`,
      { description, content: content(ref('schemas', 'OperationOutcome')) },
    ]),
  ),
  schemas: {
    Resource: {
      type: 'object',
      required: ['resourceType'],
      properties: { resourceType: { type: 'string' }, id: { type: 'string' }, meta: { type: 'object' } },
      description: 'A FHIR R4 resource: https://hl7.org/fhir/R4/resourcelist.html',
    },
    Bundle: {
      type: 'object',
      required: ['resourceType', 'type'],
      properties: {
        resourceType: { const: 'Bundle' },
        type: { type: 'string' },
        total: { type: 'integer' },
        link: {
          type: 'array',
          items: {
            type: 'object',
            properties: { relation: { type: 'string' }, url: { type: 'string', format: 'uri' } },
          },
        },
        entry: { type: 'array', items: { type: 'object' } },
      },
    },
    OperationOutcome: {
      type: 'object',
      required: ['resourceType', 'issue'],
      properties: {
        resourceType: { const: 'OperationOutcome' },
        issue: {
          type: 'array',
          items: {
            type: 'object',
            required: ['severity', 'code'],
            properties: {
              severity: { enum: ['fatal', 'error', 'warning', 'information'] },
              code: { type: 'string' },
              diagnostics: { type: 'string', description: 'What is wrong, and how to mend it.' },
              expression: { type: 'array', items: { type: 'string' }, description: 'Where, as FHIRPath.' },
            },
          },
        },
      },
    },
  },
};
