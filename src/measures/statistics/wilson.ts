import { checkProportion, type Interval, type Proportion } from './counts.ts';
import { twoSidedZ } from './normal-quantile.ts';

/**
 * Wilson's score interval of a proportion (Wilson 1927; method 3 of Newcombe, Stat. Med. 17:857, 1998): the true
 * shares from which the observed one lies no more than z standard errors away. Stays within [0, 1] and is sound at
 * 0 and n. Undefined when the denominator is 0.
 * @param level two-sided confidence, 0.95 unless told
 */
export function wilsonInterval(counts: Proportion, level = 0.95): Interval | undefined {
  checkProportion(counts);
  const { numerator, denominator } = counts;
  if (denominator === 0) return undefined;
  const z2 = twoSidedZ(level) ** 2;
  const share = numerator / denominator;
  const centre = share + z2 / (2 * denominator);
  const half = Math.sqrt((z2 * share * (1 - share)) / denominator + (z2 / (2 * denominator)) ** 2);
  const scale = 1 + z2 / denominator;
  // At 0 and n a limit is exactly 0 or 1; rounding would leave 1e-17 or let the interval miss its own estimate.
  return {
    low: numerator === 0 ? 0 : Math.max(0, (centre - half) / scale),
    high: numerator === denominator ? 1 : Math.min(1, (centre + half) / scale),
  };
}
