import type { Identifier, Organization, Reference } from '@medplum/fhirtypes';

/**
 * Whether two references mean the same party: the same literal reference, or a common identifier, of the reference
 * itself or of the organisation it leads to. So a letter to a practice by its ydernummer is one to the practice that
 * is stored as an Organization.
 */
export function isSameParty(a: Reference, b: Reference, organizations: readonly Organization[]): boolean {
  if (a.reference !== undefined && a.reference === b.reference) return true;
  const ofA = identifiersOf(a, organizations);
  return identifiersOf(b, organizations).some((right) => ofA.some((left) => isSameIdentifier(left, right)));
}

/** The identifier of a logical reference, and those of the organisation that a literal one leads to. */
function identifiersOf(reference: Reference, organizations: readonly Organization[]): Identifier[] {
  const target = organizations.find(
    (organization) => `Organization/${organization.id}` === reference.reference,
  );
  return [
    ...(reference.identifier === undefined ? [] : [reference.identifier]),
    ...(target?.identifier ?? []),
  ];
}

function isSameIdentifier(a: Identifier, b: Identifier): boolean {
  return a.value !== undefined && a.value === b.value && a.system === b.system;
}
