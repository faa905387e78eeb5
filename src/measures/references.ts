import type { Organization, Reference } from '@medplum/fhirtypes';

/**
 * What a reference can be known by: `Type/id` (a version and a base left out) and `system|value` of its identifier,
 * and those of the organisation it points at, where that is at hand.
 */
function keysOf(reference: Reference, organizations: readonly Organization[]): Set<string> {
  const keys = new Set<string>();
  const local = localReference(reference.reference);
  if (local !== undefined) keys.add(local);
  if (reference.identifier?.value)
    keys.add(`${reference.identifier.system ?? ''}|${reference.identifier.value}`);
  const organization = organizations.find((candidate) => isNamed(candidate, keys));
  if (organization !== undefined) {
    keys.add(`Organization/${organization.id}`);
    for (const identifier of organization.identifier ?? []) {
      keys.add(`${identifier.system ?? ''}|${identifier.value}`);
    }
  }
  return keys;
}

function isNamed(organization: Organization, keys: ReadonlySet<string>): boolean {
  return (
    keys.has(`Organization/${organization.id}`) ||
    (organization.identifier ?? []).some((identifier) =>
      keys.has(`${identifier.system ?? ''}|${identifier.value}`),
    )
  );
}

/** `Type/id` of a literal reference, whatever its base or version; undefined for a contained or missing one. */
export function localReference(reference: string | undefined): string | undefined {
  return reference === undefined
    ? undefined
    : /(?:^|\/)([A-Z][A-Za-z]+\/[A-Za-z0-9\-.]{1,64})(?:\/_history\/[A-Za-z0-9\-.]{1,64})?$/.exec(
        reference,
      )?.[1];
}

/** The organisation referred to, then what it is part of, up to the top; a circle ends where it closes. */
export function chainOf(
  reference: Reference | undefined,
  organizations: readonly Organization[],
): readonly Organization[] {
  const chain: Organization[] = [];
  let next: Reference | undefined = reference;
  while (next !== undefined) {
    const keys = keysOf(next, organizations);
    const found = organizations.find((candidate) => isNamed(candidate, keys));
    if (found === undefined || chain.includes(found)) break;
    chain.push(found);
    next = found.partOf;
  }
  return chain;
}
