import type { Proportion } from './counts.ts';
import { type Difference, differenceOfProportions } from './difference.ts';

/** `Measure.improvementNotation`: whether a higher or a lower score is better. */
export type ImprovementNotation = 'increase' | 'decrease';

type Development = 'better' | 'worse' | 'no-sure-change' | 'not-comparable';

export interface Change {
  readonly development: Development;
  /** `now` − `before`; absent when either has nothing to count. */
  readonly difference?: Difference;
}

/** Which way a difference of scores points, given what the Measure calls an improvement. */
export function directionOf(
  difference: number,
  notation: ImprovementNotation,
): 'better' | 'worse' | 'unchanged' {
  if (difference === 0) return 'unchanged';
  return difference > 0 === (notation === 'increase') ? 'better' : 'worse';
}

/**
 * The development from one period to another: better or worse only when the interval of the difference leaves
 * out 0, so that chance is not taken for a change.
 */
export function developmentOf(
  before: Proportion,
  now: Proportion,
  notation: ImprovementNotation,
  level = 0.95,
): Change {
  const difference = differenceOfProportions(now, before, level);
  if (difference === undefined) return { development: 'not-comparable' };
  const direction = directionOf(difference.estimate, notation);
  const sure = difference.low > 0 || difference.high < 0;
  return { development: sure && direction !== 'unchanged' ? direction : 'no-sure-change', difference };
}
