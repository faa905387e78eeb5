import { randomUUID } from 'node:crypto';
import type { Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { Change, StoreTransaction } from '../../store/store.ts';
import { citizenChange, findCitizen } from '../parties/citizen.ts';
import { type KnownOrganisations, knowOrganisations } from '../parties/organisations.ts';
import { attachLetters } from './attach.ts';
import { loadLetterCase } from './letter-case.ts';
import type { LetterCitizen, LetterFacts, LetterParty } from './letter-facts.ts';
import { letterResources } from './letter-resources.ts';
import { municipalityCode, partyOrganisation } from './party-organisation.ts';

/** The citizen of a letter as a Patient to be found or created. */
export function letterPatient(citizen: LetterCitizen, id?: string): Patient {
  const { family, given, street, suburb, district, postcode } = citizen;
  return {
    resourceType: 'Patient',
    ...(id === undefined ? {} : { id }),
    identifier: [
      citizen.cpr === undefined
        ? { system: IDENTIFIER_SYSTEM.replacementCpr, value: citizen.alternative! }
        : { system: IDENTIFIER_SYSTEM.cpr, value: citizen.cpr },
    ],
    ...(family === undefined
      ? {}
      : { name: [{ use: 'official', family, ...(given === undefined ? {} : { given: given.split(' ') }) }] }),
    ...(street === undefined && district === undefined && postcode === undefined
      ? {}
      : {
          address: [
            {
              ...(street === undefined ? {} : { line: [street] }),
              ...(suburb === undefined ? {} : { district: suburb }),
              ...(district === undefined ? {} : { city: district }),
              ...(postcode === undefined ? {} : { postalCode: postcode }),
            },
          ],
        }),
  };
}

/** The organisations that a letter names, found or to be created. */
export interface LetterParties {
  readonly known: KnownOrganisations;
  reference(party: LetterParty): string;
}

export async function letterParties(
  transaction: StoreTransaction,
  letter: LetterFacts,
): Promise<LetterParties> {
  const named = [letter.sender, letter.receiver, letter.copyTo, letter.practice].filter(
    (party) => party !== undefined,
  );
  const organisations = new Map<LetterParty, Organization>(
    named.map((party) => [party, partyOrganisation(party)]),
  );
  const known = await knowOrganisations(transaction, [...organisations.values()]);
  return { known, reference: (party) => known.reference(organisations.get(party)!) };
}

/** An exchange, an answer or a correspondence: stored, tied to its stay, the anchors it carries put there. */
export async function receiveExchange(
  transaction: StoreTransaction,
  letter: LetterFacts,
  context: { readonly identity: string; readonly original: Uint8Array; readonly received: string },
): Promise<void> {
  const told = letterPatient(letter.citizen);
  const stored = await findCitizen(transaction, told);
  const patientId = stored?.id ?? randomUUID();
  const parties = await letterParties(transaction, letter);
  const citizen = citizenChanges(stored, { ...told, id: patientId }, letter, parties);
  const { communication, document, binary, plans } = letterResources(letter, {
    ...context,
    patient: `Patient/${patientId}`,
    sender: parties.reference(letter.sender),
    receiver: parties.reference(letter.receiver),
    ...(letter.copyTo === undefined ? {} : { copyTo: parties.reference(letter.copyTo) }),
  });
  const before =
    stored === undefined
      ? { stays: [], letters: [], plans: [] }
      : await loadLetterCase(transaction, patientId);
  const attached = attachLetters({
    stays: before.stays,
    letters: [...before.letters, communication],
    plans: [...before.plans, ...plans],
    fresh: new Set([communication.id, ...plans.map((plan) => plan.id)]),
  });
  await transaction.write([
    ...parties.known.changes,
    ...citizen,
    { op: 'create', resource: binary },
    { op: 'create', resource: document },
    ...attached,
  ]);
}

/**
 * What a letter adds to what is known of the citizen: the practice (if none is registered here yet) and the
 * municipality of residence, which the hospital addresses (S.BR15) and which itself sends the admission report.
 */
export function citizenChanges(
  stored: Patient | undefined,
  told: Patient,
  letter: LetterFacts,
  parties: LetterParties,
): readonly Change[] {
  const municipality = municipalityCode(letter.sender) ?? municipalityCode(letter.receiver);
  const practice = letter.practice === undefined ? undefined : parties.reference(letter.practice);
  const completed = withMunicipality(told, stored, municipality);
  const [change] = citizenChange(stored, completed, undefined).changes;
  const base = change === undefined || change.op === 'delete' ? stored : (change.resource as Patient);
  if (base === undefined) return change === undefined ? [] : [change];
  const resource = {
    ...withStoredMunicipality(base, municipality),
    ...(base.generalPractitioner === undefined && practice !== undefined
      ? { generalPractitioner: [{ reference: practice }] }
      : {}),
  } as Patient & { id: string };
  if (JSON.stringify(resource) === JSON.stringify(stored)) return [];
  return [stored === undefined ? { op: 'create', resource } : { op: 'update', resource }];
}

function withMunicipality(told: Patient, stored: Patient | undefined, code: string | undefined): Patient {
  return stored !== undefined || code === undefined ? told : withStoredMunicipality(told, code);
}

function withStoredMunicipality(patient: Patient, code: string | undefined): Patient {
  const has = patient.address?.some((address) =>
    address.extension?.some((extension) => extension.url === EXTENSION.municipalityCode),
  );
  if (code === undefined || has === true) return patient;
  const extension = [
    {
      url: EXTENSION.municipalityCode,
      valueCodeableConcept: { coding: [{ system: CODE_SYSTEM.municipality, code }] },
    },
  ];
  const [first, ...others] = patient.address ?? [];
  return {
    ...patient,
    address: [{ ...first, extension: [...(first?.extension ?? []), ...extension] }, ...others],
  };
}
