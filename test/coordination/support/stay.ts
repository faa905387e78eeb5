import { readFileSync } from 'node:fs';
import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Organization,
  Patient,
  PlanDefinition,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, type ExchangeCode, IDENTIFIER_SYSTEM } from '../../../src/fhir/canonical.ts';

/** Resources of one citizen's course, as docs/model.md has them; every part can be changed by the test. */

const profiles = new URL('../../../profiles/agreements/', import.meta.url);

export function agreementFile(jurisdiction: string): PlanDefinition {
  return JSON.parse(
    readFileSync(new URL(`agreement-${jurisdiction}.json`, profiles), 'utf8'),
  ) as PlanDefinition;
}

export const AGREEMENT_FILES = ['DK', 'DK-81', 'DK-82', 'DK-83', 'DK-84', 'DK-85'] as const;

export const ADMITTED = '2026-03-09T10:00:00+01:00';
export const DISCHARGED = '2026-03-12T14:00:00+01:00';

export type Stay = Encounter & { id: string };

export function citizen(id = 'anna', municipality = '0751'): Patient & { id: string } {
  return {
    resourceType: 'Patient',
    id,
    identifier: [{ system: IDENTIFIER_SYSTEM.cpr, value: '2512489996' }],
    generalPractitioner: [{ reference: 'Organization/practice' }],
    address: [
      {
        extension: [
          {
            url: EXTENSION.municipalityCode,
            valueCodeableConcept: { coding: [{ system: CODE_SYSTEM.municipality, code: municipality }] },
          },
        ],
      },
    ],
  };
}

export function stay(period: Encounter['period'], more: Partial<Encounter> = {}): Stay {
  return {
    resourceType: 'Encounter',
    id: 'stay',
    status: period?.end === undefined ? 'in-progress' : 'finished',
    class: { system: CODE_SYSTEM.actCode, code: 'IMP' },
    subject: { reference: 'Patient/anna' },
    serviceProvider: { reference: 'Organization/department' },
    ...(period === undefined ? {} : { period }),
    ...more,
  };
}

export function episode(code: 'coordination' | 'municipal-services', more: Partial<EpisodeOfCare> = {}) {
  return {
    resourceType: 'EpisodeOfCare',
    id: code === 'coordination' ? 'course' : 'services',
    status: 'active',
    type: [{ coding: [{ system: CODE_SYSTEM.courseType, code }] }],
    patient: { reference: 'Patient/anna' },
    period: { start: '2026-01-01' },
    ...more,
  } satisfies EpisodeOfCare & { id: string };
}

export function exchange(code: ExchangeCode, sent: string, more: Partial<Communication> = {}) {
  return {
    resourceType: 'Communication',
    id: `${code}-${sent.replace(/\D/g, '')}`,
    status: 'completed',
    category: [{ coding: [{ system: CODE_SYSTEM.exchange, code }] }],
    subject: { reference: 'Patient/anna' },
    encounter: { reference: 'Encounter/stay' },
    sent,
    recipient: [{ reference: 'Organization/practice' }],
    ...more,
  } satisfies Communication & { id: string };
}

export function dischargePlan(
  hospital: string | undefined,
  municipality: string | undefined,
  more: Partial<CarePlan> = {},
) {
  const contributor = (sector: string, agreedAt: string | undefined) =>
    agreedAt === undefined
      ? []
      : [
          {
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
          },
        ];
  return {
    resourceType: 'CarePlan',
    id: 'plan',
    status: 'active',
    intent: 'plan',
    category: [{ coding: [{ system: CODE_SYSTEM.exchange, code: 'discharge-plan' }] }],
    subject: { reference: 'Patient/anna' },
    encounter: { reference: 'Encounter/stay' },
    contributor: [...contributor('hospital', hospital), ...contributor('municipality', municipality)],
    ...more,
  } satisfies CarePlan & { id: string };
}

export const endOfTreatment = (time: string) => ({ url: EXTENSION.endOfTreatment, valueDateTime: time });
export const agreedDischarge = (time: string) => ({ url: EXTENSION.agreedDischarge, valueDateTime: time });
export const reportRequested = { url: EXTENSION.reportRequested, valueBoolean: true };

export const ORGANIZATIONS: readonly (Organization & { id: string })[] = [
  {
    resourceType: 'Organization',
    id: 'practice',
    name: 'Lægerne Testgade',
    identifier: [{ system: IDENTIFIER_SYSTEM.yder, value: '061654' }],
  },
  {
    resourceType: 'Organization',
    id: 'department',
    name: 'Geriatrisk Afdeling',
    partOf: { reference: 'Organization/hospital' },
  },
  {
    resourceType: 'Organization',
    id: 'hospital',
    name: 'Testsygehus',
    partOf: { reference: 'Organization/region' },
  },
  {
    resourceType: 'Organization',
    id: 'region',
    identifier: [{ system: CODE_SYSTEM.region, value: 'DK-82' }],
  },
  {
    resourceType: 'Organization',
    id: 'municipality',
    name: 'Aarhus Kommune',
    identifier: [{ system: CODE_SYSTEM.municipality, value: '0751' }],
  },
];
