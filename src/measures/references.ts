import type { Organization, Reference } from '@medplum/fhirtypes';

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
    const found = organizationOf(next, organizations);
    if (found === undefined || chain.includes(found)) break;
    chain.push(found);
    next = found.partOf;
  }
  return chain;
}

/** The first organisation that a reference names, by its id (a version and a base left out) or an identifier. */
function organizationOf(
  { reference, identifier }: Reference,
  organizations: readonly Organization[],
): Organization | undefined {
  const local = localReference(reference);
  const id = local?.startsWith('Organization/') ? local.slice('Organization/'.length) : undefined;
  return organizations.find(
    (candidate) =>
      (id !== undefined && candidate.id === id) ||
      (identifier?.value !== undefined &&
        identifier.value !== '' &&
        candidate.identifier?.some(
          ({ system = '', value }) => value === identifier.value && system === (identifier.system ?? ''),
        )),
  );
}
