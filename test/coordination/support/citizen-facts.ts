import { readFileSync } from 'node:fs';
import type {
  Condition,
  Encounter,
  MedicationStatement,
  Observation,
  PlanDefinition,
} from '@medplum/fhirtypes';
import { type Answer, assessInclusion } from '../../../src/coordination/inclusion/assess.ts';
import type { CitizenFacts } from '../../../src/coordination/inclusion/citizen-facts.ts';
import { readInclusion } from '../../../src/coordination/inclusion/criteria.ts';
import { citizen, stay } from './stay.ts';

export const file = (name: string): PlanDefinition =>
  JSON.parse(
    readFileSync(new URL(`../../../profiles/agreements/inclusion-${name}.json`, import.meta.url), 'utf8'),
  ) as PlanDefinition;
export const national = () => readInclusion([file('DK')]);
export const nordjylland = () => readInclusion([file('DK-81'), file('DK')]);

export const AS_OF = '2026-03-12T09:00:00+01:00';
const subject = { reference: 'Patient/anna' };
const SKS = 'urn:oid:1.2.208.176.2.4.12';
export const SOCIAL = 'https://overgang.dk/fhir/CodeSystem/social-circumstance';

let serial = 0;
const next = (name: string): string => {
  serial += 1;
  return `${name}-${serial}`;
};
export const observation = (
  system: string,
  code: string,
  effectiveDateTime: string,
  value: Partial<Observation>,
): Observation => ({
  resourceType: 'Observation',
  id: next(code),
  status: 'final',
  code: { coding: [{ system, code }] },
  subject,
  effectiveDateTime,
  ...value,
});
export const frailty = (score: number, on: string) =>
  observation('http://snomed.info/sct', '763264000', on, { valueInteger: score });
export const condition = (code: string): Condition => ({
  resourceType: 'Condition',
  id: next(code),
  subject,
  code: { coding: [{ system: SKS, code }] },
});
export const medicine = (code: string, more: Partial<MedicationStatement> = {}): MedicationStatement => ({
  resourceType: 'MedicationStatement',
  id: next(code),
  status: 'active',
  subject,
  medicationCodeableConcept: { coding: [{ system: 'http://www.whocc.no/atc', code }] },
  ...more,
});
export const inpatient = (start: string, end?: string): Encounter =>
  stay({ start, ...(end === undefined ? {} : { end }) }, { id: next('stay') });

export function facts(more: Partial<CitizenFacts> = {}): CitizenFacts {
  return {
    patient: { ...citizen(), birthDate: '1948-12-25' },
    conditions: [],
    observations: [],
    medicines: [],
    stays: [],
    episodes: [],
    ...more,
  };
}
export function answer(code: string, more: Partial<CitizenFacts>, asOf = AS_OF): Answer | undefined {
  return assessInclusion(nordjylland(), facts(more), asOf).answers.find(
    ({ criterion }) => criterion.code === code,
  )?.answer;
}
