import { describe, expect, it } from '@jest/globals';
import { createCalendar } from '../../../src/coordination/calendar.ts';
import { inclusionFunctions } from '../../../src/coordination/inclusion/inclusion-functions.ts';
import { RULE_FUNCTIONS } from '../../../src/fhir/validation/rule-functions.ts';
import { measureFunctions } from '../../../src/measures/compile/functions.ts';
import { byCompiler, byEngine, HANDED_OVER, NOT_COMPILED, type Question } from './engine.ts';
import { agreementExpressions, constraints, measureExpressions } from './project-expressions.ts';
import { projectVariables, withNamed } from './project-variables.ts';
import { randomOf } from './random.ts';
import { randomElement, randomResource } from './random-element.ts';

/** Data that each expression is evaluated on. */
const RUNS = Number(process.env.RUNS ?? 3);
const calendar = createCalendar();

/** Compares what the compiler does not leave to fhirpath.js. @returns whether it left it though there is no error */
function compare(question: Question): boolean {
  const mine = byCompiler(question);
  expect(mine).not.toBe(NOT_COMPILED);
  if (mine === HANDED_OVER) return Array.isArray(byEngine(question));
  expect({ expression: question.expression, result: mine }).toEqual({
    expression: question.expression,
    result: byEngine(question),
  });
  return false;
}

describe.each([
  ['a Measure', measureExpressions(), measureFunctions(calendar)],
  ['an agreement', agreementExpressions(), inclusionFunctions(calendar)],
])('an expression of %s', (_, expressions, functions) => {
  const courses = [...projectVariables(4)];

  it('is compiled, and gives what fhirpath.js gives on generated courses', () => {
    expect(expressions.length).toBeGreaterThan(20);
    const handedOver = expressions.filter(({ text, named = new Map() }) =>
      courses
        .slice(0, RUNS)
        .map((known) => {
          const variables = withNamed(known, named, functions);
          return compare({ expression: text, context: known.stay, variables, functions });
        })
        .includes(true),
    );
    expect(handedOver).toEqual([]);
  });

  it('gives what fhirpath.js gives when each name stands for something else', () => {
    const random = randomOf(7);
    for (const { text } of expressions) {
      for (let run = 0; run < RUNS; run += 1) {
        const known = random.of(courses);
        const values = [...Object.values(known), [], 'a', 3, randomResource('Observation', random)];
        const variables = Object.fromEntries(Object.keys(known).map((name) => [name, random.of(values)]));
        const [context] = [random.of(values)].flat();
        compare({ expression: text, context, variables, functions });
      }
    }
  });
});

describe('a constraint of our profiles and of R4', () => {
  const all = constraints();

  it('is compiled, but for htmlChecks(), which the validator does itself', () => {
    expect(new Set(all.map(({ text }) => text)).size).toBeGreaterThan(200);
    const left = all.filter(
      ({ text, base }) =>
        byCompiler({ expression: text, context: [], functions: RULE_FUNCTIONS, ...(base && { base }) }) ===
        NOT_COMPILED,
    );
    expect([...new Set(left.map(({ text }) => text))]).toEqual(['htmlChecks()']);
  });

  it('gives what fhirpath.js gives on generated elements', () => {
    const random = randomOf(11);
    const distinct = [...new Map(all.map((constraint) => [constraint.text, constraint])).values()];
    for (const { text, base = '' } of distinct.filter((constraint) => constraint.text !== 'htmlChecks()')) {
      for (let run = 0; run < RUNS; run += 1) {
        const isResource = /^[A-Z][A-Za-z]+$/.test(base) && random.chance(0.5);
        const element = { ...(isResource && { resourceType: base }), ...randomElement(base, random) };
        const resource = random.chance(0.5) ? element : randomResource('Patient', random);
        const variables = { resource, rootResource: resource };
        compare({ expression: text, context: element, variables, functions: RULE_FUNCTIONS, base });
      }
    }
  });
});
