import type { FhirError } from '../outcome.ts';
import { withinTime } from '../within-time.ts';

/** Milliseconds of one evaluation; usual ones take thousandths of that. */
const LONGEST = 1_000;
/** Milliseconds for which an expression that was ended has less: each try holds up everybody. */
const REST = 60_000;
/** What one evaluation has then, more than enough for data that is not the cause, and what all of them have together. */
const SHORT = 25;
const TOGETHER = 1_000;

/** The same evaluation, ended when it takes too long. @throws FhirError 422 too-costly */
export function limited<Asked extends unknown[], Answer>(
  evaluate: (...asked: Asked) => Answer,
): (...asked: Asked) => Answer {
  let ended: { readonly error: FhirError; readonly until: number; left: number } | undefined;
  return (...asked) => {
    if (ended !== undefined && performance.now() >= ended.until) ended = undefined;
    if (ended !== undefined && ended.left <= 0) throw ended.error;
    const given = ended === undefined ? LONGEST : Math.min(SHORT, ended.left);
    const budget = { left: given };
    try {
      return withinTime(budget, 'The expression', () => evaluate(...asked));
    } catch (error) {
      if (budget.left <= 0) {
        ended ??= { error: error as FhirError, until: performance.now() + REST, left: TOGETHER };
      }
      throw error;
    } finally {
      if (ended !== undefined && given < LONGEST) ended.left -= given - budget.left;
    }
  };
}
