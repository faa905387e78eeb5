import type { Resource } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import { parseJson } from '../formats/json.ts';
import type { Body, FhirRequest, Method } from '../request/exchange.ts';
import { parsePairs } from '../request/query.ts';

const METHODS: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']);

/** An entry of a batch or transaction, its shape checked. */
export interface Entry {
  readonly index: number;
  readonly fullUrl?: string;
  readonly request: FhirRequest;
  /** `Bundle.entry[3]`, for messages. */
  readonly expression: string;
}

/** The members of a batch or transaction that we read; anything may be wrong with them. */
interface RawEntry {
  readonly fullUrl?: unknown;
  readonly resource?: unknown;
  readonly request?: Readonly<Record<string, unknown>>;
}

/**
 * Reads the entries of a batch or transaction Bundle (R4 http.html#transaction).
 * @throws FhirError 400 naming the entry that cannot be a request.
 */
export function readEntry(raw: unknown, index: number, baseUrl: string, prefer: string | undefined): Entry {
  const expression = `Bundle.entry[${index}]`;
  if (!isObject(raw)) throw badRequest('An entry must be an object.', expression, 'structure');
  const { fullUrl, resource, request } = raw as RawEntry;
  if (!isObject(request)) {
    throw badRequest('The entry has no request. Say method and url.', `${expression}.request`, 'required');
  }
  const text = (name: string): string | undefined => textOf(request[name], `${expression}.request.${name}`);
  const method = text('method');
  if (method === undefined || !METHODS.has(method)) {
    throw badRequest(`request.method is one of ${[...METHODS].join(', ')}.`, `${expression}.request.method`);
  }
  const url = text('url');
  if (url === undefined) {
    throw badRequest('request.url is missing.', `${expression}.request.url`, 'required');
  }
  const [path, query] = splitUrl(url, baseUrl, `${expression}.request.url`);
  const full = textOf(fullUrl, `${expression}.fullUrl`);
  const body = bodyOf(resource, method, expression);
  return {
    index,
    expression,
    ...(full === undefined ? {} : { fullUrl: full }),
    request: {
      method: method as Method,
      path,
      query: parsePairs(query),
      headers: {
        ...optional('ifMatch', text('ifMatch')),
        ...optional('ifNoneMatch', text('ifNoneMatch')),
        ...optional('ifModifiedSince', text('ifModifiedSince')),
        ...optional('ifNoneExist', text('ifNoneExist')),
        ...optional('prefer', prefer),
      },
      ...(body === undefined ? {} : { body }),
    },
  };
}

/** PATCH carries FHIRPath Patch as Parameters, or JSON Patch in a Binary (R4 http.html#patch). */
function bodyOf(resource: unknown, method: string, expression: string): Body | undefined {
  if (resource === undefined) return undefined;
  if (!isObject(resource)) {
    throw badRequest('The resource must be an object.', `${expression}.resource`, 'structure');
  }
  const { resourceType, contentType, data } = resource as Partial<Resource> & Record<string, unknown>;
  if (method !== 'PATCH' || resourceType !== 'Binary') return { kind: 'resource', value: resource };
  if (contentType !== 'application/json-patch+json' || typeof data !== 'string') {
    throw badRequest(
      'A patch in a Binary has contentType application/json-patch+json and base64 data.',
      `${expression}.resource`,
    );
  }
  try {
    return { kind: 'json-patch', value: parseJson(Buffer.from(data, 'base64').toString('utf8')) };
  } catch {
    throw badRequest('The data of the Binary is not JSON.', `${expression}.resource.data`, 'structure');
  }
}

/** Path and query; absolute URLs must be of this server. */
function splitUrl(url: string, baseUrl: string, expression: string): [path: string, query: string] {
  let relative = url;
  if (/^[a-z][a-z0-9+.-]*:/i.test(url)) {
    if (url !== baseUrl && !url.startsWith(`${baseUrl}/`) && !url.startsWith(`${baseUrl}?`)) {
      throw badRequest('request.url leads to another server. Make it relative to the endpoint.', expression);
    }
    relative = url.slice(baseUrl.length);
  }
  const mark = relative.indexOf('?');
  const path = mark === -1 ? relative : relative.slice(0, mark);
  return [path.replace(/^\/+|\/+$/g, ''), mark === -1 ? '' : relative.slice(mark + 1)];
}

function textOf(value: unknown, expression: string): string | undefined {
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || value === '')
    throw badRequest('This must be text.', expression, 'structure');
  return value;
}

function optional<Name extends string>(name: Name, value: string | undefined): Partial<Record<Name, string>> {
  return value === undefined ? {} : ({ [name]: value } as Record<Name, string>);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
