import { rateOf } from './counts.ts';

/** How many observations could not be judged, of how many that should be. */
export interface Missing {
  readonly missing: number;
  readonly expected: number;
  /** `missing / expected`; absent when nothing was expected. */
  readonly share?: number;
}

/**
 * The share of missing data (uoplyst).
 * @throws RangeError unless 0 ≤ missing ≤ expected
 */
export function shareMissing(missing: number, expected: number): Missing {
  const share = rateOf({ numerator: missing, denominator: expected });
  return { missing, expected, ...(share === undefined ? {} : { share }) };
}
