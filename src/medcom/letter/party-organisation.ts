import type { Identifier, Organization } from '@medplum/fhirtypes';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { remembered } from '../../fhir/remembered.ts';
import { DEPARTMENT_NUMBER } from '../parties/identifiers.ts';
import type { IdentifierCode, LetterParty } from './letter-facts.ts';

const SYSTEM: Readonly<Record<IdentifierCode, string>> = {
  sygehusafdelingsnummer: DEPARTMENT_NUMBER,
  ydernummer: IDENTIFIER_SYSTEM.yder,
  lokationsnummer: IDENTIFIER_SYSTEM.gln,
  kommunenummer: CODE_SYSTEM.municipality,
  sorkode: IDENTIFIER_SYSTEM.sor,
};

const TYPE: Partial<Readonly<Record<IdentifierCode, string>>> = {
  sygehusafdelingsnummer: 'department',
  ydernummer: 'general-practice',
  kommunenummer: 'municipality',
};

/** Four digits: letters write three (`173`), FHIR four (`0173`). */
export function municipalityCode(party: LetterParty): string | undefined {
  return party.identifierCode === 'kommunenummer' ? party.identifier?.padStart(4, '0') : undefined;
}

/** Parties of letters before: the same few hospitals, municipalities and practices write to each other. */
const organisationOf = remembered(2_000, (party: string) =>
  readOrganisation(JSON.parse(party) as LetterParty),
);

/** The party of a letter as an Organization to be found or created; one object for all parties that say the same. */
export function partyOrganisation(party: LetterParty): Organization {
  return organisationOf(JSON.stringify(party));
}

function readOrganisation(party: LetterParty): Organization {
  const { identifier, identifierCode: code } = party;
  const own: Identifier[] =
    identifier === undefined || code === undefined
      ? []
      : [{ system: SYSTEM[code], value: paddedIdentifier(code, identifier) }];
  const gln: Identifier[] =
    party.gln === undefined ? [] : [{ system: IDENTIFIER_SYSTEM.gln, value: party.gln }];
  const name = [party.organisation, party.department, party.unit]
    .filter((part) => part !== undefined)
    .join(', ');
  const type = code === undefined ? undefined : TYPE[code];
  const address = [party.street, party.suburb, party.district, party.postcode].some(
    (part) => part !== undefined,
  );
  return {
    resourceType: 'Organization',
    identifier: [...own, ...gln],
    ...(type === undefined
      ? {}
      : { type: [{ coding: [{ system: CODE_SYSTEM.organisationType, code: type }] }] }),
    ...(name === '' ? {} : { name }),
    ...(party.phone === undefined ? {} : { telecom: [{ system: 'phone', value: party.phone }] }),
    ...(address
      ? {
          address: [
            {
              ...(party.street === undefined ? {} : { line: [party.street] }),
              ...(party.suburb === undefined ? {} : { district: party.suburb }),
              ...(party.district === undefined ? {} : { city: party.district }),
              ...(party.postcode === undefined ? {} : { postalCode: party.postcode }),
            },
          ],
        }
      : {}),
  };
}

function paddedIdentifier(code: IdentifierCode, identifier: string): string {
  if (code === 'kommunenummer') return identifier.padStart(4, '0');
  return code === 'ydernummer' ? identifier.padStart(6, '0') : identifier;
}

/** The identifier and its code that a letter names this organisation by, the most specific one. */
export function letterIdentifier(
  organization: Organization,
): Pick<LetterParty, 'identifier' | 'identifierCode' | 'gln'> {
  const identifierIn = (system: string) =>
    organization.identifier?.find((identifier) => identifier.system === system)?.value;
  const gln = identifierIn(IDENTIFIER_SYSTEM.gln);
  const codes: readonly IdentifierCode[] = [
    'ydernummer',
    'sygehusafdelingsnummer',
    'kommunenummer',
    'sorkode',
    'lokationsnummer',
  ];
  const code = codes.find((each) => identifierIn(SYSTEM[each]) !== undefined);
  const value = code === undefined ? undefined : identifierIn(SYSTEM[code]);
  return {
    ...(gln === undefined ? {} : { gln }),
    ...(code === undefined || value === undefined
      ? {}
      : {
          identifierCode: code,
          identifier: code === 'kommunenummer' ? value.replace(/^0(?=\d{3}$)/, '') : value,
        }),
  };
}
