import type { Patient, RelatedPerson } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { dateText, dateTimeText } from '../clock.ts';
import { idOf } from '../identity.ts';
import type { PlannedCourse } from '../plan/types.ts';
import { concept, reference } from './elements.ts';
import { practiceKey } from './organisations.ts';

export const patientKey = (course: { readonly key: string }): string => `${course.key}/citizen`;

export function patient(course: PlannedCourse): Patient {
  const { citizen } = course;
  const { municipality, practice, died } = citizen;
  return {
    resourceType: 'Patient',
    id: idOf(patientKey(course)),
    identifier: [{ use: 'official', system: IDENTIFIER_SYSTEM.cpr, value: citizen.cpr }],
    active: true,
    name: [{ use: 'official', family: citizen.family, given: [...citizen.given] }],
    gender: citizen.gender,
    birthDate: dateText(citizen.birth),
    ...(died === undefined ? {} : { deceasedDateTime: dateTimeText(died) }),
    address: [
      {
        use: 'home',
        line: [citizen.street],
        ...(municipality === undefined
          ? {}
          : {
              extension: [
                {
                  url: EXTENSION.municipalityCode,
                  valueCodeableConcept: concept(
                    CODE_SYSTEM.municipality,
                    municipality.code,
                    municipality.name,
                  ),
                },
              ],
              city: municipality.name,
            }),
        country: 'DK',
      },
    ],
    ...(practice === undefined
      ? {}
      : { generalPractitioner: [reference('Organization', practiceKey(practice), practice.name)] }),
  };
}

const RELATIONS = {
  child: { code: 'CHILD', display: 'child', danish: 'Barn' },
  spouse: { code: 'SPS', display: 'spouse', danish: 'Ægtefælle' },
} as const;

export function relatives(course: PlannedCourse): RelatedPerson[] {
  const { relative } = course.citizen;
  if (relative === undefined) return [];
  const relation = RELATIONS[relative.relation];
  return [
    {
      resourceType: 'RelatedPerson',
      id: idOf(`${course.key}/relative`),
      active: true,
      patient: reference('Patient', patientKey(course)),
      relationship: [
        {
          ...concept('http://terminology.hl7.org/CodeSystem/v3-RoleCode', relation.code, relation.display),
          text: relation.danish,
        },
      ],
      name: [{ family: relative.family, given: [relative.given] }],
    },
  ];
}
