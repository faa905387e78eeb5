import type { Identifier, Reference, Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import type { Reader, ResourceKey } from '../../store/store.ts';
import { memoryOf } from '../memory/memory.ts';
import { identifierKey, idIn, logicalIdentifier } from './references.ts';

/** Resources gathered for some stays, each once, found by what leads to them. */
export interface Pool {
  add(resources: Iterable<Resource>): void;
  /** Reads what is not there yet and was not asked for before, in one round trip or none. */
  read(reader: Reader, keys: Iterable<ResourceKey>): Promise<void>;
  /** Reads what literal references lead to. */
  follow(reader: Reader, type: string, references: Iterable<Reference | undefined>): Promise<void>;
  byKey<T extends Resource>(type: T['resourceType'], id: string): T | undefined;
  /** Where a literal or logical reference leads; several resources with the identifier: to none of them. */
  resolve<T extends Resource>(type: T['resourceType'], reference: Reference | undefined): T | undefined;
  all<T extends Resource>(type: T['resourceType']): T[];
}

export function createPool(): Pool {
  const byKey = new Map<string, Resource>();
  const byIdentifier = new Map<string, Resource | undefined>();
  const asked = new Set<string>();

  const add = (resources: Iterable<Resource>): void => {
    for (const resource of resources) {
      const key = `${resource.resourceType}/${resource.id}`;
      if (byKey.has(key)) continue;
      byKey.set(key, resource);
      for (const identifier of identifiersOf(resource)) {
        const name = `${resource.resourceType} ${identifierKey(identifier)}`;
        const known = byIdentifier.get(name);
        byIdentifier.set(name, byIdentifier.has(name) && known !== resource ? undefined : resource);
      }
    }
  };
  const read = async (reader: Reader, keys: Iterable<ResourceKey>): Promise<void> => {
    const memory = memoryOf(reader);
    const fresh = [...keys].filter(({ type, id }) => {
      const key = `${type}/${id}`;
      if (asked.has(key) || byKey.has(key)) return false;
      asked.add(key);
      const remembered = memory?.read({ type, id });
      if (remembered !== undefined && remembered !== null) add([remembered]);
      return remembered === undefined;
    });
    if (fresh.length === 0) return;
    const versions = await reader.readMany(fresh);
    add([...versions.values()].map(({ content }) => parseJsonText(content) as Resource));
  };
  const get = <T extends Resource>(type: T['resourceType'], id: string): T | undefined =>
    byKey.get(`${type}/${id}`) as T | undefined;

  return {
    add,
    read,
    follow: (reader, type, references) =>
      read(
        reader,
        [...references].flatMap((reference) => {
          const id = idIn(reference, type);
          return id === undefined ? [] : [{ type, id }];
        }),
      ),
    byKey: get,
    resolve<T extends Resource>(type: T['resourceType'], reference: Reference | undefined): T | undefined {
      // Most references are written as the key is.
      const known = reference?.reference === undefined ? undefined : byKey.get(reference.reference);
      if (known?.resourceType === type) return known as T;
      const id = idIn(reference, type);
      if (id !== undefined) return get<T>(type, id);
      const key = identifierKey(logicalIdentifier(reference));
      return key === undefined ? undefined : (byIdentifier.get(`${type} ${key}`) as T | undefined);
    },
    all: <T extends Resource>(type: T['resourceType']) =>
      [...byKey.values()].filter((resource): resource is T => resource.resourceType === type),
  };
}

function identifiersOf(resource: Resource): Identifier[] {
  const { identifier } = resource as { identifier?: Identifier | Identifier[] };
  return identifier === undefined ? [] : Array.isArray(identifier) ? identifier : [identifier];
}
