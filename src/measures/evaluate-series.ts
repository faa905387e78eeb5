import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import type { Store } from '../store/store.ts';
import { evaluateMeasures } from './evaluate-measures.ts';
import type { EvaluateMeasureRequest } from './evaluate-request.ts';
import type { EvaluateMeasureOptions } from './prepare.ts';

export interface SeriesRequest extends EvaluateMeasureRequest {
  /** `month`, `quarter` or `year`: the measurement period is made of whole ones. */
  readonly series: string;
}

/** evaluateMeasures of one Measure. */
export function evaluateSeries(
  store: Store,
  { measure, ...request }: SeriesRequest,
  options: EvaluateMeasureOptions = {},
): Promise<Bundle<MeasureReport>> {
  return evaluateMeasures(
    store,
    measure === undefined ? request : { ...request, measures: [measure] },
    options,
  );
}
