import { readFileSync } from 'node:fs';
import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Measure,
  Organization,
  Patient,
  PlanDefinition,
} from '@medplum/fhirtypes';
import { createCalendar } from '../../../src/coordination/calendar.ts';
import type { StayFacts } from '../../../src/coordination/stay-facts.ts';
import { CODE_SYSTEM, EXTENSION } from '../../../src/fhir/canonical.ts';
import { compileMeasure } from '../../../src/measures/compile/compile-measure.ts';
import type { CompiledMeasure } from '../../../src/measures/compile/compiled-measure.ts';
import { measureFunctions } from '../../../src/measures/compile/functions.ts';

/** The facts of one stay in Aarhus in March 2026, complete in all six parameters; tests change what they are about. */

const profile = (path: string): unknown =>
  JSON.parse(readFileSync(new URL(`../../../profiles/${path}`, import.meta.url), 'utf8'));

export const SIX = [
  'admission-report',
  'discharge-plan',
  'care-pathway-plan',
  'ready-for-discharge',
  'discharge-report',
  'discharge-letter',
] as const;
export type Six = (typeof SIX)[number];

export const calendar = createCalendar();
const functions = measureFunctions(calendar);

export function nationalMeasure(id: string): Measure {
  return profile(`measures/${id}.json`) as Measure;
}

function compiled(id: string): CompiledMeasure {
  return compileMeasure(nationalMeasure(id), functions);
}

export const six: readonly CompiledMeasure[] = SIX.map(compiled);

export function agreement(region = 'DK-82'): PlanDefinition {
  return profile(`agreements/agreement-${region}.json`) as PlanDefinition;
}

const SECTIONS = [
  'relatives',
  'services',
  'medicine',
  'functional-ability',
  'nursing-areas',
  'cause',
  'contact',
];

function payload(sections: readonly string[]): Pick<Communication, 'payload'> {
  if (sections.length === 0) return {};
  return {
    payload: sections.map((section) => ({
      extension: [{ url: EXTENSION.section, valueCode: section }],
      contentString: 'indhold',
    })),
  };
}

export function letter(
  code: string,
  sent: string,
  more: {
    sections?: readonly string[];
    id?: string;
    recipient?: string;
    status?: Communication['status'];
  } = {},
): Communication {
  return {
    resourceType: 'Communication',
    id: more.id ?? `${code}-1`,
    status: more.status ?? 'completed',
    category: [{ coding: [{ system: CODE_SYSTEM.exchange, code }] }],
    subject: { reference: 'Patient/citizen' },
    encounter: { reference: 'Encounter/stay' },
    sent,
    recipient: [{ reference: more.recipient ?? 'Organization/practice' }],
    ...payload(more.sections ?? SECTIONS),
  };
}

export function jointPlan(agreed: { hospital?: string; municipality?: string }, id = 'plan-1'): CarePlan {
  const contributor = (sector: string, agreedAt: string) => ({
    reference: `Organization/${sector}`,
    extension: [
      {
        url: EXTENSION.planAgreement,
        extension: [
          { url: 'sector', valueCode: sector },
          { url: 'agreedAt', valueDateTime: agreedAt },
        ],
      },
    ],
  });
  const contributors = [
    ...(agreed.hospital === undefined ? [] : [contributor('hospital', agreed.hospital)]),
    ...(agreed.municipality === undefined ? [] : [contributor('municipality', agreed.municipality)]),
  ];
  return {
    resourceType: 'CarePlan',
    id,
    status: 'active',
    intent: 'plan',
    category: [{ coding: [{ system: CODE_SYSTEM.exchange, code: 'discharge-plan' }] }],
    subject: { reference: 'Patient/citizen' },
    encounter: { reference: 'Encounter/stay' },
    ...(contributors.length === 0 ? {} : { contributor: contributors }),
  };
}

export const patient: Patient = {
  resourceType: 'Patient',
  id: 'citizen',
  birthDate: '1941-05-02',
  address: [
    {
      extension: [
        {
          url: EXTENSION.municipalityCode,
          valueCodeableConcept: { coding: [{ system: CODE_SYSTEM.municipality, code: '0751' }] },
        },
      ],
    },
  ],
  generalPractitioner: [{ reference: 'Organization/practice' }],
};

export const course: EpisodeOfCare = {
  resourceType: 'EpisodeOfCare',
  id: 'course',
  status: 'active',
  type: [{ coding: [{ system: CODE_SYSTEM.courseType, code: 'coordination' }] }],
  patient: { reference: 'Patient/citizen' },
  period: { start: '2026-01-01' },
  extension: [{ url: EXTENSION.inclusionBasis, valueCode: 'rule' }],
};

export const services: EpisodeOfCare = {
  resourceType: 'EpisodeOfCare',
  id: 'services',
  status: 'active',
  type: [{ coding: [{ system: CODE_SYSTEM.courseType, code: 'municipal-services' }] }],
  patient: { reference: 'Patient/citizen' },
  period: { start: '2025-06-01' },
};

const organisation = (id: string, code: string, partOf?: string): Organization => ({
  resourceType: 'Organization',
  id,
  name: id,
  type: [{ coding: [{ system: CODE_SYSTEM.organisationType, code }] }],
  ...(partOf === undefined ? {} : { partOf: { reference: `Organization/${partOf}` } }),
});

export const organizations: Organization[] = [
  organisation('ward', 'department', 'hospital'),
  organisation('hospital', 'hospital', 'region'),
  organisation('region', 'region'),
  organisation('practice', 'general-practice'),
];

export function stay(more: Partial<Encounter> = {}): Encounter & { id: string } {
  return {
    resourceType: 'Encounter',
    id: 'stay',
    status: 'finished',
    class: { system: CODE_SYSTEM.actCode, code: 'IMP' },
    subject: { reference: 'Patient/citizen' },
    episodeOfCare: [{ reference: 'EpisodeOfCare/course' }],
    serviceProvider: { reference: 'Organization/ward' },
    period: { start: '2026-03-09T10:00:00+01:00', end: '2026-03-13T14:00:00+01:00' },
    extension: [{ url: EXTENSION.endOfTreatment, valueDateTime: '2026-03-12T09:00:00+01:00' }],
    ...more,
  };
}

export const goodLetters: readonly Communication[] = [
  letter('admission-report', '2026-03-09T12:00:00+01:00'),
  letter('care-pathway-plan', '2026-03-11T12:00:00+01:00'),
  letter('ready-for-discharge', '2026-03-12T10:00:00+01:00'),
  letter('discharge-report', '2026-03-13T13:00:00+01:00'),
  letter('discharge-letter', '2026-03-16T12:00:00+01:00'),
];

export function facts(more: Partial<StayFacts> = {}, region = 'DK-82'): StayFacts {
  const plan = agreement(region);
  return {
    stay: stay(),
    patient,
    course,
    episodes: [course, services],
    exchanges: goodLetters,
    plans: [jointPlan({ hospital: '2026-03-11T09:00:00+01:00', municipality: '2026-03-12T15:00:00+01:00' })],
    organizations,
    agreements: { atAdmission: plan, atDischarge: plan },
    ...more,
  };
}

/** All good letters, with those of one kind replaced. */
export function lettersWith(code: string, ...replacements: Communication[]): Communication[] {
  const others = goodLetters.filter((one) => one.category?.[0]?.coding?.[0]?.code !== code);
  return [...others, ...replacements].sort((a, b) => (a.sent ?? '').localeCompare(b.sent ?? ''));
}
