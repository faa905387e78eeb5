import type { Communication, Extension, Organization, Reference } from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonical.ts';
import { dateTimeText, MINUTE } from '../clock.ts';
import { idOf } from '../identity.ts';
import { PRACTICES } from '../places/practices.ts';
import type { Citizen, Letter, PlannedCourse, PlannedStay } from '../plan/types.ts';
import { patientKey } from './citizen.ts';
import { exchangeCategory, ofCourse, reference } from './elements.ts';
import { departmentKey, municipalityKey, practiceKey, unitKey } from './organisations.ts';
import { SECTION_TEXTS } from './section-texts.ts';

type Party = Reference<Organization>;

/** A practice in the same municipality that is not the citizen's own. */
function anotherPractice(citizen: Citizen): (typeof PRACTICES)[number] {
  const others = PRACTICES.filter(
    (one) =>
      one.key !== citizen.practice?.key && one.municipality.code === citizen.practice?.municipality.code,
  );
  return others[0] ?? (PRACTICES[0] as (typeof PRACTICES)[number]);
}

/** The municipality's side of an exchange; the coordination unit stands in where no municipality is known. */
function municipalParty(course: PlannedCourse): Party {
  const { municipality } = course.citizen;
  return municipality === undefined
    ? reference('Organization', unitKey(course.unit))
    : reference('Organization', municipalityKey(municipality.code), `${municipality.name} Kommune`);
}

function hospitalParty(stay: PlannedStay): Party {
  const { departments, hospital } = stay.shape;
  return reference('Organization', departmentKey(hospital, departments[departments.length - 1]?.index ?? 0));
}

function practiceParty(course: PlannedCourse, letter: Letter): Party[] {
  const practice = letter.misaddressed ? anotherPractice(course.citizen) : course.citizen.practice;
  return practice === undefined ? [] : [reference('Organization', practiceKey(practice), practice.name)];
}

function recipients(course: PlannedCourse, stay: PlannedStay, letter: Letter): Party[] {
  if (letter.kind === 'admission-report') return [hospitalParty(stay)];
  if (letter.kind === 'discharge-letter') return practiceParty(course, letter);
  return [municipalParty(course)];
}

const STATES_END_OF_TREATMENT: ReadonlySet<string> = new Set(['ready-for-discharge', 'discharge-report']);

function extensions(course: PlannedCourse, stay: PlannedStay, letter: Letter): Extension[] {
  const found: Extension[] = [];
  if (stay.inCourse) found.push(ofCourse(course.key));
  const treated = stay.shape.endOfTreatment;
  if (treated !== undefined && STATES_END_OF_TREATMENT.has(letter.kind)) {
    found.push({ url: EXTENSION.endOfTreatment, valueDateTime: dateTimeText(treated) });
  }
  if (letter.corrects !== undefined) {
    found.push({ url: EXTENSION.corrects, valueReference: reference('Communication', letter.corrects) });
  }
  return found;
}

/** One exchange as it was sent. It is received a few minutes later, or just as it is sent. */
export function exchange(course: PlannedCourse, stay: PlannedStay, letter: Letter): Communication {
  const extension = extensions(course, stay, letter);
  const recipient = recipients(course, stay, letter);
  return {
    resourceType: 'Communication',
    id: idOf(letter.key),
    ...(extension.length === 0 ? {} : { extension }),
    status: letter.enteredInError ? 'entered-in-error' : 'completed',
    category: [exchangeCategory(letter.kind)],
    subject: reference('Patient', patientKey(course)),
    encounter: reference('Encounter', stay.key),
    sent: dateTimeText(letter.sent),
    received: dateTimeText(letter.sent + 2 * MINUTE),
    ...(recipient.length === 0 ? {} : { recipient }),
    sender: letter.kind === 'admission-report' ? municipalParty(course) : hospitalParty(stay),
    payload: letter.sections.map((section) => ({
      extension: [{ url: EXTENSION.section, valueCode: section }],
      contentString: SECTION_TEXTS[section] ?? section,
    })),
  };
}
