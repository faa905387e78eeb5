import { randomUUID } from 'node:crypto';
import type { Identifier, Organization } from '@medplum/fhirtypes';
import { identified } from '../../coordination/facts/lookup.ts';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { Change, StoreTransaction } from '../../store/store.ts';
import { normaliseIdentifier, organisationIdentifiers } from './identifiers.ts';

/** Which stored Organization each named one is, and what has to be written for that. */
export interface KnownOrganisations {
  readonly changes: readonly Change[];
  /** `Organization/<id>` of a party of the message or letter. */
  reference(organization: Organization): string;
}

type StoredOrganisation = Organization & { id: string };

/**
 * Finds organisations by their identifiers and prepares the creation of those that are not stored yet. A name or
 * identifier that the store lacks is taken from the message; a message may leave the name out.
 */
export async function knowOrganisations(
  transaction: StoreTransaction,
  organizations: readonly Organization[],
): Promise<KnownOrganisations> {
  let stored = await search(transaction, organizations);
  const lacking = organizations.filter((organization) => {
    const found = match(stored, organization);
    return found === undefined || completed(found, organization) !== found;
  });
  if (lacking.length > 0) {
    // Two messages may bring the same new department, or its name, at once: the second one waits, and finds it.
    await transaction.lock(lacking.flatMap(keys).map((key) => `organisation ${key}`));
    stored = await search(transaction, organizations);
  }
  const changes = new Map<string, Change>();
  for (const organization of organizations) {
    const found = match(stored, organization);
    const known = found === undefined ? plainOrganisation(organization) : completed(found, organization);
    if (known === found) continue;
    const isNew = found === undefined || changes.get(found.id)?.op === 'create';
    changes.set(known.id, { op: isNew ? 'create' : 'update', resource: known });
    stored = [...stored.filter((each) => each.id !== known.id), known];
  }
  return {
    changes: [...changes.values()],
    reference: (organization) => `Organization/${match(stored, organization)!.id}`,
  };
}

async function search(
  transaction: StoreTransaction,
  organizations: readonly Organization[],
): Promise<readonly StoredOrganisation[]> {
  const found = await identified(
    transaction,
    [['Organization', 'identifier']],
    organizations.flatMap(spellings),
  );
  return found as StoredOrganisation[];
}

/** By the most specific identifier that both have; units that share a GLN but differ in another one are two. */
function match(
  stored: readonly StoredOrganisation[],
  organization: Organization,
): StoredOrganisation | undefined {
  const wanted = keys(organization);
  for (const key of wanted) {
    const found = stored.find((each) => keys(each).includes(key) && !contradicts(each, organization, key));
    if (found !== undefined) return found;
  }
  return wanted.length > 0
    ? undefined
    : stored.find((each) => each.name === organization.name && keys(each).length === 0);
}

function contradicts(stored: Organization, organization: Organization, key: string): boolean {
  if (!key.startsWith(`${IDENTIFIER_SYSTEM.gln}|`)) return false;
  const others = new Map(organisationIdentifiers(stored).map((each) => [each.system, each.value]));
  return organisationIdentifiers(organization).some(
    (each) => others.has(each.system) && others.get(each.system) !== each.value,
  );
}

function keys(organization: Organization): readonly string[] {
  return organisationIdentifiers(organization).map(
    (identifier) => `${identifier.system}|${identifier.value}`,
  );
}

/** A GLN is also looked for in its older spellings, in which plain FHIR may have stored it. */
function spellings(organization: Organization): readonly Identifier[] {
  return organisationIdentifiers(organization).flatMap((identifier) =>
    identifier.system === IDENTIFIER_SYSTEM.gln
      ? [identifier.system, 'https://www.gs1.org/gln', 'urn:oid:1.3.88'].map((system) => ({
          ...identifier,
          system,
        }))
      : [identifier],
  );
}

/** What is stored of an organisation that a message names: identity and how to reach it, no profile, no narrative. */
function plainOrganisation(organization: Organization): StoredOrganisation {
  const { type, name, telecom, address } = organization;
  return {
    resourceType: 'Organization',
    id: randomUUID(),
    ...(organization.identifier === undefined
      ? {}
      : { identifier: organization.identifier.map(normaliseIdentifier) }),
    ...(type === undefined ? {} : { type }),
    ...(name === undefined ? {} : { name }),
    ...(telecom === undefined ? {} : { telecom }),
    ...(address === undefined ? {} : { address }),
  };
}

/** The stored organisation with the name, type and identifiers it lacked; the same object when it lacks nothing. */
function completed(stored: StoredOrganisation, organization: Organization): StoredOrganisation {
  const known = new Set(keys(stored));
  const added = organisationIdentifiers(organization).filter(
    (identifier) => !known.has(`${identifier.system}|${identifier.value}`),
  );
  const lacksName = stored.name === undefined && organization.name !== undefined;
  const lacksType = stored.type === undefined && organization.type !== undefined;
  if (added.length === 0 && !lacksName && !lacksType) return stored;
  return {
    ...stored,
    ...(added.length === 0 ? {} : { identifier: [...(stored.identifier ?? []), ...added] }),
    ...(lacksType ? { type: organization.type! } : {}),
    ...(lacksName ? { name: organization.name! } : {}),
  };
}
