import type { Identifier, Reference, Resource } from '@medplum/fhirtypes';
import type { ResourceVersion } from '../../store/store.ts';

export function parse<T extends Resource>(version: ResourceVersion): T {
  return JSON.parse(version.content) as T;
}

/** The id in a literal reference to a type (`Patient/1`, `Patient/1/_history/2`); undefined for any other. */
export function idIn(reference: Reference | undefined, type: string): string | undefined {
  const match = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(
    reference?.reference ?? '',
  );
  return match?.[1] === type ? match[2] : undefined;
}

/** `system|value`, the way identifiers are compared; undefined without a value. */
export function identifierKey(identifier: Identifier | undefined): string | undefined {
  return identifier?.value === undefined ? undefined : `${identifier.system ?? ''}|${identifier.value}`;
}

/** A token search value for an identifier, with the characters that separate values escaped (search.html#escaping). */
export function identifierToken(identifier: Identifier): string {
  const escaped = (text: string): string => text.replace(/[\\,|$]/g, (character) => `\\${character}`);
  return `${escaped(identifier.system ?? '')}|${escaped(identifier.value ?? '')}`;
}
