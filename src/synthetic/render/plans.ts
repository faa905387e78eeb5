import type { CarePlan, Organization, Reference } from '@medplum/fhirtypes';
import { EXCHANGE, EXTENSION } from '../../fhir/canonical.ts';
import { dateTimeText, type Instant } from '../clock.ts';
import { idOf } from '../identity.ts';
import type { JointPlan, PlannedCourse, PlannedStay } from '../plan/types.ts';
import { patientKey } from './citizen.ts';
import { EXCHANGE_NAMES, exchangeCategory, ofCourse, reference } from './elements.ts';
import { hospitalKey, municipalityKey, unitKey } from './organisations.ts';

/** A sector's contribution to the joint plan: who, and when it agreed. */
function agreement(
  sector: 'hospital' | 'municipality',
  at: Instant,
  who: Reference<Organization>,
): Reference<Organization> {
  return {
    ...who,
    extension: [
      {
        url: EXTENSION.planAgreement,
        extension: [
          { url: 'sector', valueCode: sector },
          { url: 'agreedAt', valueDateTime: dateTimeText(at) },
        ],
      },
    ],
  };
}

function jointPlan(course: PlannedCourse, stay: PlannedStay, plan: JointPlan): CarePlan {
  const { municipality } = course.citizen;
  const { hospital, discharge } = stay.shape;
  const local = municipality === undefined ? unitKey(course.unit) : municipalityKey(municipality.code);
  return {
    resourceType: 'CarePlan',
    id: idOf(plan.key),
    extension: [
      ...(stay.inCourse ? [ofCourse(course.key)] : []),
      ...(discharge === undefined
        ? []
        : [{ url: EXTENSION.agreedDischarge, valueDateTime: dateTimeText(discharge) }]),
    ],
    status: discharge === undefined ? 'active' : 'completed',
    intent: 'plan',
    category: [exchangeCategory(EXCHANGE.dischargePlan)],
    title: EXCHANGE_NAMES[EXCHANGE.dischargePlan],
    subject: reference('Patient', patientKey(course)),
    encounter: reference('Encounter', stay.key),
    contributor: [
      ...(plan.hospitalAgreed === undefined
        ? []
        : [agreement('hospital', plan.hospitalAgreed, reference('Organization', hospitalKey(hospital)))]),
      ...(plan.municipalityAgreed === undefined
        ? []
        : [agreement('municipality', plan.municipalityAgreed, reference('Organization', local))]),
    ],
  };
}

/** The plan that the care pathway plan letter carried. */
function carePathwayPlan(course: PlannedCourse, stay: PlannedStay, sent: Instant): CarePlan {
  return {
    resourceType: 'CarePlan',
    id: idOf(`${stay.key}/pathway-plan`),
    ...(stay.inCourse ? { extension: [ofCourse(course.key)] } : {}),
    status: stay.shape.discharge === undefined ? 'active' : 'completed',
    intent: 'plan',
    category: [exchangeCategory(EXCHANGE.carePathwayPlan)],
    title: EXCHANGE_NAMES[EXCHANGE.carePathwayPlan],
    subject: reference('Patient', patientKey(course)),
    encounter: reference('Encounter', stay.key),
    created: dateTimeText(sent),
    contributor: [reference('Organization', hospitalKey(stay.shape.hospital))],
  };
}

export function plans(course: PlannedCourse, stay: PlannedStay): CarePlan[] {
  const letter = stay.letters.find((one) => one.kind === EXCHANGE.carePathwayPlan && !one.enteredInError);
  return [
    ...(stay.jointPlan === undefined ? [] : [jointPlan(course, stay, stay.jointPlan)]),
    ...(letter === undefined ? [] : [carePathwayPlan(course, stay, letter.sent)]),
  ];
}
