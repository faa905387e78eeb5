import type { Encounter, Observation, Organization, Patient } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { span } from './oracle-values.ts';

/** A small world with few values, so that searches meet, miss and overlap. */
export interface Population {
  readonly patients: readonly (Patient & { id: string })[];
  readonly organizations: readonly (Organization & { id: string })[];
  readonly encounters: readonly (Encounter & { id: string })[];
  readonly observations: readonly (Observation & { id: string })[];
}

export const SYSTEMS = ['urn:a', 'urn:b'] as const;
export const CODES = ['x', 'y', 'z|$,'] as const;
export const NAMES = ['Åse', 'ase', 'Müller', 'Muller Hansen', 'Bo', "O'Neill", 'Ø'] as const;
const DATES = [
  '2024',
  '2025',
  '2024-03',
  '2024-03-31',
  '2024-10-27',
  '2025-01-01',
  '2024-03-31T00:30:00Z',
  '2024-12-31T23:30:00Z',
] as const;
export const WEIGHTS = [5, 5.35, 5.4, 5.44, 5.45, 0, 12.3] as const;

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
/** Leaves out what is undefined, as JSON does. */
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const coding = fc.record({ system: maybe(fc.constantFrom(...SYSTEMS)), code: fc.constantFrom(...CODES) });
const identifier = fc.record({
  system: maybe(fc.constantFrom(...SYSTEMS)),
  value: fc.constantFrom(...CODES),
});
const name = fc.record({
  family: maybe(fc.constantFrom(...NAMES)),
  given: maybe(fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 2 })),
});

const patient = fc.record({
  identifier: maybe(fc.array(identifier, { minLength: 1, maxLength: 3 })),
  name: maybe(fc.array(name, { minLength: 1, maxLength: 2 })),
  gender: maybe(fc.constantFrom('male' as const, 'female' as const)),
  birthDate: maybe(fc.constantFrom('2024', '2024-03', '2024-03-31', '2025-01-01')),
  generalPractitioner: maybe(
    fc.constantFrom([{ reference: 'Organization/o0' }], [{ reference: 'Organization/o1' }]),
  ),
});

/** As the invariant per-1 wants: the start is not after the end. */
const period = fc
  .record({ start: maybe(fc.constantFrom(...DATES)), end: maybe(fc.constantFrom(...DATES)) })
  .filter(({ start, end }) => start === undefined || end === undefined || span(start).low < span(end).high);

const encounter = fc.record({
  status: fc.constantFrom('finished' as const, 'in-progress' as const),
  subject: maybe(fc.nat(5).map((number) => ({ reference: `Patient/p${number}` }))),
  period: maybe(period),
});

const observation = fc.record({
  code: fc.record({ coding: fc.array(coding, { minLength: 1, maxLength: 2 }) }),
  subject: maybe(fc.nat(5).map((number) => ({ reference: `Patient/p${number}` }))),
  effectiveDateTime: maybe(fc.constantFrom(...DATES)),
  valueQuantity: maybe(
    fc.record({
      value: fc.constantFrom(...WEIGHTS),
      system: fc.constant('http://unitsofmeasure.org'),
      code: fc.constantFrom('g', 'kg'),
    }),
  ),
});

/** The same seed gives the same world. */
export function populationOf(seed: number): Population {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number, prefix: string, resourceType: string) =>
    fc
      .sample(arbitrary, { seed, numRuns: count })
      .map((value, index) => clean({ resourceType, id: `${prefix}${index}`, ...value }));
  return {
    patients: sample(patient, 30, 'p', 'Patient') as unknown as Population['patients'],
    organizations: sample(
      fc.record({ name: fc.constantFrom(...NAMES) }),
      2,
      'o',
      'Organization',
    ) as unknown as Population['organizations'],
    encounters: sample(
      encounter.map((value) => ({ ...value, class: { code: 'IMP' } })),
      40,
      'e',
      'Encounter',
    ) as unknown as Population['encounters'],
    observations: sample(
      observation.map((value) => ({ ...value, status: 'final' as const })),
      40,
      'b',
      'Observation',
    ) as unknown as Population['observations'],
  };
}
