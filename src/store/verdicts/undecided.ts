/**
 * Of the bits of a verdict, two say what is pending (src/measures/report/populations.ts): 32 from the due time on,
 * 64 before it. Where they differ, the verdict is undecided: the time of asking chooses.
 */
const FROM_DUE = 32;
const BEFORE_DUE = 64;
const BOTH = FROM_DUE | BEFORE_DUE;

export function isUndecided(bits: number): boolean {
  return (bits & BOTH) === FROM_DUE || (bits & BOTH) === BEFORE_DUE;
}

/** The bits as cells have them: nothing is undecided that has no due time, since no time of asking lies before it. */
export function cellBits(bits: number, hasDue: boolean): number {
  if (hasDue || !isUndecided(bits)) return bits;
  return (bits & FROM_DUE) === 0 ? bits & ~BOTH : bits | BOTH;
}

/** The populations when asked before the due time, or from it on; 32 then says what is pending. */
export function settledBits(bits: number, beforeDue: boolean): number {
  const pending = beforeDue ? (bits & BEFORE_DUE) / 2 : bits & FROM_DUE;
  return (bits & ~BOTH) | pending;
}

/** SQL: the bits of a slot at the time of asking. */
export function bitsAtSql(slot: number, asOf: string): string {
  const pending = `CASE WHEN due${slot} > ${asOf} THEN (bits${slot} & ${BEFORE_DUE}) / 2 ELSE bits${slot} & ${FROM_DUE} END`;
  return `(bits${slot} & ~${BOTH}) | (${pending})`;
}

/** SQL: whether the verdict in a slot is undecided, and asked about before its due time. */
export function openSql(slot: number, asOf: string): string {
  // Implied by the second condition, and what the index is on.
  return `settled > ${asOf} AND due${slot} > ${asOf} AND bits${slot} & ${BOTH} IN (${FROM_DUE}, ${BEFORE_DUE})`;
}
