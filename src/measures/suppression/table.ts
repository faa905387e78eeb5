/**
 * What is to be published: counts per unit × measure × period. Units form a tree (nation > region > municipality),
 * periods a forest (year > quarter > month), so that every total in the tables is a sum of others.
 */
export interface CountTable {
  readonly units: readonly Branch[];
  readonly periods: readonly Branch[];
  readonly rows: readonly CountRow[];
}

/** A node of a tree; no parent: a root. Every child of a node that is published must be named. */
export interface Branch {
  readonly id: string;
  readonly parent?: string;
}

/** Population counts as a MeasureReport has them: the denominator includes the excluded and the pending. */
export interface Counts {
  readonly numerator: number;
  readonly denominator: number;
  /** Denominator exclusions. */
  readonly excluded: number;
  /** Denominator exceptions: not yet due, not yet done. */
  readonly pending: number;
}

export interface CountRow extends Counts {
  readonly unit: string;
  readonly measure: string;
  readonly period: string;
}

/** The counts that a score rests on: the denominator without the excluded and the pending. */
export function scored(counts: Counts): number {
  return counts.denominator - counts.excluded - counts.pending;
}

/**
 * The parts of a row. `met + notMet = scored` and `scored + excluded + pending = denominator`; whoever has all but
 * one of a sum has the last one too, shown or not.
 */
export const COMPONENTS = ['met', 'notMet', 'excluded', 'pending', 'scored', 'denominator'] as const;

export type Component = (typeof COMPONENTS)[number];

/** The leaves of the sums within a row. */
export const PARTS = ['met', 'notMet', 'excluded', 'pending'] as const satisfies readonly Component[];

export type Part = (typeof PARTS)[number];

/** @throws RangeError when the counts cannot be counts */
export function componentsOf(row: CountRow): Record<Component, number> {
  const { numerator, denominator, excluded, pending } = row;
  const left = scored(row);
  const values = {
    met: numerator,
    notMet: left - numerator,
    excluded,
    pending,
    scored: left,
    denominator,
  };
  for (const [component, value] of Object.entries(values)) {
    if (!Number.isSafeInteger(value) || value < 0) {
      throw new RangeError(
        `${row.measure}, ${row.unit}, ${row.period}: ${component} is ${value}; whole counts with ` +
          'numerator + excluded + pending ≤ denominator are needed',
      );
    }
  }
  return values;
}
