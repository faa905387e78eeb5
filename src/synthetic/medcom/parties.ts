import type { CitizenFacts, OrganisationFacts } from '../../medcom/build/party.ts';
import { HOSPITALS, type Hospital } from '../places/hospitals.ts';
import { gln, type OrganisationKind, sor } from '../places/identifiers.ts';
import { MUNICIPALITIES, type Municipality } from '../places/municipalities.ts';
import { PRACTICES, type Practice } from '../places/practices.ts';
import type { Citizen } from '../plan/types.ts';

const numbered = (kind: OrganisationKind, index: number, name: string): OrganisationFacts => ({
  sor: sor(kind, index),
  gln: gln(kind, index),
  name,
});

/** The same numbers as in the organisations' resources (render/organisations.ts), so that messages find them. */
export function departmentFacts(hospital: Hospital, department: number): OrganisationFacts {
  const index = HOSPITALS.indexOf(hospital) * 10 + department;
  return numbered('department', index, `${hospital.departments[department]}, ${hospital.name}`);
}

export function municipalityFacts(municipality: Municipality): OrganisationFacts {
  const index = MUNICIPALITIES.findIndex((one) => one.code === municipality.code);
  return numbered('municipality', index, `${municipality.name} Kommune`);
}

export function practiceFacts(practice: Practice): OrganisationFacts {
  return numbered(
    'practice',
    PRACTICES.findIndex((one) => one.key === practice.key),
    practice.name,
  );
}

export function citizenFacts(citizen: Citizen): CitizenFacts {
  return { cpr: citizen.cpr, family: citizen.family, given: citizen.given };
}
