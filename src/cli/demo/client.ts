import type { Bundle, Resource } from '@medplum/fhirtypes';
import { CliError } from '../io.ts';
import { problemOf } from '../load/target.ts';

/** One party's HTTP client: what it sends is told apart in the server's log by its user agent. */
export interface Client {
  readonly name: string;
  /** @throws CliError with what the server says is wrong */
  get<T extends Resource = Bundle>(path: string): Promise<T>;
  post<T extends Resource = Bundle>(path: string, body: Resource): Promise<T>;
}

export function client(name: string, base: string): Client {
  const ask = async <T>(method: string, path: string, body?: Resource): Promise<T> => {
    const response = await fetch(`${base}${path}`, {
      method,
      headers: {
        'content-type': 'application/fhir+json',
        accept: 'application/fhir+json',
        'user-agent': `overgang-demo (${name})`,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok)
      throw new CliError(
        `${name}: ${method} ${path || '/'}: ${problemOf({ status: response.status, body: text })}`,
      );
    return JSON.parse(text) as T;
  };
  return {
    name,
    get: (path) => ask('GET', path),
    post: (path, body) => ask('POST', path, body),
  };
}

/** The resources of a searchset. */
export function matchesOf<T extends Resource>(bundle: Bundle): T[] {
  return (bundle.entry ?? []).flatMap((entry) => (entry.resource === undefined ? [] : [entry.resource as T]));
}
