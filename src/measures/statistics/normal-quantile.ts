import { remembered } from '../../fhir/remembered.ts';

/**
 * Standard normal distribution: Φ(x), correct to about 1e-15 for |x| ≤ 8.
 * Taylor series around 0: every term is positive, so nothing cancels (Marsaglia, J. Stat. Softw. 11(4), 2004).
 */
export function normalCumulative(x: number): number {
  if (Number.isNaN(x)) return Number.NaN;
  if (x < -8) return 0;
  if (x > 8) return 1;
  let sum = x;
  let term = x;
  for (let odd = 3; Math.abs(term) > 1e-17 * Math.abs(sum); odd += 2) {
    term *= (x * x) / odd;
    sum += term;
  }
  return 0.5 + sum * Math.exp(-0.5 * x * x - 0.5 * Math.log(2 * Math.PI));
}

/**
 * z with Φ(z) = probability, for probability in (0, 1); Newton's method from 0 on the nearer half.
 * @throws RangeError for a probability outside (0, 1)
 */
export function normalQuantile(probability: number): number {
  if (!(probability > 0 && probability < 1)) {
    throw new RangeError(`a probability between 0 and 1 is needed, not ${probability}`);
  }
  if (probability < 0.5) return -normalQuantile(1 - probability);
  let z = 0;
  for (let round = 0; round < 100; round += 1) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    const step = (normalCumulative(z) - probability) / density;
    z -= step;
    if (Math.abs(step) < 1e-14) break;
  }
  return z;
}

/** The z of a two-sided interval: 0.95 → 1.96, 0.998 → 3.09. A few levels are asked for, of every stratum of every report. */
export const twoSidedZ = remembered(100, (level: number): number => {
  if (!(level > 0 && level < 1)) throw new RangeError(`a level between 0 and 1 is needed, not ${level}`);
  return normalQuantile(1 - (1 - level) / 2);
});
