import type { Context, FhirRequest } from '../request/exchange.ts';

/** An interaction that is answered later, as it is kept in the store. */
interface JobRequest {
  readonly baseUrl: string;
  readonly method: FhirRequest['method'];
  readonly path: string;
  readonly query: FhirRequest['query'];
  readonly accept?: string;
  /** As parsed: a Parameters resource. */
  readonly body?: unknown;
}

export function jobText({ baseUrl }: Pick<Context, 'baseUrl'>, request: FhirRequest): string {
  const { method, path, query, headers, body } = request;
  const kept: JobRequest = {
    baseUrl,
    method,
    path,
    query,
    ...(headers.accept === undefined ? {} : { accept: headers.accept }),
    ...(body?.kind === 'resource' ? { body: body.value } : {}),
  };
  return JSON.stringify(kept);
}

/** The same request again, without the wish to be answered later. */
export function requestOf(text: string): { readonly baseUrl: string; readonly request: FhirRequest } {
  const { baseUrl, method, path, query, accept, body } = JSON.parse(text) as JobRequest;
  return {
    baseUrl,
    request: {
      method,
      path,
      query,
      headers: accept === undefined ? {} : { accept },
      ...(body === undefined ? {} : { body: { kind: 'resource', value: body } }),
    },
  };
}
