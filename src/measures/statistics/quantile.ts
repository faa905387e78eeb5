/**
 * Sample quantile by linear interpolation between order statistics (Hyndman & Fan 1996, type 7: the default of R,
 * NumPy and Excel's PERCENTILE.INC). Undefined for no values.
 * @throws RangeError for a probability outside [0, 1] or a value that is no number
 */
export function quantile(values: readonly number[], probability: number): number | undefined {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`a probability in [0, 1] is needed, not ${probability}`);
  }
  if (values.some((value) => Number.isNaN(value))) throw new RangeError('a value is not a number');
  if (values.length === 0) return undefined;
  const sorted = Float64Array.from(values).sort();
  const position = (sorted.length - 1) * probability;
  const below = Math.floor(position);
  const lower = sorted[below]!;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)]!;
  return lower + (position - below) * (upper - lower);
}

export function median(values: readonly number[]): number | undefined {
  return quantile(values, 0.5);
}
