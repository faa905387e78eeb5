import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { aggregateVerdicts } from '../kept/aggregate.ts';
import type { Counts } from '../suppression/table.ts';
import type { ReportPeriod } from './model.ts';
import type { ParameterMeasure } from './parameters.ts';

/** Counts of one month in one municipality; '' for those whose municipality is not known. */
export interface MunicipalCounts extends Counts {
  readonly measure: string;
  readonly month: ReportPeriod;
  readonly municipality: string;
}

/** The parameters by month and municipality, from the kept verdicts: one pass a Measure. */
export async function parameterCounts(
  store: Store,
  parameters: readonly ParameterMeasure[],
  months: readonly ReportPeriod[],
  asOf: string,
  calendar: Calendar,
): Promise<MunicipalCounts[]> {
  if (months.length === 0 || parameters.length === 0) return [];
  const nameOf = new Map(parameters.map(({ id, measure }) => [measure.id, id]));
  const rows = await aggregateVerdicts(
    store,
    {
      measures: [...nameOf.keys()],
      periods: months.map(({ start, end }) => ({ firstDay: start, lastDay: end })),
      asOf,
      by: 'municipality',
    },
    { calendar },
  );
  return rows.map(({ measure, period, value = '', numerator, denominator, excluded, pending }) => ({
    measure: nameOf.get(measure)!,
    month: months[period]!,
    municipality: value,
    numerator,
    denominator,
    excluded,
    pending,
  }));
}
