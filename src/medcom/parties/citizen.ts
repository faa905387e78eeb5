import { hash, randomUUID } from 'node:crypto';
import type { Patient } from '@medplum/fhirtypes';
import { identified } from '../../coordination/facts/lookup.ts';
import type { Change, Reader } from '../../store/store.ts';
import { citizenIdentifier, normaliseIdentifier } from './identifiers.ts';

/** The name of the lock that makes messages about one citizen wait for each other; it does not give the CPR away. */
export function citizenLock(patient: Patient): string {
  const identifier = citizenIdentifier(patient);
  const digest = hash('sha256', `${identifier?.system}|${identifier?.value}`, 'hex');
  return `citizen ${digest.slice(0, 32)}`;
}

/** Finds the stored Patient by CPR number, else by its replacement; never creates one. */
export async function findCitizen(transaction: Reader, patient: Patient): Promise<Patient | undefined> {
  const identifier = citizenIdentifier(patient);
  if (identifier === undefined) return undefined;
  const [found] = await identified(
    transaction,
    [['Patient', 'identifier']],
    [normaliseIdentifier(identifier)],
  );
  return found as Patient | undefined;
}

/**
 * The changes that make the store know this citizen: created as the message tells, or completed where the stored one
 * lacks a name, address or identifier. What is stored already is not overwritten by a message. A new Patient gets the
 * id that `told` has.
 */
export function citizenChange(
  stored: Patient | undefined,
  told: Patient,
  deceased: boolean | undefined,
): { readonly id: string; readonly changes: readonly Change[] } {
  const identifier = (told.identifier ?? []).map(normaliseIdentifier);
  if (stored?.id === undefined) {
    const id = told.id ?? randomUUID();
    const patient: Patient & { id: string } = {
      resourceType: 'Patient',
      id,
      identifier,
      ...(told.name === undefined ? {} : { name: told.name }),
      ...(told.telecom === undefined ? {} : { telecom: told.telecom }),
      ...(told.gender === undefined ? {} : { gender: told.gender }),
      ...(told.birthDate === undefined ? {} : { birthDate: told.birthDate }),
      ...(deceased === undefined ? {} : { deceasedBoolean: deceased }),
      ...(told.address === undefined ? {} : { address: told.address }),
    };
    return { id, changes: [{ op: 'create', resource: patient }] };
  }
  const known = new Set((stored.identifier ?? []).map((each) => `${each.system}|${each.value}`));
  const added = identifier.filter((each) => !known.has(`${each.system}|${each.value}`));
  const patient = {
    ...stored,
    id: stored.id,
    ...(added.length === 0 ? {} : { identifier: [...(stored.identifier ?? []), ...added] }),
    ...(stored.name === undefined && told.name !== undefined ? { name: told.name } : {}),
    ...(stored.address === undefined && told.address !== undefined ? { address: told.address } : {}),
    ...lifeOf(stored, deceased),
  };
  if (deceased === false) delete patient.deceasedDateTime;
  const changed = JSON.stringify(patient) !== JSON.stringify(stored);
  return { id: stored.id, changes: changed ? [{ op: 'update', resource: patient }] : [] };
}

/** A known time of death is kept; `false` takes a death back; undefined leaves all as it is. */
function lifeOf(stored: Patient, deceased: boolean | undefined): Partial<Patient> {
  if (deceased === undefined) return {};
  if (deceased && stored.deceasedDateTime !== undefined) return {};
  return { deceasedBoolean: deceased };
}
