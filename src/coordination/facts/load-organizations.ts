import type { Organization, Reference } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Reader } from '../../store/store.ts';
import { identifierKey, identifierToken } from './references.ts';
import { resolveAll } from './resolve-references.ts';
import { searchAll } from './search-all.ts';

/** A department is part of a hospital, a hospital of a region; a few levels more are followed, a loop is not. */
const LEVELS = 6;

/** Gives the organisations of one stay: those referred to, those of the municipality codes, and what they are part of. */
export type OrganizationsFor = (
  references: readonly (Reference | undefined)[],
  municipalityCodes: readonly string[],
) => Organization[];

/** Loads the organisations of many stays, level by level: one round trip for each level of `partOf`. */
export async function loadOrganizations(
  reader: Reader,
  references: readonly (Reference | undefined)[],
  municipalityCodes: readonly string[],
): Promise<OrganizationsFor> {
  const municipalities = await loadMunicipalities(reader, municipalityCodes);
  const found = new Map<string, Organization>();
  const asked = new Set<string>();
  let next = [...references, ...[...municipalities.values()].map(({ partOf }) => partOf)];
  for (let level = 0; level < LEVELS; level += 1) {
    const fresh = new Map<string, Reference>();
    for (const reference of next) {
      const key = keyOf(reference);
      if (reference !== undefined && key !== undefined && !asked.has(key)) fresh.set(key, reference);
    }
    if (fresh.size === 0) break;
    const resolve = await resolveAll<Organization>(reader, 'Organization', [...fresh.values()]);
    next = [];
    for (const [key, reference] of fresh) {
      asked.add(key);
      const organization = resolve(reference);
      if (organization === undefined) continue;
      found.set(key, organization);
      next.push(organization.partOf);
    }
  }

  return (ofStay, codes) => {
    const result = new Map<string, Organization>();
    const add = (organization: Organization | undefined): void => {
      for (let current = organization; current !== undefined && !result.has(current.id ?? ''); ) {
        result.set(current.id ?? '', current);
        current = found.get(keyOf(current.partOf) ?? '');
      }
    };
    for (const reference of ofStay) add(found.get(keyOf(reference) ?? ''));
    for (const code of codes) add(municipalities.get(code));
    return [...result.values()];
  };
}

/** The organisation of each municipality code; of several with one code, the one whose id sorts first. */
async function loadMunicipalities(
  reader: Reader,
  codes: readonly string[],
): Promise<ReadonlyMap<string, Organization>> {
  const tokens = codes.map((value) => identifierToken({ system: CODE_SYSTEM.municipality, value }));
  const organizations = await searchAll<Organization>(reader, 'Organization', 'identifier', tokens);
  organizations.sort((a, b) => ((a.id ?? '') < (b.id ?? '') ? 1 : -1));
  return new Map(
    organizations.flatMap((organization) =>
      (organization.identifier ?? [])
        .filter(({ system }) => system === CODE_SYSTEM.municipality)
        .map(({ value }) => [value ?? '', organization] as const),
    ),
  );
}

function keyOf(reference: Reference | undefined): string | undefined {
  if (reference?.reference !== undefined) return reference.reference;
  const key = identifierKey(reference?.identifier);
  return key === undefined ? undefined : `identifier:${key}`;
}
