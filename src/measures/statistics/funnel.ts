import { checkProportion, type Interval, type Proportion, pool, rateOf } from './counts.ts';
import { twoSidedZ } from './normal-quantile.ts';

/** Where a unit lies: within the 95 % limits, between 95 % and 99.8 %, or beyond 99.8 %. */
type FunnelPlace = 'within' | 'alert' | 'alarm';

export interface FunnelPoint<Unit> {
  readonly unit: Unit;
  readonly rate: number;
  readonly limits95: Interval;
  readonly limits998: Interval;
  readonly place: FunnelPlace;
  readonly side: 'above' | 'below' | 'on';
}

export interface Funnel<Unit> {
  /** The pooled share of all units: the line of the plot. */
  readonly pooled: number;
  readonly points: readonly FunnelPoint<Unit>[];
}

/**
 * The limits for a unit with n observations, as the English public health indicators draw them
 * (PHEindicatormethods `calculate_funnel_limits`, type proportion): the observed shares whose own Wilson interval
 * just touches the pooled share. Solved for the observed share that is pooled ± z·√(pooled(1 − pooled)/n), cut to
 * [0, 1]; so a unit lies outside exactly when its Wilson interval leaves out the pooled share.
 */
export function funnelLimits(pooled: number, denominator: number, level: number): Interval {
  const reach =
    denominator === 0
      ? Number.POSITIVE_INFINITY
      : twoSidedZ(level) * Math.sqrt((pooled * (1 - pooled)) / denominator);
  return { low: Math.max(0, pooled - reach), high: Math.min(1, pooled + reach) };
}

/**
 * A funnel plot of units around their pooled share (or a given one). Units without observations are left out;
 * undefined when there are none at all. It labels and does not rank.
 */
export function funnel<Unit extends Proportion>(
  units: readonly Unit[],
  pooledShare?: number,
): Funnel<Unit> | undefined {
  units.forEach(checkProportion);
  const pooled = pooledShare ?? rateOf(pool(units));
  if (pooled === undefined) return undefined;
  const points = units.flatMap((unit): FunnelPoint<Unit>[] => {
    const rate = rateOf(unit);
    if (rate === undefined) return [];
    const limits95 = funnelLimits(pooled, unit.denominator, 0.95);
    const limits998 = funnelLimits(pooled, unit.denominator, 0.998);
    const outside = (limits: Interval) => rate < limits.low || rate > limits.high;
    const place = outside(limits998) ? 'alarm' : outside(limits95) ? 'alert' : 'within';
    return [{ unit, rate, limits95, limits998, place, side: sideOf(rate, pooled) }];
  });
  return { pooled, points };
}

function sideOf(rate: number, line: number): 'above' | 'below' | 'on' {
  if (rate === line) return 'on';
  return rate > line ? 'above' : 'below';
}
