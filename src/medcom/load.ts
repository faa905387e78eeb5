import type { Resource } from '@medplum/fhirtypes';
import type { Reader } from '../store/store.ts';

/** The resource that a relative reference (`Type/id`) points at; undefined when it is not here. */
export async function loadResource<T extends Resource>(
  reader: Reader,
  reference: string | undefined,
): Promise<T | undefined> {
  return (await loadResources(reader, [reference])).get(reference ?? '') as T | undefined;
}

/** Those of the resources that are here, by reference, in one round trip. */
export async function loadResources(
  reader: Reader,
  references: readonly (string | undefined)[],
): Promise<ReadonlyMap<string, Resource>> {
  const keys = [...new Set(references)].flatMap((reference) => {
    const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference ?? '');
    return match === null ? [] : [{ type: match[1]!, id: match[2]! }];
  });
  const found = keys.length === 0 ? new Map() : await reader.readMany(keys);
  return new Map([...found].map(([key, version]) => [key, JSON.parse(version.content) as Resource]));
}
