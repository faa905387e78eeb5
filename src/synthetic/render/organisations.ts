import type {
  Identifier,
  Location,
  Organization,
  Practitioner,
  PractitionerRole,
  Resource,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { REGIONS, type Region } from '../agreement-facts.ts';
import { idOf } from '../identity.ts';
import { COORDINATION_UNITS, type CoordinationUnit } from '../places/coordination-units.ts';
import { HOSPITALS, type Hospital, REGION_NAMES } from '../places/hospitals.ts';
import { gln, type OrganisationKind, sor } from '../places/identifiers.ts';
import { MUNICIPALITIES } from '../places/municipalities.ts';
import { PRACTICES } from '../places/practices.ts';
import { concept, reference } from './elements.ts';

const TYPE_NAMES = {
  region: 'Region',
  hospital: 'Sygehus',
  department: 'Sygehusafdeling',
  municipality: 'Kommune',
  'general-practice': 'Almen praksis',
  'coordination-unit': 'Forløbskoordinatorfunktion',
} as const;

const regionKey = (region: Region): string => `organisation/region/${region}`;
export const hospitalKey = (hospital: Hospital): string => `organisation/${hospital.key}`;
export const departmentKey = (hospital: Hospital, index: number): string =>
  `organisation/${hospital.key}/${index}`;
export const municipalityKey = (code: string): string => `organisation/municipality/${code}`;
export const practiceKey = (practice: { readonly key: string }): string => `organisation/${practice.key}`;
export const unitKey = (unit: CoordinationUnit): string => `organisation/${unit.key}`;
export const locationKey = (hospital: Hospital, index: number): string => `location/${hospital.key}/${index}`;
export const coordinatorKey = (coordinator: { readonly key: string }): string =>
  `practitioner/${coordinator.key}`;

const partyNumbers = (kind: OrganisationKind, index: number): Identifier[] => [
  { system: IDENTIFIER_SYSTEM.sor, value: sor(kind, index) },
  { system: IDENTIFIER_SYSTEM.gln, value: gln(kind, index) },
];

function organisation(
  key: string,
  type: keyof typeof TYPE_NAMES,
  name: string,
  identifier: Identifier[],
  partOf?: string,
): Organization {
  return {
    resourceType: 'Organization',
    id: idOf(key),
    identifier,
    active: true,
    type: [concept(CODE_SYSTEM.organisationType, type, TYPE_NAMES[type])],
    name,
    ...(partOf === undefined ? {} : { partOf: reference('Organization', partOf) }),
  };
}

/** The SOR code of a hospital's sending system, as it stands in its local episode identifiers. */
export function hospitalSor(hospital: Hospital): string {
  return sor('hospital', HOSPITALS.indexOf(hospital));
}

function hospitalResources(hospital: Hospital): Resource[] {
  const index = HOSPITALS.indexOf(hospital);
  return [
    organisation(
      hospitalKey(hospital),
      'hospital',
      hospital.name,
      partyNumbers('hospital', index),
      regionKey(hospital.region),
    ),
    ...hospital.departments.flatMap((department, number): Resource[] => {
      const name = `${department}, ${hospital.name}`;
      const numbers = partyNumbers('department', index * 10 + number);
      const location: Location = {
        resourceType: 'Location',
        id: idOf(locationKey(hospital, number)),
        status: 'active',
        name,
        managingOrganization: reference('Organization', departmentKey(hospital, number)),
      };
      return [
        organisation(departmentKey(hospital, number), 'department', name, numbers, hospitalKey(hospital)),
        location,
      ];
    }),
  ];
}

function unitResources(unit: CoordinationUnit): Resource[] {
  const index = COORDINATION_UNITS.indexOf(unit);
  return [
    organisation(
      unitKey(unit),
      'coordination-unit',
      unit.name,
      partyNumbers('unit', index),
      regionKey(unit.hospital.region),
    ),
    ...unit.coordinators.flatMap((coordinator): Resource[] => {
      const practitioner: Practitioner = {
        resourceType: 'Practitioner',
        id: idOf(coordinatorKey(coordinator)),
        active: true,
        name: [{ use: 'official', family: coordinator.family, given: [coordinator.given] }],
      };
      const role: PractitionerRole = {
        resourceType: 'PractitionerRole',
        id: idOf(`role/${coordinator.key}`),
        active: true,
        practitioner: reference('Practitioner', coordinatorKey(coordinator)),
        organization: reference('Organization', unitKey(unit), unit.name),
        code: [
          {
            ...concept('http://snomed.info/sct', '768820003', 'Care coordinator'),
            text: 'Forløbskoordinator',
          },
        ],
      };
      return [practitioner, role];
    }),
  ];
}

/** Everything that courses of a region share: the region itself, hospitals, municipalities, practices, coordinators. */
export function regionResources(region: Region): Resource[] {
  const at = regionKey(region);
  return [
    organisation(at, 'region', REGION_NAMES[region], [
      { system: CODE_SYSTEM.region, value: region },
      ...partyNumbers('region', REGIONS.indexOf(region)),
    ]),
    ...HOSPITALS.filter((hospital) => hospital.region === region).flatMap(hospitalResources),
    ...COORDINATION_UNITS.filter((unit) => unit.hospital.region === region).flatMap(unitResources),
    ...MUNICIPALITIES.filter((one) => one.region === region).map((one) =>
      organisation(municipalityKey(one.code), 'municipality', `${one.name} Kommune`, [
        { system: CODE_SYSTEM.municipality, value: one.code },
        ...partyNumbers('municipality', MUNICIPALITIES.indexOf(one)),
      ]),
    ),
    ...PRACTICES.filter((practice) => practice.municipality.region === region).map((practice) =>
      organisation(practiceKey(practice), 'general-practice', practice.name, [
        { system: IDENTIFIER_SYSTEM.yder, value: practice.ydernummer },
        ...partyNumbers('practice', PRACTICES.indexOf(practice)),
      ]),
    ),
  ];
}
