import type { Resource } from '@medplum/fhirtypes';
import { resourceSource } from '../fhir/definitions/resource-source.ts';
import type { DefinitionSource } from '../fhir/definitions.ts';
import { FhirError } from '../fhir/outcome.ts';
import { parseSearch } from '../fhir/search/parse.ts';
import { codesOf } from '../fhir/terminology/expand.ts';
import { relatedCodes } from '../fhir/terminology/subsumes.ts';
import { createValidator, type Validator } from '../fhir/validation/validate.ts';
import type { ExpandCodes } from '../store/search/resolve.ts';
import type { Reader, ResourceVersion } from '../store/store.ts';

const TYPES = ['CodeSystem', 'ConceptMap', 'StructureDefinition', 'ValueSet'];

/** Definitions with the stored ones before those of packages and R4. */
export interface Definitions {
  /** As they are stored now. */
  readonly current: () => Promise<DefinitionSource>;
  /** As they were when last asked; within a transaction, which must not wait for the store. */
  readonly known: () => DefinitionSource;
  /** Validates by what is known: profiles that are stored here count as those of packages do. */
  readonly validate: Validator;
}

/** Keeps the stored definitions at hand and reads them anew when one of them changed, whoever changed it. */
export function storedDefinitions(
  reader: Reader,
  fallback: DefinitionSource,
  validator: Validator = createValidator(fallback),
): Definitions {
  const changed = followStored(reader, TYPES);
  let source = fallback;
  let validate = validator;
  const current = async (): Promise<DefinitionSource> => {
    const resources = await changed();
    if (resources !== undefined) {
      source = resourceSource(resources, fallback);
      validate = createValidator(source);
    }
    return source;
  };
  return { current, known: () => source, validate: (resource, options) => validate(resource, options) };
}

/**
 * Reads all resources of some types, and again whenever one of them changed: the newest one and their number tell.
 * Answers undefined when nothing has changed since the last call.
 */
export function followStored(
  reader: Reader,
  types: readonly string[],
): () => Promise<readonly Resource[] | undefined> {
  let known = '0 undefined/undefined undefined';
  const parsed = new Map<string, { readonly version: number; readonly resource: Resource }>();
  return async () => {
    const { total, matches } = await reader.search(
      parseSearch(undefined, [
        ['_type', types.join(',')],
        ['_sort', '-_lastUpdated'],
        ['_count', '1'],
        ['_total', 'accurate'],
      ]),
    );
    const [first] = matches;
    const state = `${total} ${first?.type}/${first?.id} ${first?.version}`;
    if (state === known) return undefined;
    const versions = await readAll(reader, types);
    known = state;
    return versions.map(({ type, id, version, content }) => {
      const key = `${type}/${id}`;
      const before = parsed.get(key);
      const resource = before?.version === version ? before.resource : (JSON.parse(content) as Resource);
      parsed.set(key, { version, resource });
      return resource;
    });
  };
}

async function readAll(reader: Reader, types: readonly string[]): Promise<ResourceVersion[]> {
  const found: ResourceVersion[] = [];
  let cursor: string | undefined;
  do {
    const page = await reader.search(
      parseSearch(undefined, [
        ['_type', types.join(',')],
        ['_count', '200'],
        ...(cursor === undefined ? [] : ([['_cursor', cursor]] as const)),
      ]),
    );
    found.push(...page.matches);
    cursor = page.next;
  } while (cursor !== undefined);
  return found;
}

/**
 * Codes of `:in`, `:above` and `:below` for the store. A set, system or code that is not known here is a wrong value of
 * the search (400): the address searched at is there.
 */
export function expandCodesWith(source: DefinitionSource): ExpandCodes {
  return async (set) => {
    try {
      return set.of === 'value-set'
        ? codesOf(source, set.url)
        : relatedCodes(source, set.system, set.code, set.of);
    } catch (error) {
      throw error instanceof FhirError && error.status === 404
        ? new FhirError(400, error.outcome.issue)
        : error;
    }
  };
}
