import { compileFhirPath } from '../fhir/fhirpath.ts';
import type { Calendar } from './calendar.ts';
import { factFunctions } from './fact-functions.ts';
import type { Condition } from './obligation-rule.ts';

/** Hears of a condition that could not be evaluated on the data of a stay; what it says names no citizen. */
export type ProblemListener = (condition: Condition, error: unknown) => void;

/**
 * Whether every condition is true of the context. Empty (unknown) is not true; so is a condition that fails on this
 * data, which the listener hears of: a faulty condition must not keep hospitals from sending.
 * @returns the first condition that does not hold, or undefined when all do
 */
export function firstUnmet(
  conditions: readonly Condition[],
  context: unknown,
  variables: Record<string, unknown>,
  calendar: Calendar,
  onProblem?: ProblemListener,
): Condition | undefined {
  return conditions.find((condition) => {
    try {
      const [value, ...more] = compiled(condition, calendar)(context, variables);
      return value !== true || more.length > 0;
    } catch (error) {
      onProblem?.(condition, error);
      return true;
    }
  });
}

/** @throws FhirPathError on a syntax error */
export function compiled(condition: Condition, calendar: Calendar): ReturnType<typeof compileFhirPath> {
  return compileFhirPath(condition.expression, { functions: factFunctions(calendar) });
}
