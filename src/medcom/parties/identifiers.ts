import type { Identifier, Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';

const GLN_SPELLINGS = new Set([IDENTIFIER_SYSTEM.gln, 'https://www.gs1.org/gln', 'urn:oid:1.3.88']);

/** CPR: an existing day and month, four more digits; no modulus 11, which newer numbers need not fulfil. */
const CPR =
  /^(?:(?:0[1-9]|[12]\d|3[01])(?:0[13578]|1[02])|(?:0[1-9]|[12]\d|30)(?:0[469]|11)|(?:0[1-9]|[12]\d)02)\d{6}$/;

/** National (X-eCPR) and regional (D-eCPR) replacements of a CPR number; regions also use their own OIDs. */
const REPLACEMENT = /^urn:oid:/;

export function isCpr(value: string): boolean {
  return CPR.test(value);
}

/** The identifier as it is stored: the GLN system in its current spelling, blanks trimmed. */
export function normaliseIdentifier(identifier: Identifier): Identifier {
  const { system } = identifier;
  const value = identifier.value?.trim();
  return {
    ...identifier,
    ...(system !== undefined && GLN_SPELLINGS.has(system) ? { system: IDENTIFIER_SYSTEM.gln } : {}),
    ...(value === undefined ? {} : { value }),
  };
}

/** The identifier that names a citizen: the CPR number, else a replacement of it. */
export function citizenIdentifier(patient: Patient): Identifier | undefined {
  const usable = (patient.identifier ?? []).filter((identifier) => identifier.system && identifier.value);
  return (
    usable.find((identifier) => identifier.system === IDENTIFIER_SYSTEM.cpr) ??
    usable.find((identifier) => identifier.system === IDENTIFIER_SYSTEM.replacementCpr) ??
    usable.find((identifier) => REPLACEMENT.test(identifier.system ?? ''))
  );
}

/** Sygehusafdelingsnummer (SHAK) of the letters; it has no published FHIR system. */
export const DEPARTMENT_NUMBER = `${OVERGANG}/NamingSystem/sygehusafdelingsnummer`;

/** Systems that name an organisation on their own, the most specific first: several units can share a GLN. */
const ORGANISATION_SYSTEMS: readonly string[] = [
  IDENTIFIER_SYSTEM.sor,
  IDENTIFIER_SYSTEM.yder,
  DEPARTMENT_NUMBER,
  CODE_SYSTEM.municipality,
  IDENTIFIER_SYSTEM.gln,
];

/** The identifiers that an organisation is found by, normalised, the most specific first. */
export function organisationIdentifiers(organization: Organization): readonly Identifier[] {
  let identifiers = known.get(organization);
  if (identifiers === undefined) {
    identifiers = readIdentifiers(organization);
    known.set(organization, identifiers);
  }
  return identifiers;
}

/** Asked several times for each party of a message, of the same few organisations. */
const known = new WeakMap<Organization, readonly Identifier[]>();

function readIdentifiers(organization: Organization): readonly Identifier[] {
  return (organization.identifier ?? [])
    .map(normaliseIdentifier)
    .filter((identifier) => identifier.value && ORGANISATION_SYSTEMS.includes(identifier.system ?? ''))
    .sort((a, b) => ORGANISATION_SYSTEMS.indexOf(a.system!) - ORGANISATION_SYSTEMS.indexOf(b.system!));
}
