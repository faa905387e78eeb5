import type { Bundle, Observation, Patient, Resource } from '@medplum/fhirtypes';
import type { Store } from '../../../src/store/store.ts';

/** Observations of one citizen: a search for one of four codes finds more than a page of 20. */
const PER_PATIENT = 100;
const CODES = ['8867-4', '8480-6', '8462-4', '9279-1'];

export const IDENTIFIERS = 'urn:bench:observation';
export const CITIZENS = 'urn:bench:patient';

/** An Observation a minute. @returns milliseconds since 1970 */
export function timeOf(number: number): number {
  return 1.76e12 + number * 60_000;
}

export function patientsFor(observations: number): number {
  return Math.max(1, Math.floor(observations / PER_PATIENT));
}

/** What nobody's course hangs on: a write of it costs what FHIR and the store cost, without planning. */
export function observation(number: number, patients: number): Observation {
  return {
    resourceType: 'Observation',
    identifier: [{ system: IDENTIFIERS, value: `o${number}` }],
    status: 'final',
    category: [
      {
        coding: [
          { system: 'http://terminology.hl7.org/CodeSystem/observation-category', code: 'vital-signs' },
        ],
      },
    ],
    code: { coding: [{ system: 'http://loinc.org', code: codeOf(number, patients) }] },
    subject: { reference: `Patient/p${number % patients}` },
    effectiveDateTime: new Date(timeOf(number)).toISOString(),
    valueQuantity: {
      value: 50 + (number % 90),
      unit: '/min',
      system: 'http://unitsofmeasure.org',
      code: '/min',
    },
  };
}

export function codeOf(number: number, patients: number): string {
  return CODES[Math.floor(number / patients) % CODES.length] as string;
}

function patient(number: number): Patient {
  return {
    resourceType: 'Patient',
    id: `p${number}`,
    identifier: [{ system: CITIZENS, value: `p${number}` }],
    name: [{ family: `Testesen ${number}`, given: ['Test'] }],
    birthDate: '1948-05-17',
  };
}

export function transactionOf(observations: readonly Observation[]): Bundle {
  return {
    resourceType: 'Bundle',
    type: 'transaction',
    entry: observations.map((resource) => ({ resource, request: { method: 'POST', url: 'Observation' } })),
  };
}

/** Stores Observations `o0` … and their citizens. */
export async function load(store: Store, observations: number): Promise<void> {
  const patients = patientsFor(observations);
  const resources: Resource[] = [
    ...Array.from({ length: patients }, (_, number) => patient(number)),
    ...Array.from({ length: observations }, (_, number) => ({
      ...observation(number, patients),
      id: `o${number}`,
    })),
  ];
  for (let from = 0; from < resources.length; from += 5_000) {
    const changes = resources
      .slice(from, from + 5_000)
      .map((resource) => ({ op: 'create' as const, resource }));
    await store.transaction((transaction) => transaction.write(changes));
  }
}
