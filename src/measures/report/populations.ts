import type { PopulationCode, Scoring } from '../vocabulary.ts';

/**
 * Membership of one member (a stay, a patient) in the populations of a group, as a bit set that fits a smallint.
 * Membership is always criterion ∩ parent (HL7 fhir-cqm, "population semantics").
 *
 * Whether something is *pending* depends on the time of asking: `exceptionBefore` holds while `%asOf < due`,
 * `exception` from `due` on (or always, when there is no due time).
 */
export const BIT = {
  initialPopulation: 1,
  denominator: 2,
  denominatorExclusion: 4,
  numerator: 8,
  numeratorExclusion: 16,
  exception: 32,
  exceptionBefore: 64,
  measurePopulation: 128,
  measurePopulationExclusion: 256,
  /** The evaluation failed on this member's data. */
  error: 512,
} as const;

const BIT_OF: { readonly [code in PopulationCode]: number } = {
  'initial-population': BIT.initialPopulation,
  denominator: BIT.denominator,
  'denominator-exclusion': BIT.denominatorExclusion,
  numerator: BIT.numerator,
  'numerator-exclusion': BIT.numeratorExclusion,
  'denominator-exception': BIT.exception,
  'measure-population': BIT.measurePopulation,
  'measure-population-exclusion': BIT.measurePopulationExclusion,
  // Observed are the members of the measure population that are not excluded: no membership of its own.
  'measure-observation': 0,
};

/** Asks whether the criterion of a population holds; false where the group has no such population. */
export type Criterion = (code: PopulationCode) => boolean;

/**
 * Bits of one member at one time of asking (never `exceptionBefore`). Criteria are asked only while they matter, the
 * cheap parents first.
 */
export function membership(scoring: Scoring, holds: Criterion): number {
  if (!holds('initial-population')) return 0;
  switch (scoring) {
    case 'cohort':
      return BIT.initialPopulation;
    case 'continuous-variable':
      return BIT.initialPopulation | measured(holds);
    case 'ratio':
      return BIT.initialPopulation | ratioDenominator(holds) | withExclusion(holds);
    case 'proportion':
      return BIT.initialPopulation | proportion(holds);
  }
}

function proportion(holds: Criterion): number {
  if (!holds('denominator')) return 0;
  if (holds('denominator-exclusion')) return BIT.denominator | BIT.denominatorExclusion;
  const numerator = withExclusion(holds);
  if (numerator !== 0) return BIT.denominator | numerator;
  return BIT.denominator | (holds('denominator-exception') ? BIT.exception : 0);
}

function ratioDenominator(holds: Criterion): number {
  if (!holds('denominator')) return 0;
  return BIT.denominator | (holds('denominator-exclusion') ? BIT.denominatorExclusion : 0);
}

function withExclusion(holds: Criterion): number {
  if (!holds('numerator')) return 0;
  return BIT.numerator | (holds('numerator-exclusion') ? BIT.numeratorExclusion : 0);
}

function measured(holds: Criterion): number {
  if (!holds('measure-population')) return 0;
  const excluded = holds('measure-population-exclusion');
  return BIT.measurePopulation | (excluded ? BIT.measurePopulationExclusion : 0);
}

/** Whether a member with these bits counts in a population, when asked before or from its due time on. */
export function isMember(bits: number, code: PopulationCode, beforeDue: boolean): boolean {
  if (code === 'denominator-exception' && beforeDue) return (bits & BIT.exceptionBefore) !== 0;
  if (code === 'measure-observation') return isObserved(bits);
  return (bits & BIT_OF[code]) !== 0;
}

/** Whether the member's observation enters the aggregate of a continuous variable. */
export function isObserved(bits: number): boolean {
  return (bits & BIT.measurePopulation) !== 0 && (bits & BIT.measurePopulationExclusion) === 0;
}

export type VerdictWord = 'not-applicable' | 'excluded' | 'met' | 'pending' | 'not-met';

/** The one word for a member of a proportion. */
export function verdictWord(bits: number, beforeDue: boolean): VerdictWord {
  if ((bits & BIT.denominator) === 0) return 'not-applicable';
  if ((bits & BIT.denominatorExclusion) !== 0) return 'excluded';
  if ((bits & BIT.numerator) !== 0) return (bits & BIT.numeratorExclusion) === 0 ? 'met' : 'not-met';
  return isMember(bits, 'denominator-exception', beforeDue) ? 'pending' : 'not-met';
}
