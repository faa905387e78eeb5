import { badRequest, preconditionFailed } from '../../fhir/outcome.ts';
import type { ResourceVersion } from '../../store/store.ts';

/** `W/"3"` (R4 http.html#versioning). */
export function etag(version: number): string {
  return `W/"${version}"`;
}

/** ETag and Last-Modified of a version. */
export function versionHeaders(version: ResourceVersion): Record<string, string> {
  return {
    etag: etag(version.version),
    'last-modified': new Date(version.lastUpdated).toUTCString(),
  };
}

/** As {@link versionHeaders}, with Location as create and update answer it. */
export function writtenHeaders(baseUrl: string, version: ResourceVersion): Record<string, string> {
  return {
    ...versionHeaders(version),
    location: `${baseUrl}/${version.type}/${version.id}/_history/${version.version}`,
  };
}

/**
 * The version number in an If-Match header; weak and strong spellings, and a bare number, are understood.
 * `*` is no version: the resource must merely exist.
 * @throws FhirError 400 when it is no ETag, 412 when it is one this server never gives.
 */
export function parseIfMatch(
  header: string | undefined,
  expression = 'http.If-Match',
): number | '*' | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (text === '*') return '*';
  const tag = /^(?:W\/)?"([^"]*)"$/.exec(text)?.[1] ?? (/^\d+$/.test(text) ? text : undefined);
  if (tag === undefined) throw badRequest('If-Match must be one ETag such as W/"3".', expression);
  if (!/^[1-9]\d{0,14}$/.test(tag)) {
    throw preconditionFailed('If-Match names a version that this resource never had.', expression);
  }
  return Number(tag);
}

/** Whether the client's copy is still current (If-None-Match before If-Modified-Since, RFC 9110 §13.2.2). */
export function notModified(
  version: ResourceVersion,
  headers: { readonly ifNoneMatch?: string; readonly ifModifiedSince?: string },
): boolean {
  if (headers.ifNoneMatch !== undefined) {
    const tags = headers.ifNoneMatch.split(',').map((tag) => tag.trim().replace(/^W\//, ''));
    return tags.includes('*') || tags.includes(`"${version.version}"`);
  }
  if (headers.ifModifiedSince === undefined) return false;
  const since = Date.parse(headers.ifModifiedSince);
  // HTTP dates have whole seconds.
  return !Number.isNaN(since) && Math.floor(Date.parse(version.lastUpdated) / 1000) * 1000 <= since;
}
