import { gone, notFound } from '../../fhir/outcome.ts';
import type { Reader, ResourceVersion } from '../../store/store.ts';
import { parseSubset, type Subset, subsetText } from '../answer/subset.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { singleParameters } from '../request/page-parameters.ts';
import type { Route } from '../request/route.ts';
import { notModified, versionHeaders } from '../request/version-headers.ts';

/** GET [base]/[type]/[id] (R4 http.html#read); 304 when the client's copy is current (#cread). */
export async function read(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const subset = subsetOf(request);
  const version = await current(context.reader, route.type as string, route.id as string);
  return answerVersion(version, request, subset);
}

/** GET [base]/[type]/[id]/_history/[vid] (R4 http.html#vread). */
export async function vread(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const { type, id, version: wanted } = route as { type: string; id: string; version: string };
  const subset = subsetOf(request);
  const number = /^[1-9]\d{0,8}$/.test(wanted) ? Number(wanted) : undefined;
  const version = number === undefined ? undefined : await context.reader.readVersion(type, id, number);
  if (version === undefined)
    throw notFound(`There is no version ${wanted} of this ${type}. See its _history.`);
  if (version.deleted) throw gone(`In version ${wanted} this ${type} was deleted.`);
  return answerVersion(version, request, subset);
}

/**
 * The current version of a resource that must exist.
 * @throws FhirError 404 when it never did, 410 when it was deleted.
 */
export async function current(reader: Reader, type: string, id: string): Promise<ResourceVersion> {
  const version = await reader.read(type, id);
  if (version === undefined) throw notFound(`There is no ${type} with this id.`, `${type}.id`);
  if (version.deleted) throw gone(`This ${type} was deleted. Its _history has the earlier versions.`);
  return version;
}

function subsetOf({ query }: FhirRequest): Subset {
  if (query.length === 0) return {};
  const { _summary, _elements } = singleParameters(query, ['_summary', '_elements']);
  return parseSubset(_summary, _elements);
}

function answerVersion(version: ResourceVersion, request: FhirRequest, subset: Subset): FhirResponse {
  const headers = versionHeaders(version);
  if (notModified(version, request.headers)) return { status: 304, headers };
  const { lastUpdated } = version;
  return { status: 200, headers, content: subsetText(version.content, subset), lastUpdated };
}
