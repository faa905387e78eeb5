import type {
  MeasureReportGroup,
  MeasureReportGroupPopulation,
  MeasureReportGroupStratifierStratum,
} from '@medplum/fhirtypes';
import type { PublishedRow } from '../suppression/suppress.ts';
import type { Counts } from '../suppression/table.ts';
import { isPopulationCode, type PopulationCode, type Scoring } from '../vocabulary.ts';

export type Counted = MeasureReportGroup | MeasureReportGroupStratifierStratum;

/** Which field of which table a population's count is. */
interface Place {
  readonly table: string;
  readonly field: 'numerator' | 'denominator' | 'excluded' | 'pending' | 'scored';
}

/**
 * Where the counts of a scoring stand in the tables that are suppressed. Populations that are not here (initial
 * populations beside others, exclusions from a proportion's numerator) are never shown: other measures share them,
 * and what lies between them and those shown would be one subtraction away.
 */
const PLACES: { readonly [scoring in Scoring]: { readonly [code in PopulationCode]?: Place } } = {
  cohort: { 'initial-population': { table: 'all', field: 'denominator' } },
  proportion: {
    denominator: { table: 'all', field: 'denominator' },
    'denominator-exclusion': { table: 'all', field: 'excluded' },
    'denominator-exception': { table: 'all', field: 'pending' },
    numerator: { table: 'all', field: 'numerator' },
  },
  'continuous-variable': {
    'measure-population': { table: 'all', field: 'denominator' },
    'measure-population-exclusion': { table: 'all', field: 'excluded' },
    'measure-observation': { table: 'all', field: 'scored' },
  },
  // Neither population of a ratio lies in the other.
  ratio: {
    denominator: { table: 'denominator', field: 'denominator' },
    'denominator-exclusion': { table: 'denominator', field: 'excluded' },
    numerator: { table: 'numerator', field: 'denominator' },
    'numerator-exclusion': { table: 'numerator', field: 'excluded' },
  },
};

export function placeOf(scoring: Scoring, population: MeasureReportGroupPopulation): Place | undefined {
  const code = codeOf(population);
  return code === undefined ? undefined : PLACES[scoring][code];
}

function codeOf(population: MeasureReportGroupPopulation): PopulationCode | undefined {
  return population.code?.coding?.map(({ code }) => code).find(isPopulationCode);
}

/** The counts of a group or stratum as tables, by name. A proportion's and a cohort's is `all`. */
export function tablesOf(scoring: Scoring, counted: Counted): ReadonlyMap<string, Counts> {
  const tables = new Map<string, Record<Place['field'], number>>();
  for (const place of Object.values(PLACES[scoring])) {
    tables.set(place.table, { numerator: 0, denominator: 0, excluded: 0, pending: 0, scored: 0 });
  }
  for (const population of counted.population ?? []) {
    const place = placeOf(scoring, population);
    const table = place && tables.get(place.table);
    if (place !== undefined && table !== undefined) table[place.field] += population.count ?? 0;
  }
  return new Map(
    [...tables].map(([name, { numerator, denominator, excluded, pending }]) => {
      // Where nothing is met or not, all that is counted is.
      const met = scoring === 'proportion' ? numerator : denominator - excluded - pending;
      return [name, { numerator: met, denominator, excluded, pending }];
    }),
  );
}

/** Whether the published rows let the score of a group or stratum be shown. */
export function showsScore(scoring: Scoring, counted: Counted, rows: readonly PublishedRow[]): boolean {
  // The score is without them, the numerator shown is with them.
  const hasHidden =
    scoring === 'proportion' &&
    (counted.population ?? []).some((one) => codeOf(one) === 'numerator-exclusion' && one.count !== 0);
  return !hasHidden && rows.every(({ numerator, scored }) => 'value' in numerator && 'value' in scored);
}
