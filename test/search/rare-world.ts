import type { CodeSystem, Observation, Patient, RiskAssessment, ValueSet } from '@medplum/fhirtypes';
import fc from 'fast-check';

/** What the parameters and modifiers that are asked for less often work on. */
export interface RareWorld {
  readonly patients: readonly (Patient & { id: string })[];
  readonly observations: readonly (Observation & { id: string })[];
  readonly valueSets: readonly (ValueSet & { id: string })[];
  readonly risks: readonly (RiskAssessment & { id: string })[];
}

export const TREE = 'urn:tree';
/** Each code's parent. */
export const PARENTS = { a: undefined, b: 'a', c: 'b', d: 'a' } as const;
export const TREE_CODES = ['a', 'b', 'c', 'd'] as const;
export const OTHER = 'urn:other';
export const SET = 'urn:set';
export const TEXTS = ['Blood pressure', 'blood', 'Åndenød', 'andenod let', 'Puls'] as const;
export const URLS = [
  'http://acme.org/fhir',
  'http://acme.org/fhir/ValueSet/1',
  'http://acme.org/fhir/ValueSet/12',
  'http://acme.org/fhir/ValueSet/12/x',
  'http://other.org/fhir',
] as const;
export const DATES = ['2024', '2024-03', '2024-03-31', '2025-01-01', '2024-12-31T23:30:00Z'] as const;
export const AMOUNTS = [5, 5.35, 5.4, 5.44, 5.45, 5.9, 6, -1] as const;

export const codeSystem: CodeSystem = {
  resourceType: 'CodeSystem',
  url: TREE,
  status: 'active',
  content: 'complete',
  hierarchyMeaning: 'is-a',
  concept: [{ code: 'a', concept: [{ code: 'b', concept: [{ code: 'c' }] }, { code: 'd' }] }],
};

/** b and what is below it, and y of the other system. */
export const valueSet: ValueSet = {
  resourceType: 'ValueSet',
  url: SET,
  status: 'active',
  compose: {
    include: [
      { system: TREE, filter: [{ property: 'concept', op: 'is-a', value: 'b' }] },
      { system: OTHER, concept: [{ code: 'y' }] },
    ],
  },
};

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const clean = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T;

const coding = fc.oneof(
  fc.record({
    system: fc.constant(TREE),
    code: fc.constantFrom(...TREE_CODES),
    display: maybe(fc.constantFrom(...TEXTS)),
  }),
  fc.record({ system: fc.constant(OTHER), code: fc.constantFrom('x', 'y', 'b') }),
);
const concept = fc.record({
  coding: fc.array(coding, { minLength: 1, maxLength: 2 }),
  text: maybe(fc.constantFrom(...TEXTS)),
});
const quantity = fc.record({
  value: fc.constantFrom(...AMOUNTS),
  system: fc.constant('http://unitsofmeasure.org'),
  code: fc.constant('g'),
});
const value = fc.oneof(
  fc.constant({}),
  fc.record({ valueQuantity: quantity }),
  fc.record({ valueCodeableConcept: concept }),
  fc.record({ valueString: fc.constantFrom(...TEXTS) }),
  fc.record({ valueDateTime: fc.constantFrom(...DATES) }),
);
const component = fc
  .tuple(
    concept,
    fc.oneof(fc.record({ valueQuantity: quantity }), fc.record({ valueCodeableConcept: concept })),
  )
  .map(([code, its]) => ({ code, ...its }));
const subject = fc.oneof(
  fc
    .constantFrom('Patient/p0', 'Patient/p1', 'Group/p0', 'http://elsewhere.org/fhir/Patient/p0')
    .map((reference) => ({ reference })),
  fc.record({
    identifier: fc.record({ system: maybe(fc.constant('urn:s')), value: fc.constantFrom('1', '2') }),
  }),
);

const observation = fc
  .tuple(
    fc.record({
      code: concept,
      subject: maybe(subject),
      component: maybe(fc.array(component, { minLength: 1, maxLength: 2 })),
    }),
    value,
  )
  .map(([head, its]) => ({ status: 'final', ...head, ...its }));

const patient = fc.record({
  identifier: fc.array(
    fc.record({
      type: maybe(
        fc.record({
          coding: fc.array(
            fc.record({ system: fc.constantFrom('urn:t', 'urn:u'), code: fc.constantFrom('MR', 'SS') }),
            { minLength: 1, maxLength: 2 },
          ),
          text: maybe(fc.constantFrom(...TEXTS)),
        }),
      ),
      value: fc.constantFrom('1', '2', '3'),
    }),
    { maxLength: 2 },
  ),
});

const risk = fc.record({
  status: fc.constant('final'),
  subject: fc.constant({ reference: 'Patient/p0' }),
  prediction: maybe(
    fc.array(fc.record({ probabilityDecimal: fc.constantFrom(...AMOUNTS) }), { minLength: 1, maxLength: 2 }),
  ),
});

/** The same seed gives the same world. */
export function rareWorldOf(seed: number): RareWorld {
  const sample = <T>(arbitrary: fc.Arbitrary<T>, count: number, prefix: string, resourceType: string) =>
    fc
      .sample(arbitrary, { seed, numRuns: count })
      .map((each, index) => clean({ resourceType, id: `${prefix}${index}`, ...each }));
  return {
    patients: sample(patient, 20, 'p', 'Patient') as unknown as RareWorld['patients'],
    observations: sample(observation, 50, 'b', 'Observation') as unknown as RareWorld['observations'],
    valueSets: sample(
      fc.record({ status: fc.constant('active'), url: maybe(fc.constantFrom(...URLS)) }),
      15,
      'v',
      'ValueSet',
    ) as unknown as RareWorld['valueSets'],
    risks: sample(risk, 25, 'r', 'RiskAssessment') as unknown as RareWorld['risks'],
  };
}
