import type { PlanDefinition } from '@medplum/fhirtypes';
import { compileFhirPath } from '../fhir/fhirpath.ts';
import type { Calendar } from './calendar.ts';
import { factFunctions } from './fact-functions.ts';
import { factVariables } from './fact-variables.ts';
import type { StayFacts } from './facts/facts.ts';
import type { Condition } from './obligation-rule.ts';

/** Hears of a condition that could not be evaluated on the data of a stay; what it says names no citizen. */
export type ProblemListener = (condition: Condition, error: unknown) => void;

/**
 * Evaluates conditions of agreements over the facts of one stay. Empty (unknown) is not true; neither is a condition
 * that fails on this data, which the listener hears of: a faulty condition must not keep hospitals from sending.
 */
export interface Evaluator {
  /** The first condition on the stay that does not hold; undefined when all do. */
  firstUnmet(conditions: readonly Condition[], agreement: PlanDefinition): Condition | undefined;
  /** Whether all conditions hold of another resource. */
  allHold(conditions: readonly Condition[], agreement: PlanDefinition, context: unknown): boolean;
}

export function createEvaluator(
  facts: StayFacts,
  calendar: Calendar,
  onProblem?: ProblemListener,
): Evaluator {
  const variables = new Map<PlanDefinition, Record<string, unknown>>();
  // The same condition stands under several obligations of an agreement: once is enough.
  const ofStay = new Map<PlanDefinition, Map<string, boolean>>();

  const holds = (condition: Condition, agreement: PlanDefinition, context: unknown): boolean => {
    let known = variables.get(agreement);
    if (known === undefined) {
      known = factVariables(facts, agreement);
      variables.set(agreement, known);
    }
    try {
      const [value, ...more] = compiled(condition, calendar)(context, known);
      return value === true && more.length === 0;
    } catch (error) {
      onProblem?.(condition, error);
      return false;
    }
  };
  const holdsOfStay = (condition: Condition, agreement: PlanDefinition): boolean => {
    const results = ofStay.get(agreement) ?? new Map<string, boolean>();
    ofStay.set(agreement, results);
    const result = results.get(condition.expression) ?? holds(condition, agreement, facts.stay);
    results.set(condition.expression, result);
    return result;
  };
  return {
    firstUnmet: (conditions, agreement) => conditions.find((condition) => !holdsOfStay(condition, agreement)),
    allHold: (conditions, agreement, context) =>
      conditions.every((condition) => holds(condition, agreement, context)),
  };
}

/** @throws FhirPathError on a syntax error */
export function compiled(condition: Condition, calendar: Calendar): ReturnType<typeof compileFhirPath> {
  return compileFhirPath(condition.expression, { functions: factFunctions(calendar), untrusted: true });
}
