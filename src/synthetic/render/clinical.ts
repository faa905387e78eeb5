import type { Condition, MedicationStatement, Observation, Resource } from '@medplum/fhirtypes';
import { OVERGANG } from '../../fhir/canonical.ts';
import { dateText } from '../clock.ts';
import { idOf } from '../identity.ts';
import { DIAGNOSES, MEDICINES } from '../plan/clinical.ts';
import type { PlannedCourse } from '../plan/types.ts';
import { patientKey } from './citizen.ts';
import { concept, reference } from './elements.ts';

const SKS_DIAGNOSIS = 'urn:oid:1.2.208.176.2.4.12';
const ATC = 'http://www.whocc.no/atc';
const SNOMED = 'http://snomed.info/sct';
const SOCIAL = `${OVERGANG}/CodeSystem/social-circumstance`;
const CATEGORY = 'http://terminology.hl7.org/CodeSystem/observation-category';

function conditions(course: PlannedCourse): Condition[] {
  return course.clinical.conditions.map((code) => ({
    resourceType: 'Condition',
    id: idOf(`${course.key}/condition/${code}`),
    clinicalStatus: concept('http://terminology.hl7.org/CodeSystem/condition-clinical', 'active'),
    verificationStatus: concept('http://terminology.hl7.org/CodeSystem/condition-ver-status', 'confirmed'),
    code: concept(SKS_DIAGNOSIS, code, DIAGNOSES[code]?.name),
    subject: reference('Patient', patientKey(course)),
  }));
}

function medicines(course: PlannedCourse): MedicationStatement[] {
  return course.clinical.medicines.map((code) => ({
    resourceType: 'MedicationStatement',
    id: idOf(`${course.key}/medicine/${code}`),
    status: 'active',
    medicationCodeableConcept: concept(ATC, code, MEDICINES[code]),
    subject: reference('Patient', patientKey(course)),
    effectivePeriod: { start: dateText(course.clinical.scoredOn) },
  }));
}

function observation(
  course: PlannedCourse,
  name: string,
  category: 'survey' | 'social-history',
  code: Observation['code'],
  rest: Partial<Observation>,
): Observation {
  return {
    resourceType: 'Observation',
    id: idOf(`${course.key}/observation/${name}`),
    status: 'final',
    category: [concept(CATEGORY, category)],
    code,
    subject: reference('Patient', patientKey(course)),
    effectiveDateTime: dateText(course.clinical.scoredOn),
    ...rest,
  };
}

function observations(course: PlannedCourse): Observation[] {
  const { frailty, barthel, spouseDied } = course.clinical;
  const found = [
    observation(
      course,
      'frailty',
      'survey',
      { ...concept(SNOMED, '763264000'), text: 'Clinical Frailty Scale' },
      { valueInteger: frailty },
    ),
    observation(course, 'lives-alone', 'social-history', concept(SOCIAL, 'lives-alone', 'Bor alene'), {
      valueBoolean: course.citizen.livesAlone,
    }),
  ];
  if (barthel !== undefined) {
    const code = { ...concept('http://loinc.org', '96761-2'), text: 'Barthel-indeks' };
    found.push(observation(course, 'barthel', 'survey', code, { valueInteger: barthel }));
  }
  if (spouseDied !== undefined) {
    const code = concept(SOCIAL, 'spouse-died', 'Ægtefælle død');
    found.push(
      observation(course, 'spouse-died', 'social-history', code, { valueDateTime: dateText(spouseDied) }),
    );
  }
  return found;
}

/** Illnesses, medicines, scores and social circumstances: what the criteria of inclusion look at. */
export function clinicalPicture(course: PlannedCourse): Resource[] {
  return [...conditions(course), ...medicines(course), ...observations(course)];
}
