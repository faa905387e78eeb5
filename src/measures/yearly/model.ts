import type { ImprovementNotation } from '../statistics/improvement.ts';
import type { Branch, CountRow } from '../suppression/table.ts';

/**
 * Everything that the yearly report is made of, as plain data: the same data always gives the same package. Counts
 * are the true ones; nothing is rendered before publish.ts has hidden what must be hidden.
 */
export interface YearlyReport {
  readonly year: number;
  /** The instant (UTC) that decided what was due. */
  readonly asOf: string;
  /** The instant (UTC) of making it. */
  readonly generated: string;
  readonly publisher: string;
  /** Nation, regions, municipalities. */
  readonly units: readonly ReportUnit[];
  /** Years with their quarters and months; the report's year and earlier ones. */
  readonly periods: readonly ReportPeriod[];
  readonly parameters: readonly Parameter[];
  /**
   * `measure` is a parameter's id or {@link COURSES}; nation and regions in every period, municipalities in years.
   */
  readonly counts: readonly CountRow[];
  /** Where the Measure of the courses says what is funded. */
  readonly funding?: Funding;
  readonly agreements: readonly AgreementInForce[];
}

/** The "measure" of the number of courses: its numerator and its denominator are that number. */
export const COURSES = 'courses';

type UnitLevel = 'nation' | 'region' | 'municipality' | 'unknown';

export interface ReportUnit extends Branch {
  readonly level: UnitLevel;
  /** Code and its system; the nation: `DK`. */
  readonly code: string;
  readonly system: string;
  readonly name: string;
}

export interface ReportPeriod extends Branch {
  readonly kind: 'year' | 'quarter' | 'month';
  /** First and last day, `2026-01-01`. */
  readonly start: string;
  readonly end: string;
}

export interface Parameter {
  /** `P1` … `P6`, or the Measure's id. */
  readonly id: string;
  readonly url: string;
  readonly version: string;
  readonly title: string;
  /** The operational definition, in Danish. */
  readonly definition: string;
  readonly notation: ImprovementNotation;
  /** Who counts in which population, in Danish. */
  readonly populations: {
    readonly denominator: string;
    readonly numerator: string;
    readonly excluded: string;
    readonly pending: string;
  };
}

export interface AgreementInForce {
  readonly url: string;
  readonly version: string;
  readonly title: string;
  /** Name of the region, or that it is the default. */
  readonly area: string;
}

/** What is funded in the report's year. */
export interface Funding {
  readonly courses: number;
  /** Million kroner, where it is said. */
  readonly money?: { readonly regions: number; readonly municipalities: number };
  readonly source: string;
  /** Funded courses by unit id, where somebody shares them out, and who does. */
  readonly shares?: { readonly coursesOf: ReadonlyMap<string, number>; readonly source: string };
}
