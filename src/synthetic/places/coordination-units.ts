import { HOSPITALS, type Hospital } from './hospitals.ts';

export interface Coordinator {
  readonly key: string;
  readonly given: string;
  readonly family: string;
}

/** A joint coordination unit of a hospital and the municipalities around it, with its named coordinators. */
export interface CoordinationUnit {
  readonly key: string;
  readonly name: string;
  readonly hospital: Hospital;
  readonly coordinators: readonly Coordinator[];
}

const GIVEN = ['Anne', 'Bente', 'Camilla', 'Dorte', 'Henrik', 'Lars', 'Mette', 'Nadia', 'Ole', 'Sofie'];
const FAMILY = ['Bak', 'Dahl', 'Friis', 'Holm', 'Kjær', 'Lund', 'Munk', 'Skov', 'Toft', 'Vang', 'Winther'];

const COORDINATORS_EACH = 4;

export const COORDINATION_UNITS: readonly CoordinationUnit[] = HOSPITALS.map((hospital, unit) => ({
  key: `unit-${hospital.key}`,
  name: `Fælles forløbskoordination, ${hospital.name}`,
  hospital,
  coordinators: Array.from({ length: COORDINATORS_EACH }, (_, number) => {
    const index = unit * COORDINATORS_EACH + number;
    return {
      key: `coordinator-${index + 1}`,
      given: GIVEN[index % GIVEN.length] as string,
      family: `Test ${FAMILY[(index * 3 + unit) % FAMILY.length] as string}`,
    };
  }),
}));

export function unitOf(hospital: Hospital): CoordinationUnit {
  return COORDINATION_UNITS.find((unit) => unit.hospital.key === hospital.key) as CoordinationUnit;
}
