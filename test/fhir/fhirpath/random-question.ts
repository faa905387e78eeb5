import fhirpath from 'fhirpath/src/fhirpath.js';
import type { Question } from './engine.ts';
import { randomOf } from './random.ts';
import { randomElement, randomResource } from './random-element.ts';
import { namesIn, randomExpression } from './random-expression.ts';

const RESOURCES = [
  'Patient',
  'Observation',
  'Encounter',
  'Communication',
  'Questionnaire',
  'Bundle',
  'PlanDefinition',
];
const ELEMENTS = [
  'HumanName',
  'Period',
  'Quantity',
  'Patient.contact',
  'Questionnaire.item.item',
  'CodeableConcept',
  'Reference',
];

const functions = {
  twice: { fn: (items: unknown[]) => items.flatMap((item) => [item, item]), arity: { 0: [] } },
  same: {
    fn: (items: unknown[], others: unknown) => [items.length === (others as unknown[]).length],
    arity: { 1: ['AnyAtRoot'] },
  },
  pick: {
    fn: (items: unknown[], wanted: (item: unknown) => unknown[]) =>
      items.filter((item) => wanted(item).length > 0),
    arity: { 1: ['Expr'] },
    internalStructures: true,
  },
} as unknown as NonNullable<Question['functions']>;

/** A generated expression with generated data to evaluate it on. */
export function randomQuestion(seed: number): Question {
  const random = randomOf(seed);
  const base = random.chance(0.3) ? random.of(ELEMENTS) : undefined;
  const resource =
    base === undefined ? randomResource(random.of(RESOURCES), random) : randomElement(base, random);
  const other = randomResource(random.of(RESOURCES), random);
  const [typed] = fhirpath.evaluate(
    { resourceType: 'Patient', birthDate: '2026-03-01' },
    'birthDate',
    {},
    undefined,
    {
      resolveInternalTypes: false,
    },
  );
  const expression = randomExpression(random, [...namesIn([resource, other])]);
  const variables = {
    resource,
    text: 'a',
    number: 2,
    when: '2026-03-01T10:00:00Z',
    typed,
    list: [other, { group: 'a', answer: 'b' }, 'a', 2, true],
    other: [other, randomResource('Observation', random)],
    nothing: [],
  };
  return {
    expression,
    context: random.chance(0.1) ? [resource, other] : resource,
    variables,
    functions,
    ...(base && { base }),
  };
}
