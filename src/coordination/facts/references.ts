import type { Identifier, Reference } from '@medplum/fhirtypes';

const LITERAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/;

/** The id in a literal reference to a type (`Patient/1`, `Patient/1/_history/2`); undefined for any other. */
export function idIn(reference: Reference | undefined, type: string): string | undefined {
  const text = reference?.reference;
  // Asked for every reference of every fact: most are told apart by their type alone.
  if (text === undefined || !text.startsWith(type) || text[type.length] !== '/') return undefined;
  return LITERAL.exec(text)?.[2];
}

/** `Type/id` of a literal reference to a type, whatever version it names; undefined for any other. */
export function keyIn(reference: Reference | undefined, type: string): string | undefined {
  const text = reference?.reference;
  if (text === undefined || !text.startsWith(type) || text[type.length] !== '/') return undefined;
  if (!text.includes('/', type.length + 1)) return text;
  const id = idIn(reference, type);
  return id === undefined ? undefined : `${type}/${id}`;
}

/** `system|value`, the way identifiers are compared; undefined without a value. */
export function identifierKey(identifier: Identifier | undefined): string | undefined {
  return identifier?.value === undefined ? undefined : `${identifier.system ?? ''}|${identifier.value}`;
}

/** The identifier of a logical reference: one without a literal beside it. */
export function logicalIdentifier(reference: Reference | undefined): Identifier | undefined {
  return reference?.reference === undefined ? reference?.identifier : undefined;
}

export function byId(a: { readonly id?: string }, b: { readonly id?: string }): number {
  const [left, right] = [a.id ?? '', b.id ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}
