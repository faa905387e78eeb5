import type { Identifier, Reference, Resource } from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import { identifierKey, identifierToken, idIn, parse } from './references.ts';
import { searchAll } from './search-all.ts';

/** Finds what a reference leads to among the resources that were loaded for it. */
export type Resolve<T extends Resource> = (reference: Reference | undefined) => T | undefined;

/**
 * Loads what literal and logical references lead to, in one read and at most one search, however many there are.
 * A logical reference that several resources answer to leads to none: which was meant cannot be known.
 */
export async function resolveAll<T extends Resource>(
  reader: Reader,
  type: T['resourceType'],
  references: readonly (Reference | undefined)[],
): Promise<Resolve<T>> {
  const ids = new Set(references.map((reference) => idIn(reference, type)).filter((id) => id !== undefined));
  const logical = new Map<string, Identifier>();
  for (const reference of references) {
    const key = identifierKey(reference?.identifier);
    if (key !== undefined && reference?.reference === undefined && (reference?.type ?? type) === type) {
      logical.set(key, reference?.identifier as Identifier);
    }
  }
  const byId = new Map<string, T>();
  if (ids.size > 0) {
    const found = await reader.readMany([...ids].map((id) => ({ type, id })));
    for (const version of found.values()) byId.set(version.id, parse<T>(version));
  }
  const byIdentifier = new Map<string, T | undefined>();
  if (logical.size > 0) {
    const tokens = [...logical.values()].map(identifierToken);
    const found = await searchAll<T>(reader, type, 'identifier', tokens);
    for (const resource of found) {
      for (const identifier of (resource as { identifier?: Identifier[] }).identifier ?? []) {
        const key = identifierKey(identifier) ?? '';
        const known = byIdentifier.get(key);
        byIdentifier.set(key, byIdentifier.has(key) && known?.id !== resource.id ? undefined : resource);
      }
    }
  }
  return (reference) => {
    const id = idIn(reference, type);
    if (id !== undefined) return byId.get(id);
    const key = reference?.reference === undefined ? identifierKey(reference?.identifier) : undefined;
    return key === undefined ? undefined : byIdentifier.get(key);
  };
}
