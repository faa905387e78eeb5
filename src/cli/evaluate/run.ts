import type { MeasureReport } from '@medplum/fhirtypes';
import { CliError } from '../io.ts';
import { problemOf, type Target } from '../load/target.ts';
import type { Period } from './period.ts';
import { type ResultLine, resultLines } from './result.ts';

/** The six national parameters in their order, by id of their Measure, with short titles. */
export const PARAMETERS: Readonly<Record<string, string>> = {
  'admission-report': 'P1 Admission report',
  'discharge-plan': 'P2 Joint discharge plan',
  'care-pathway-plan': 'P3 Care pathway plan',
  'ready-for-discharge': 'P4 Ready-for-discharge notice',
  'discharge-report': 'P5 Discharge report',
  'discharge-letter': 'P6 Discharge letter to GP',
};

export interface EvaluationRequest {
  /** Ids of Measures. */
  readonly measures: readonly string[];
  readonly period: Period;
  /** dateTime; now when absent. */
  readonly asOf?: string;
  /** Code of a stratifier, such as `region`. */
  readonly by?: string;
}

export interface Evaluated {
  readonly reports: readonly MeasureReport[];
  readonly lines: readonly ResultLine[];
}

async function report(target: Target, measure: string, request: EvaluationRequest): Promise<MeasureReport> {
  const query = new URLSearchParams({ periodStart: request.period.start, periodEnd: request.period.end });
  if (request.asOf !== undefined) query.set('asOf', request.asOf);
  const path = `/Measure/${encodeURIComponent(measure)}/$evaluate-measure?${query}`;
  const answer = await target.send({ method: 'GET', path });
  if (answer.status !== 200) throw new CliError(`${measure}: ${problemOf(answer)}`);
  return JSON.parse(answer.body) as MeasureReport;
}

/** Asks for the summary report of each measure. @throws CliError when one is refused */
export async function evaluateAll(target: Target, request: EvaluationRequest): Promise<Evaluated> {
  const reports: MeasureReport[] = [];
  const lines: ResultLine[] = [];
  for (const measure of request.measures) {
    const found = await report(target, measure, request);
    reports.push(found);
    lines.push(...resultLines(measure, PARAMETERS[measure] ?? measure, found, request.by));
  }
  if (request.by !== undefined && lines.every((line) => line.stratum === undefined)) {
    const known = reports[0]?.group?.[0]?.stratifier?.flatMap(
      (one) => one.code?.[0]?.coding?.[0]?.code ?? [],
    );
    throw new CliError(
      `--by ${request.by}: the measures are stratified by ${(known ?? []).join(', ') || 'nothing'}`,
      2,
    );
  }
  return { reports, lines };
}
