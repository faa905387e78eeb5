import { checkProportion, type Proportion, pool, rateOf } from './counts.ts';
import { type PointSignal, pointSignals } from './p-chart-signals.ts';

interface PChartPoint extends Proportion {
  /** Absent when the denominator is 0: a gap. */
  readonly rate?: number;
  /** 3-sigma limits for this point's denominator, cut to [0, 1]. */
  readonly low: number;
  readonly high: number;
  readonly signals: readonly PointSignal[];
}

export interface PChart {
  /** p̄, the pooled share of the centre points. */
  readonly centre: number;
  readonly points: readonly PChartPoint[];
}

/**
 * Shewhart's p-chart with limits that vary with n: p̄ ± 3·√(p̄(1 − p̄)/nᵢ) (Montgomery, Introduction to Statistical
 * Quality Control, §7.2.2). Undefined when all denominators are 0.
 * @param options.centre a share fixed beforehand instead of the pooled one
 */
export function pChart(
  series: readonly Proportion[],
  options: { readonly centre?: number } = {},
): PChart | undefined {
  series.forEach(checkProportion);
  const centre = options.centre ?? rateOf(pool(series));
  if (centre === undefined) return undefined;
  const sigmas = series.map(({ denominator }) =>
    denominator === 0 ? Number.POSITIVE_INFINITY : Math.sqrt((centre * (1 - centre)) / denominator),
  );
  const rates = series.map((counts) => rateOf(counts));
  const signals = pointSignals(rates, centre, sigmas);
  return {
    centre,
    points: series.map((counts, index) => {
      const rate = rates[index];
      const reach = 3 * sigmas[index]!;
      return {
        numerator: counts.numerator,
        denominator: counts.denominator,
        ...(rate === undefined ? {} : { rate }),
        low: Math.max(0, centre - reach),
        high: Math.min(1, centre + reach),
        signals: signals[index]!,
      };
    }),
  };
}
