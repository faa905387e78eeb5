import type { Calendar } from '../../coordination/calendar.ts';
import { createCalendar } from '../../coordination/calendar.ts';
import { badRequest, notFound } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import { BIT } from '../report/populations.ts';
import { type Cell, members } from '../report/tally.ts';
import { fillVerdicts } from './fill.ts';
import { currentlyKept, type Kept } from './kept-measures.ts';
import { refreshVerdicts } from './refresh.ts';
import { storedSeries } from './stored-tally.ts';

export interface AggregateRequest {
  /** Ids of Measures whose verdicts are kept; none twice. */
  readonly measures: readonly string[];
  /** Consecutive periods of whole local days, in order. */
  readonly periods: readonly { readonly firstDay: string; readonly lastDay: string }[];
  /** Instant, UTC: decides what was due. */
  readonly asOf: string;
  /** Code of a stratifier that the Measures have (`municipality`); absent: the whole. */
  readonly by?: string;
}

/** Stays of one Measure, period and stratum; combinations without stays have no row. */
export interface AggregateRow {
  readonly measure: string;
  /** Index into the periods. */
  readonly period: number;
  /** Value of the stratifier, '' for none; absent when nothing is asked by. */
  readonly value?: string;
  readonly initialPopulation: number;
  /** Those excluded and those pending included, as FHIR counts. */
  readonly denominator: number;
  readonly excluded: number;
  readonly numerator: number;
  readonly pending: number;
}

const copenhagen = createCalendar();

/**
 * Many periods and strata of many Measures at once, as series and yearly reports need them: one look at the kept
 * verdicts. Counts are those of each Measure's first group.
 * @throws FhirError 404 for a Measure whose verdicts are not kept, 400 for a stratifier that it does not have
 */
export async function aggregateVerdicts(
  store: Store,
  request: AggregateRequest,
  options: { readonly calendar?: Calendar } = {},
): Promise<AggregateRow[]> {
  const calendar = options.calendar ?? copenhagen;
  await fillVerdicts(store, calendar);
  await refreshVerdicts(store, calendar);
  const kept = (await currentlyKept(store, calendar)) ?? [];
  const wanted = request.measures.map((id) => {
    const measure = kept.find((one) => one.kept.id === id);
    if (measure === undefined)
      throw notFound(`No verdicts are kept of a Measure ${id}`, 'Parameters.measure');
    return { measure, by: request.by === undefined ? undefined : stratifierOf(measure, request.by) };
  });
  const series = await storedSeries(
    store,
    wanted.map(({ measure, by }) => ({
      kept: measure,
      stratified: (group: number, at: number) => group === 0 && at === by,
    })),
    request.periods,
    request.asOf,
  );
  return wanted.flatMap(({ measure, by }, index) =>
    request.periods.flatMap((_, period) => {
      const tally = series[index]?.[period]?.[0];
      if (tally === undefined) return [];
      const of = (cell: Cell, value?: string) => rowOf(cell, measure.kept.id, period, value);
      if (by === undefined) return tally.whole.size === 0 ? [] : [of(tally.whole)];
      const strata = [...(tally.strata[by] ?? [])].sort(([one], [other]) => one.localeCompare(other));
      return strata.map(([value, cell]) => of(cell, value));
    }),
  );
}

function rowOf(cell: Cell, measure: string, period: number, value: string | undefined): AggregateRow {
  return {
    measure,
    period,
    ...(value === undefined ? {} : { value }),
    initialPopulation: members(cell, BIT.initialPopulation),
    denominator: members(cell, BIT.denominator),
    excluded: members(cell, BIT.denominatorExclusion),
    numerator: members(cell, BIT.numerator, BIT.numeratorExclusion),
    pending: members(cell, BIT.exception),
  };
}

function stratifierOf({ compiled }: Kept, by: string): number {
  const codes = (compiled.groups[0]?.stratifiers ?? []).map(({ code }) => code?.coding?.[0]?.code);
  const index = codes.indexOf(by);
  if (index >= 0) return index;
  throw badRequest(
    `The Measure is not stratified by that; it is by ${codes.join(', ')}`,
    'Parameters.by',
    'not-found',
  );
}
