import type { Resource } from '@medplum/fhirtypes';
import { parseSearch } from '../fhir/search/parse.ts';
import type { Reader } from '../store/store.ts';

const PAGE = '1000';
/** Values of one search: enough to make round trips few, few enough for a plan that uses the index. */
const VALUES = 500;

/** The pages of a search, parsed. */
export async function* pages<T extends Resource>(
  reader: Reader,
  type: T['resourceType'],
  parameters: readonly (readonly [string, string])[],
  count = PAGE,
): AsyncGenerator<T[]> {
  const query = parseSearch(type, [...parameters, ['_count', count]]);
  let cursor: string | undefined;
  do {
    const page = await reader.search(cursor === undefined ? query : { ...query, cursor });
    yield page.matches.map((match) => JSON.parse(match.content) as T);
    cursor = page.next;
  } while (cursor !== undefined);
}

/** All resources of a type of which a parameter has any of the values (already escaped). No values, no search. */
export async function searchAll<T extends Resource>(
  reader: Reader,
  type: T['resourceType'],
  parameter: string,
  values: readonly string[],
): Promise<T[]> {
  const found: T[] = [];
  for (let start = 0; start < values.length; start += VALUES) {
    const some = values.slice(start, start + VALUES).join(',');
    for await (const page of pages<T>(reader, type, [[parameter, some]])) found.push(...page);
  }
  return found;
}
