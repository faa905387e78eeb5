import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import { OVERGANG } from '../fhir/canonical.ts';
import { badRequest } from '../fhir/outcome.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';
import type { Store } from '../store/store.ts';
import type { Compiled } from './compile/compiled-cache.ts';
import type { EvaluateMeasureRequest, Evaluation } from './evaluate-request.ts';
import { type EvaluateMeasureOptions, prepare } from './prepare.ts';
import { isChosen } from './report/chosen.ts';
import { seriesPeriods } from './report/series-periods.ts';
import { summaryReports } from './summaries.ts';

export interface EvaluateMeasuresRequest extends Omit<EvaluateMeasureRequest, 'measure'> {
  /** Measures as `measure` names one; absent where the operation was called on one. */
  readonly measures?: readonly string[];
  /** `month`, `quarter` or `year`: the measurement period is made of whole ones, and each has a report. */
  readonly series?: string;
}

/** Reports and the stratifiers in them: each costs memory and time to write down. */
const LARGEST = 2000;

/**
 * `$evaluate-measure` for several Measures, or for a series of periods, or both, which is ours: a Bundle (collection) of
 * summary MeasureReports, Measure by Measure in the order asked, each in the order of time. Each is what a request for
 * that Measure and period alone answers; all are counted together.
 * @throws FhirError as evaluateMeasure; 400 naming the parameter for a series that is none, for a period that is not
 * made of whole ones, for another report than a summary, for a Measure named twice, and for too much at once
 */
export async function evaluateMeasures(
  store: Store,
  { series, measures: names, ...request }: EvaluateMeasuresRequest,
  options: EvaluateMeasureOptions = {},
): Promise<Bundle<MeasureReport>> {
  const requests = names?.length ? names.map((measure) => ({ ...request, measure })) : [request];
  const { evaluation, measures, calendar, now } = await prepare(store, requests, options);
  if (evaluation.type !== 'summary') {
    const several = series === undefined ? 'Several Measures at once are' : 'A series is made of';
    throw badRequest(
      `${several} summaries: ask for reportType=population, or for one ${series === undefined ? 'Measure' : 'period'}`,
      'Parameters.reportType',
      'business-rule',
    );
  }
  const periods =
    series === undefined ? [evaluation.period] : seriesPeriods(series, evaluation.period, calendar);
  checkSize(measures, periods.length, evaluation);
  const reports = await summaryReports(store, measures, evaluation, periods, { calendar, now });
  const about = [evaluation.subject ?? '', evaluation.practitioner ?? '', evaluation.asOf];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: now,
    entry: reports.flat().map((report) => {
      const { start, end } = report.period;
      const name = `${OVERGANG}/series/${[report.measure, ...about, start, end].join('|')}`;
      return { fullUrl: `urn:uuid:${uuidV5(URL_NAMESPACE, name)}`, resource: report };
    }),
  };
}

function checkSize(measures: readonly Compiled[], periods: number, { stratifiers }: Evaluation): void {
  const parts = measures.flatMap(({ measure }) =>
    measure.groups.map(
      (group) => 1 + group.stratifiers.filter((one) => isChosen(one, stratifiers) !== false).length,
    ),
  );
  const size = periods * parts.reduce((sum, own) => sum + own, 0);
  if (size <= LARGEST) return;
  throw badRequest(
    `These are ${size} reports and stratifiers in them; ${LARGEST} can be answered at once: ask for fewer Measures, periods or stratifiers`,
    'Parameters.stratifier',
    'too-costly',
  );
}
