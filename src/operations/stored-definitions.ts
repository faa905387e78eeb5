import type { Resource } from '@medplum/fhirtypes';
import { resourceSource } from '../fhir/definitions/resource-source.ts';
import type { DefinitionSource } from '../fhir/definitions.ts';
import { parseSearch } from '../fhir/search/parse.ts';
import { codesOf } from '../fhir/terminology/expand.ts';
import { relatedCodes } from '../fhir/terminology/subsumes.ts';
import type { ExpandCodes } from '../store/search/resolve.ts';
import type { Reader } from '../store/store.ts';

const TYPES = 'CodeSystem,ConceptMap,StructureDefinition,ValueSet';

/** Definitions with the stored ones before those of packages and R4. */
export interface Definitions {
  /** As they are stored now. */
  readonly current: () => Promise<DefinitionSource>;
  /** As they were when last asked; within a transaction, which must not wait for the store. */
  readonly known: () => DefinitionSource;
}

/**
 * Keeps the stored definitions at hand and reads them anew when one of them changed, whoever changed it: the
 * newest one and their number tell.
 */
export function storedDefinitions(reader: Reader, fallback: DefinitionSource): Definitions {
  let known = '';
  let source = fallback;
  const current = async (): Promise<DefinitionSource> => {
    const newest = await reader.search(
      parseSearch(undefined, [
        ['_type', TYPES],
        ['_sort', '-_lastUpdated'],
        ['_count', '1'],
        ['_total', 'accurate'],
      ]),
    );
    const [first] = newest.matches;
    const state = `${newest.total} ${first?.type}/${first?.id} ${first?.version}`;
    if (state !== known) {
      source = resourceSource(await readAll(reader), fallback);
      known = state;
    }
    return source;
  };
  return { current, known: () => source };
}

async function readAll(reader: Reader): Promise<Resource[]> {
  const found: Resource[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.search(
      parseSearch(undefined, [
        ['_type', TYPES],
        ['_count', '200'],
        ...(cursor === undefined ? [] : ([['_cursor', cursor]] as const)),
      ]),
    );
    found.push(...page.matches.map(({ content }) => JSON.parse(content) as Resource));
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

/** Codes of `:in`, `:above` and `:below` for the store. */
export function expandCodesWith(source: DefinitionSource): ExpandCodes {
  return async (set) => {
    return set.of === 'value-set'
      ? codesOf(source, set.url)
      : relatedCodes(source, set.system, set.code, set.of);
  };
}
