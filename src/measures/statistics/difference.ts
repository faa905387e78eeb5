import { type Interval, type Proportion, rateOf } from './counts.ts';
import { wilsonInterval } from './wilson.ts';

/** The difference of two shares, `first` − `second`, with its interval. */
export interface Difference extends Interval {
  readonly estimate: number;
}

/**
 * Newcombe's hybrid score interval of the difference of two independent proportions (method 10 of Newcombe,
 * Stat. Med. 17:873, 1998), built of the two Wilson intervals. Undefined when either denominator is 0.
 */
export function differenceOfProportions(
  first: Proportion,
  second: Proportion,
  level = 0.95,
): Difference | undefined {
  const a = rateOf(first);
  const b = rateOf(second);
  const around = wilsonInterval(first, level);
  const beside = wilsonInterval(second, level);
  if (a === undefined || b === undefined || around === undefined || beside === undefined) return undefined;
  return {
    estimate: a - b,
    low: a - b - Math.hypot(a - around.low, beside.high - b),
    high: a - b + Math.hypot(around.high - a, b - beside.low),
  };
}
