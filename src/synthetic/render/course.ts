import type { CareTeam, EpisodeOfCare, Organization, RelatedPerson } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../../fhir/canonical.ts';
import { dateText, dateTimeText, dayOf } from '../clock.ts';
import { idOf } from '../identity.ts';
import type { PlannedCourse } from '../plan/types.ts';
import { patientKey } from './citizen.ts';
import { concept, reference } from './elements.ts';
import { coordinatorKey, municipalityKey, practiceKey, unitKey } from './organisations.ts';

export const courseKey = (course: { readonly key: string }): string => `${course.key}/course`;

export function course(planned: PlannedCourse): EpisodeOfCare {
  const { coordinator, end, unit } = planned;
  return {
    resourceType: 'EpisodeOfCare',
    id: idOf(courseKey(planned)),
    extension: [{ url: EXTENSION.inclusionBasis, valueCode: planned.basis }],
    status: end === undefined ? 'active' : 'finished',
    type: [concept(CODE_SYSTEM.courseType, 'coordination', 'Koordinationsforløb')],
    patient: reference('Patient', patientKey(planned)),
    managingOrganization: reference('Organization', unitKey(unit), unit.name),
    period: {
      start: dateText(dayOf(planned.start)),
      ...(end === undefined ? {} : { end: dateTimeText(end) }),
    },
    careManager: reference(
      'Practitioner',
      coordinatorKey(coordinator),
      `${coordinator.given} ${coordinator.family}`,
    ),
    team: [reference('CareTeam', `${planned.key}/team`)],
  };
}

/** Who takes part: the coordinator, the municipality, the practice and the relative. */
export function careTeam(planned: PlannedCourse): CareTeam {
  const { citizen, coordinator, unit } = planned;
  return {
    resourceType: 'CareTeam',
    id: idOf(`${planned.key}/team`),
    status: planned.end === undefined ? 'active' : 'inactive',
    name: 'Team om koordinationsforløbet',
    subject: reference('Patient', patientKey(planned)),
    participant: [
      {
        role: [
          {
            ...concept('http://snomed.info/sct', '768820003', 'Care coordinator'),
            text: 'Forløbskoordinator',
          },
        ],
        member: reference('Practitioner', coordinatorKey(coordinator)),
        onBehalfOf: reference('Organization', unitKey(unit)),
      },
      ...(citizen.municipality === undefined
        ? []
        : [{ member: reference<Organization>('Organization', municipalityKey(citizen.municipality.code)) }]),
      ...(citizen.practice === undefined
        ? []
        : [{ member: reference<Organization>('Organization', practiceKey(citizen.practice)) }]),
      ...(citizen.relative === undefined
        ? []
        : [{ member: reference<RelatedPerson>('RelatedPerson', `${planned.key}/relative`) }]),
    ],
  };
}

/** The citizen's municipal services as an episode of their own. */
export function municipalServices(planned: PlannedCourse): EpisodeOfCare[] {
  const { services, citizen, unit } = planned;
  if (services === undefined) return [];
  const { municipality } = citizen;
  return [
    {
      resourceType: 'EpisodeOfCare',
      id: idOf(`${planned.key}/services`),
      status: services.until === undefined ? 'active' : 'finished',
      type: [concept(CODE_SYSTEM.courseType, 'municipal-services', 'Kommunale ydelser')],
      patient: reference('Patient', patientKey(planned)),
      managingOrganization:
        municipality === undefined
          ? reference('Organization', unitKey(unit))
          : reference('Organization', municipalityKey(municipality.code), `${municipality.name} Kommune`),
      period: {
        start: dateText(services.from),
        ...(services.until === undefined ? {} : { end: dateText(services.until) }),
      },
    },
  ];
}
