import type { Calendar } from '../../coordination/calendar.ts';
import { createCalendar } from '../../coordination/calendar.ts';
import { badRequest, notFound } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import { countVerdicts } from '../../store/verdicts/counts.ts';
import { valuesOfIds } from '../../store/verdicts/values.ts';
import { BIT } from '../report/populations.ts';
import { currentlyKept, type Kept } from './kept-measures.ts';
import { refreshVerdicts } from './refresh.ts';

export interface AggregateRequest {
  /** Ids of Measures whose verdicts are kept. */
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
 * Many periods and strata of many Measures at once, as series and yearly reports need them: one pass over the kept
 * verdicts a Measure. Counts are those of each Measure's first group.
 * @throws FhirError 404 for a Measure whose verdicts are not kept, 400 for a stratifier that it does not have
 */
export async function aggregateVerdicts(
  store: Store,
  request: AggregateRequest,
  options: { readonly calendar?: Calendar } = {},
): Promise<AggregateRow[]> {
  const calendar = options.calendar ?? copenhagen;
  await refreshVerdicts(store, calendar);
  const kept = (await currentlyKept(store, calendar)) ?? [];
  const rows: AggregateRow[] = [];
  for (const id of request.measures) {
    const measure = kept.find((one) => one.kept.id === id);
    if (measure === undefined)
      throw notFound(`No verdicts are kept of a Measure ${id}`, 'Parameters.measure');
    rows.push(...(await aggregateOne(store, measure, request)));
  }
  return rows;
}

async function aggregateOne(store: Store, measure: Kept, request: AggregateRequest): Promise<AggregateRow[]> {
  const group = measure.kept.layout.groups[0];
  if (group === undefined || request.periods.length === 0) return [];
  const column = request.by === undefined ? undefined : columnOf(measure, request.by);
  const { periods, asOf } = request;
  const by = [column === undefined ? [] : [column]];
  const counted = await countVerdicts(
    store,
    { pack: measure.kept.layout.pack, group, periods, asOf, by },
    false,
  );
  const ids = new Set(counted.flatMap(({ values }) => values).filter((id) => id !== null));
  const values = await valuesOfIds(store, [...ids]);
  const rows = new Map<string, Mutable<AggregateRow>>();
  for (const { period, values: own, bits, count } of counted) {
    const value = column === undefined ? undefined : (values.get(own[0] ?? -1) ?? '');
    const key = `${period} ${value}`;
    const row = rows.get(key) ?? empty(measure.kept.id, period, value);
    rows.set(key, row);
    row.initialPopulation += count * Number((bits & BIT.initialPopulation) !== 0);
    row.denominator += count * Number((bits & BIT.denominator) !== 0);
    row.excluded += count * Number((bits & BIT.denominatorExclusion) !== 0);
    row.numerator += count * Number((bits & BIT.numerator) !== 0 && (bits & BIT.numeratorExclusion) === 0);
    row.pending += count * Number((bits & BIT.exception) !== 0);
  }
  return [...rows.values()].sort(
    (one, other) => one.period - other.period || (one.value ?? '').localeCompare(other.value ?? ''),
  );
}

type Mutable<T> = { -readonly [key in keyof T]: T[key] };

function empty(measure: string, period: number, value: string | undefined): Mutable<AggregateRow> {
  const counts = { initialPopulation: 0, denominator: 0, excluded: 0, numerator: 0, pending: 0 };
  return { measure, period, ...(value === undefined ? {} : { value }), ...counts };
}

function columnOf({ compiled, kept }: Kept, by: string): number {
  const stratifiers = compiled.groups[0]?.stratifiers ?? [];
  const codeOf = (at: number): string | undefined => stratifiers[at]?.code?.coding?.[0]?.code;
  const index = stratifiers.findIndex((_, at) => codeOf(at) === by);
  const column = kept.layout.groups[0]?.strata[index];
  if (column === undefined) {
    const known = stratifiers.map((_, at) => codeOf(at)).join(', ');
    throw badRequest(
      `The Measure is not stratified by that; it is by ${known}`,
      'Parameters.by',
      'not-found',
    );
  }
  return column;
}
