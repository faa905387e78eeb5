import { notFound } from '../../fhir/outcome.ts';
import type { HistoryEntry, HistoryPage } from '../../store/store.ts';
import { bundleText, type EntryParts } from '../bundle/bundle-text.ts';
import type { Context, FhirRequest, FhirResponse } from '../request/exchange.ts';
import { CURSOR, pageSize, singleParameters } from '../request/page-parameters.ts';
import { formatPairs } from '../request/query.ts';
import type { Route } from '../request/route.ts';
import { timeRange } from '../request/time-range.ts';
import { etag } from '../request/version-headers.ts';

const PARAMETERS = ['_count', '_since', '_at', CURSOR] as const;

/**
 * GET [base]/_history, [base]/[type]/_history, [base]/[type]/[id]/_history (R4 http.html#history): newest
 * first, deletions included, `_count`, `_since`, `_at`.
 */
export async function history(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const asked = singleParameters(request.query, PARAMETERS);
  const cursor = asked[CURSOR];
  const page = await context.reader.history({
    ...(route.type === undefined ? {} : { type: route.type }),
    ...(route.id === undefined ? {} : { id: route.id }),
    count: pageSize(asked._count),
    ...(asked._since === undefined
      ? {}
      : { since: timeRange(asked._since, context.timezone, 'http._since').from }),
    ...(asked._at === undefined ? {} : { at: timeRange(asked._at, context.timezone, 'http._at') }),
    ...(cursor === undefined ? {} : { cursor }),
  });
  if (route.id !== undefined && page.entries.length === 0) await mustHaveExisted(context, route);
  return { status: 200, content: historyBundle(context.baseUrl, request, page) };
}

async function mustHaveExisted(context: Context, route: Route): Promise<void> {
  const { type, id } = route as { type: string; id: string };
  if ((await context.reader.read(type, id)) === undefined)
    throw notFound(`There is no ${type} with this id.`);
}

function historyBundle(baseUrl: string, request: FhirRequest, page: HistoryPage): string {
  const asked = request.query.filter(([name]) => name !== CURSOR);
  const link = (query: FhirRequest['query']): string =>
    `${baseUrl}/${request.path}${query.length === 0 ? '' : `?${formatPairs(query)}`}`;
  return bundleText({
    type: 'history',
    ...(page.total === undefined ? {} : { total: page.total }),
    links: [
      { relation: 'self', url: link(request.query) },
      ...(page.next === undefined ? [] : [{ relation: 'next', url: link([...asked, [CURSOR, page.next]]) }]),
    ],
    entries: page.entries.map((entry) => historyEntry(baseUrl, entry)),
  });
}

function historyEntry(baseUrl: string, entry: HistoryEntry): EntryParts {
  const key = `${entry.type}/${entry.id}`;
  return {
    fullUrl: `${baseUrl}/${key}`,
    ...(entry.deleted ? {} : { content: entry.content }),
    request: { method: entry.method, url: entry.method === 'POST' ? entry.type : key },
    response: {
      status: entry.method === 'POST' ? '201 Created' : entry.deleted ? '204 No Content' : '200 OK',
      etag: etag(entry.version),
      lastModified: entry.lastUpdated,
    },
  };
}
