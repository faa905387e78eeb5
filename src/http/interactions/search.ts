import type { BundleLink, OperationOutcome } from '@medplum/fhirtypes';
import { errorIssue, FhirError } from '../../fhir/outcome.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { SearchQuery } from '../../fhir/search/query.ts';
import { explainSearch, type SearchExplanation } from '../../store/search/explain.ts';
import type { SearchPage } from '../../store/store.ts';
import { subsetText } from '../answer/subset.ts';
import { bundleText, type EntryParts } from '../bundle/bundle-text.ts';
import type { Context, FhirRequest, FhirResponse, Pairs } from '../request/exchange.ts';
import { CURSOR, withoutFormat } from '../request/page-parameters.ts';
import { parsePrefer } from '../request/prefer.ts';
import { formatPairs } from '../request/query.ts';
import type { Route } from '../request/route.ts';

/**
 * GET [base]/[type]?…, POST [base]/[type]/_search, the same at system level and in a compartment
 * (R4 search.html). Unknown parameters are 400; with `Prefer: handling=lenient` they are left out, and said so.
 */
export async function search(context: Context, request: FhirRequest, route: Route): Promise<FhirResponse> {
  const query = parseRequest(context, request, route);
  // Codes of `:in` and its like are worked out within the search, from the definitions at hand.
  if (namesCodes(request)) await context.definitions();
  if (query.explain) return explained(await explainSearch(context.reader, query, context.expandCodes));
  const page = await context.reader.search(query);
  const path = request.path.replace(/\/?_search$/, '');
  return {
    status: 200,
    content: searchBundle(context.baseUrl, path, query, page),
    lines: [...page.matches, ...page.included].map(({ content }) => subsetText(content, query)),
  };
}

function parseRequest(context: Context, request: FhirRequest, route: Route): SearchQuery {
  return parseSearch(routeType(route), withoutFormat([...request.query, ...formPairs(request)]), {
    handling: parsePrefer(request.headers.prefer).handling,
    timezone: context.timezone,
    registry: context.registry,
    ...(route.compartmentType === undefined
      ? {}
      : { compartment: { type: route.type as string, id: route.id as string } }),
  });
}

function namesCodes(request: FhirRequest): boolean {
  return [...request.query, ...formPairs(request)].some(([name]) => /:(in|not-in|above|below)$/.test(name));
}

/** `__explain=true`, of Overgang: how the search is executed, instead of its result. */
function explained(explanation: SearchExplanation): FhirResponse {
  const text = `${JSON.stringify(explanation, null, 2)}\n`;
  return { status: 200, raw: { text, contentType: 'application/json; charset=utf-8' } };
}

function routeType({ type, compartmentType }: Route): string | undefined {
  if (compartmentType === undefined) return type;
  return compartmentType === '*' ? undefined : compartmentType;
}

/** POST _search carries its parameters in a form; those of the URL count too (R4 http.html#search). */
function formPairs(request: FhirRequest): Pairs {
  if (request.method !== 'POST' || request.body === undefined) return [];
  if (request.body.kind === 'form') return request.body.pairs;
  throw new FhirError(415, [
    errorIssue(
      'not-supported',
      'POST _search takes its parameters as application/x-www-form-urlencoded.',
      'http.Content-Type',
    ),
  ]);
}

function searchBundle(baseUrl: string, path: string, query: SearchQuery, page: SearchPage): string {
  const applied = query.applied.filter(([name]) => name !== CURSOR);
  const link = (relation: string, pairs: Pairs): BundleLink => ({
    relation,
    url: `${baseUrl}${path === '' ? '' : `/${path}`}${pairs.length === 0 ? '' : `?${formatPairs(pairs)}`}`,
  });
  const entries: EntryParts[] = [];
  if (query.summary !== 'count') {
    for (const { type, id, content } of page.matches) {
      entries.push({
        fullUrl: `${baseUrl}/${type}/${id}`,
        content: subsetText(content, query),
        search: { mode: 'match' },
      });
    }
    for (const { type, id, content } of page.included) {
      entries.push({ fullUrl: `${baseUrl}/${type}/${id}`, content, search: { mode: 'include' } });
    }
  }
  if (query.ignored.length > 0) {
    entries.push({ content: JSON.stringify(ignoredOutcome(query)), search: { mode: 'outcome' } });
  }
  return bundleText({
    type: 'searchset',
    ...(page.total === undefined ? {} : { total: page.total }),
    links: [
      link('self', query.cursor === undefined ? applied : [...applied, [CURSOR, query.cursor]]),
      ...(page.next === undefined ? [] : [link('next', [...applied, [CURSOR, page.next]])]),
    ],
    entries,
  });
}

function ignoredOutcome(query: SearchQuery): OperationOutcome {
  return {
    resourceType: 'OperationOutcome',
    issue: query.ignored.map(({ name, reason }) => ({
      severity: 'warning',
      code: 'not-supported',
      diagnostics: `Left out of the search: ${reason}`,
      expression: [`http.${name}`],
    })),
  };
}
