import type { FhirError } from '../outcome.ts';
import { withinTime } from '../within-time.ts';

/** Milliseconds of one evaluation; usual ones take thousandths of that. */
const LONGEST = 1_000;
/** Milliseconds for which an expression that was ended is not tried again: each try would hold up everybody. */
const REST = 60_000;

/** The same evaluation, ended when it takes too long. @throws FhirError 422 too-costly */
export function limited<Asked extends unknown[], Answer>(
  evaluate: (...asked: Asked) => Answer,
): (...asked: Asked) => Answer {
  let refused: { readonly error: FhirError; readonly until: number } | undefined;
  return (...asked) => {
    if (refused !== undefined && performance.now() < refused.until) throw refused.error;
    const budget = { left: LONGEST };
    try {
      return withinTime(budget, 'The expression', () => evaluate(...asked));
    } catch (error) {
      if (budget.left <= 0) refused = { error: error as FhirError, until: performance.now() + REST };
      throw error;
    }
  };
}
