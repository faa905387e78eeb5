import type { Identifier, Resource } from '@medplum/fhirtypes';
import { parameterId } from '../../fhir/search/parameters.ts';
import type { Condition, SearchQuery } from '../../fhir/search/query.ts';
import type { Reader } from '../../store/store.ts';
import { memoryOf, type Named } from '../memory/memory.ts';

/**
 * Look-ups of many resources at once. One question spans several types and parameters, so that the facts of a
 * letter's stay cost few round trips; a search as clients write it speaks of one parameter.
 */

const PAGE = 1000;
/** Values of one question: enough to make round trips few, few enough for a plan that uses the index. */
const VALUES = 500;

/** All resources that refer to any of the targets (`Type/id`) by any of the parameters. */
export async function referring(
  reader: Reader,
  by: readonly Named[],
  targets: Iterable<string>,
): Promise<Resource[]> {
  const remembered = memoryOf(reader)?.referring(by, targets);
  if (remembered !== undefined) return remembered;
  const parameters = by.map(([type, code]) => parameterId(type, code));
  return inChunks(reader, by, [...new Set(targets)], (some) => ({
    kind: 'reference',
    parameters,
    targets: some,
  }));
}

/** All resources of which any of the parameters has any of the identifiers; of those without a value, none. */
export async function identified(
  reader: Reader,
  by: readonly Named[],
  identifiers: Iterable<Identifier | undefined>,
): Promise<Resource[]> {
  const remembered = memoryOf(reader)?.identified(by, identifiers);
  if (remembered !== undefined) return remembered;
  const parameters = by.map(([type, code, aspect]) => parameterId(type, code, aspect));
  const distinct = new Map<string, { readonly system: string; readonly value: string }>();
  for (const identifier of identifiers) {
    if (identifier?.value === undefined) continue;
    const { system = '', value } = identifier;
    distinct.set(`${system}|${value}`, { system, value });
  }
  return inChunks(reader, by, [...distinct.values()], (some) => ({
    kind: 'any',
    of: some.map((token) => ({ kind: 'token', parameters, identifies: true, ...token })),
  }));
}

async function inChunks<V>(
  reader: Reader,
  by: readonly Named[],
  values: readonly V[],
  condition: (values: readonly V[]) => Condition,
): Promise<Resource[]> {
  const types = [...new Set(by.map(([type]) => type))];
  const found: Resource[] = [];
  for (let start = 0; start < values.length; start += VALUES) {
    const query = queryFor(types, condition(values.slice(start, start + VALUES)));
    for await (const page of pages(reader, query)) found.push(...page);
  }
  return found;
}

function queryFor(types: readonly string[], where: Condition): SearchQuery {
  return {
    types,
    where,
    sort: [],
    count: PAGE,
    total: 'none',
    includes: [],
    explain: false,
    applied: [],
    ignored: [],
  };
}

/** The pages of a search, parsed. */
export async function* pages(reader: Reader, query: SearchQuery): AsyncGenerator<Resource[]> {
  let cursor: string | undefined;
  do {
    const page = await reader.search(cursor === undefined ? query : { ...query, cursor });
    yield page.matches.map(({ content }) => JSON.parse(content) as Resource);
    cursor = page.next;
  } while (cursor !== undefined);
}
