import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import { CliError } from '../io.ts';
import { problemOf, type Target } from '../load/target.ts';
import type { By } from './by.ts';
import type { Period } from './period.ts';
import { isStratifiedBy, type ResultLine, resultLines, stratifiersOf } from './result.ts';

/** The six national parameters in their order, by id of their Measure, with short titles. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  'admission-report': 'P1 Admission report',
  'discharge-plan': 'P2 Joint discharge plan',
  'care-pathway-plan': 'P3 Care pathway plan',
  'ready-for-discharge': 'P4 Ready-for-discharge notice',
  'discharge-report': 'P5 Discharge report',
  'discharge-letter': 'P6 Discharge letter to GP',
};

export interface EvaluationRequest extends By {
  /** Ids of Measures. */
  readonly measures: readonly string[];
  readonly period: Period;
  /** dateTime; now when absent. */
  readonly asOf?: string;
  readonly smallNumbers?: 'mask' | 'show';
}

export interface Evaluated {
  readonly reports: readonly MeasureReport[];
  readonly lines: readonly ResultLine[];
}

/** The summaries of a Measure in the order of time: one, or one for each period of a series. */
async function reportsOf(
  target: Target,
  measure: string,
  { period, asOf, series, smallNumbers }: EvaluationRequest,
): Promise<MeasureReport[]> {
  const query = new URLSearchParams({ periodStart: period.start, periodEnd: period.end });
  const optional = { asOf, series, smallNumbers };
  for (const [name, value] of Object.entries(optional)) if (value !== undefined) query.set(name, value);
  const path = `/Measure/${encodeURIComponent(measure)}/$evaluate-measure?${query}`;
  const answer = await target.send({ method: 'GET', path });
  if (answer.status !== 200) throw new CliError(`${measure}: ${problemOf(answer)}`);
  const resource = JSON.parse(answer.body) as MeasureReport | Bundle<MeasureReport>;
  return resource.resourceType === 'Bundle'
    ? (resource.entry ?? []).flatMap((entry) => entry.resource ?? [])
    : [resource];
}

/** Asks for the summaries of each measure. @throws CliError when one is refused */
export async function evaluateAll(target: Target, request: EvaluationRequest): Promise<Evaluated> {
  const reports: MeasureReport[] = [];
  const lines: ResultLine[] = [];
  for (const measure of request.measures) {
    for (const report of await reportsOf(target, measure, request)) {
      reports.push(report);
      lines.push(...resultLines(measure, PARAMETERS[measure] ?? measure, report, request));
    }
  }
  const { stratifier } = request;
  if (stratifier !== undefined && !reports.some((report) => isStratifiedBy(report, stratifier))) {
    const known = new Set(reports.flatMap(stratifiersOf));
    throw new CliError(
      `--by ${stratifier}: the measures are stratified by ${[...known].join(', ') || 'nothing'}`,
      2,
    );
  }
  return { reports, lines };
}
