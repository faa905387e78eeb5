/**
 * The smallest k with P(X ≤ k) ≥ probability, X binomial(size, chance): R's `qbinom`. Terms are built from their
 * logarithms, so that sizes of many thousands neither underflow nor overflow.
 * @throws RangeError for a negative or broken size, or a chance or probability outside [0, 1]
 */
export function binomialQuantile(probability: number, size: number, chance: number): number {
  if (!Number.isInteger(size) || size < 0) throw new RangeError(`a whole size ≥ 0 is needed, not ${size}`);
  if (!(chance >= 0 && chance <= 1)) throw new RangeError(`a chance in [0, 1] is needed, not ${chance}`);
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`a probability in [0, 1] is needed, not ${probability}`);
  }
  if (chance === 0) return 0;
  if (chance === 1 || probability === 1) return probability === 0 ? 0 : size;
  const odds = Math.log(chance) - Math.log1p(-chance);
  let logTerm = size * Math.log1p(-chance);
  let cumulative = Math.exp(logTerm);
  let k = 0;
  // A sum that equals the probability but for rounding (which grows with the terms) counts as reached, as in R.
  const reached = probability * (1 - 64 * Number.EPSILON * (size + 1));
  while (k < size && cumulative < reached) {
    logTerm += Math.log(size - k) - Math.log(k + 1) + odds;
    cumulative += Math.exp(logTerm);
    k += 1;
  }
  return k;
}
