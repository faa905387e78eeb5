import type { Scoring } from '../vocabulary.ts';
import { BIT } from './populations.ts';
import { type Cell, members } from './tally.ts';

/** How the observations of a continuous variable become one number (R4 measure-aggregate-method and its successors). */
export const AGGREGATES = ['count', 'sum', 'average', 'median', 'minimum', 'maximum'] as const;
export type Aggregate = (typeof AGGREGATES)[number];

/**
 * The score of a group; undefined where the denominator is empty: no number says "nothing to measure".
 * - proportion: (numerator − exclusion) / (denominator − exclusion − exception);
 * - ratio: (numerator − exclusion) / (denominator − exclusion);
 * - continuous-variable: the aggregate of the observations;
 * - cohort: none.
 * It is not inverted where a lower score is better: `improvementNotation` says so.
 */
export function scoreOf(
  scoring: Scoring,
  cell: Cell,
  observations: readonly number[],
  aggregate: Aggregate,
): number | undefined {
  if (scoring === 'cohort') return undefined;
  if (scoring === 'continuous-variable') return aggregateOf(observations, aggregate);
  const { numerator, denominator } = scored(cell);
  return denominator === 0 ? undefined : numerator / denominator;
}

/** Numerator and denominator as they are scored: without exclusions and exceptions. */
export function scored(cell: Cell): { readonly numerator: number; readonly denominator: number } {
  return {
    numerator: members(cell, BIT.numerator, BIT.numeratorExclusion),
    denominator: members(cell, BIT.denominator, BIT.denominatorExclusion | BIT.exception),
  };
}

function aggregateOf(values: readonly number[], aggregate: Aggregate): number | undefined {
  if (aggregate === 'count') return values.length;
  if (values.length === 0) return undefined;
  const sum = (): number => values.reduce((total, value) => total + value, 0);
  switch (aggregate) {
    case 'sum':
      return sum();
    case 'average':
      return sum() / values.length;
    case 'minimum':
      return values.reduce((one, other) => Math.min(one, other));
    case 'maximum':
      return values.reduce((one, other) => Math.max(one, other));
    case 'median':
      return median(values);
  }
}

/** The middle value, or the mean of the two in the middle. */
function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] as number;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] as number;
  return (lower + upper) / 2;
}
