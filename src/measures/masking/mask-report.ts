import type { MeasureReport, MeasureReportGroupPopulation } from '@medplum/fhirtypes';
import { EXTENSION } from '../../fhir/canonical.ts';
import { withCount } from '../suppression/masked.ts';
import type { PublishedRow } from '../suppression/suppress.ts';
import type { Counts } from '../suppression/table.ts';
import type { Scoring } from '../vocabulary.ts';
import { keyOf, stratumKey, tableName } from './frame.ts';
import type { Marked, Marks } from './marks.ts';
import { type Counted, placeOf, showsScore, tablesOf } from './report-counts.ts';

/** What of a report may be shown, in its place. */
export interface Mask {
  /** Id of the Measure. */
  readonly id: string;
  /** Scoring of each group. */
  readonly scorings: readonly Scoring[];
  /** `2026`, `2026-Q1`, `2026-03` */
  readonly period: string;
  readonly marks: Marks;
}

/**
 * The report with the counts, scores and lists that may be shown. A row that the frame does not have, or has with other
 * counts, is hidden whole.
 */
export function maskReport(report: MeasureReport, { id, scorings, period, marks }: Mask): MeasureReport {
  const group = (report.group ?? []).map((whole, index) => {
    const scoring = scorings[index] as Scoring;
    const nameOf = tableName(id, index);
    const masked = <T extends Counted>(one: T, stratum?: { stratifier: string; value: string }): T =>
      maskCounted(one, scoring, (table) => marks(nameOf(table), period, stratum));
    return {
      ...masked(whole),
      ...(whole.stratifier === undefined
        ? {}
        : {
            stratifier: whole.stratifier.map((one) => ({
              ...one,
              ...(one.stratum === undefined
                ? {}
                : {
                    stratum: one.stratum.map((stratum) =>
                      masked(stratum, { stratifier: keyOf(one.code?.[0]), value: stratumKey(stratum) }),
                    ),
                  }),
            })),
          }),
    };
  });
  return withoutHiddenLists({ ...report, group });
}

function maskCounted<T extends Counted>(
  counted: T,
  scoring: Scoring,
  markedOf: (table: string) => Marked | undefined,
): T {
  const rows = new Map<string, PublishedRow>();
  for (const [table, counts] of tablesOf(scoring, counted)) {
    const marked = markedOf(table);
    if (marked !== undefined && isSame(marked.counts, counts)) rows.set(table, marked.published);
  }
  const isKnown = rows.size === tablesOf(scoring, counted).size;
  const population = counted.population?.map((one) => {
    const place = placeOf(scoring, one);
    const row = place && rows.get(place.table);
    return maskPopulation(one, place === undefined || row === undefined ? undefined : row[place.field]);
  });
  return {
    ...counted,
    ...(population === undefined ? {} : { population }),
    ...(counted.measureScore === undefined || (isKnown && showsScore(scoring, counted, [...rows.values()]))
      ? {}
      : { measureScore: { extension: [{ url: EXTENSION.dataAbsentReason, valueCode: 'masked' }] } }),
  };
}

function maskPopulation(
  { count: _count, subjectResults, ...population }: MeasureReportGroupPopulation,
  published: PublishedRow['numerator'] = { masked: '*' },
): MeasureReportGroupPopulation {
  const list = 'value' in published && subjectResults !== undefined ? { subjectResults } : {};
  return { ...withCount(population, published), ...list };
}

function isSame(one: Counts, other: Counts): boolean {
  return (
    one.numerator === other.numerator &&
    one.denominator === other.denominator &&
    one.excluded === other.excluded &&
    one.pending === other.pending
  );
}

/** Lists of members that no population refers to any more are not told. */
function withoutHiddenLists(report: MeasureReport): MeasureReport {
  const { contained, ...rest } = report;
  if (contained === undefined) return report;
  const referred = new Set(
    (report.group ?? []).flatMap(({ population = [] }) =>
      population.flatMap(({ subjectResults }) => subjectResults?.reference ?? []),
    ),
  );
  const kept = contained.filter(({ resourceType, id }) => resourceType !== 'List' || referred.has(`#${id}`));
  return { ...rest, ...(kept.length === 0 ? {} : { contained: kept }) };
}
