import type { Identifier, Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { MEDCOM_PROFILE } from '../vocabulary.ts';

/** A citizen as a message or letter names them. */
export interface CitizenFacts {
  readonly cpr?: string;
  /** A replacement of the CPR number, where there is none. */
  readonly replacement?: Identifier;
  readonly family?: string;
  readonly given?: readonly string[];
  readonly municipality?: { readonly code: string; readonly name?: string };
}

/** An organisation as a message names it: SOR and GLN are obligatory there. */
export interface OrganisationFacts {
  readonly sor: string;
  readonly gln: string;
  readonly name?: string;
}

/** The Patient of a MedCom message (medcom-core-patient). */
export function buildPatient(id: string, citizen: CitizenFacts, deceased?: boolean): Patient {
  const identifier: Identifier[] = [
    ...(citizen.cpr === undefined
      ? []
      : [{ use: 'official' as const, system: IDENTIFIER_SYSTEM.cpr, value: citizen.cpr }]),
    ...(citizen.replacement === undefined ? [] : [citizen.replacement]),
  ];
  const { municipality } = citizen;
  return {
    resourceType: 'Patient',
    id,
    meta: { profile: [MEDCOM_PROFILE.patient] },
    identifier,
    ...(citizen.family === undefined
      ? {}
      : {
          name: [
            {
              use: 'official',
              family: citizen.family,
              ...(citizen.given === undefined ? {} : { given: [...citizen.given] }),
            },
          ],
        }),
    ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
    ...(municipality === undefined
      ? {}
      : {
          address: [
            {
              extension: [
                {
                  url: EXTENSION.municipalityCode,
                  valueCodeableConcept: {
                    coding: [
                      {
                        system: CODE_SYSTEM.municipality,
                        code: municipality.code,
                        ...(municipality.name === undefined ? {} : { display: municipality.name }),
                      },
                    ],
                  },
                },
              ],
            },
          ],
        }),
  };
}

/** The Organization of a MedCom message (medcom-messaging-organization). */
export function buildOrganisation(id: string, organisation: OrganisationFacts): Organization {
  return {
    resourceType: 'Organization',
    id,
    meta: { profile: [MEDCOM_PROFILE.organization] },
    identifier: [
      { system: IDENTIFIER_SYSTEM.gln, value: organisation.gln },
      { system: IDENTIFIER_SYSTEM.sor, value: organisation.sor },
    ],
    ...(organisation.name === undefined ? {} : { name: organisation.name }),
  };
}
