/** `numerator` of `denominator` observations; whole or fractional, 0 ≤ numerator ≤ denominator. */
export interface Proportion {
  readonly numerator: number;
  readonly denominator: number;
}

/** An interval on the scale 0..1 (or −1..1 for a difference). */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

/** @throws RangeError when the counts are no proportion */
export function checkProportion({ numerator, denominator }: Proportion): void {
  if (!(numerator >= 0 && numerator <= denominator && Number.isFinite(denominator))) {
    throw new RangeError(`0 ≤ numerator ≤ denominator is needed, not ${numerator} of ${denominator}`);
  }
}

/** The share, or undefined when there is nothing to share: a rate of nothing is no number. */
export function rateOf(counts: Proportion): number | undefined {
  checkProportion(counts);
  return counts.denominator === 0 ? undefined : counts.numerator / counts.denominator;
}

/** The counts of several units or periods as one. */
export function pool(parts: readonly Proportion[]): Proportion {
  return {
    numerator: parts.reduce((sum, part) => sum + part.numerator, 0),
    denominator: parts.reduce((sum, part) => sum + part.denominator, 0),
  };
}
