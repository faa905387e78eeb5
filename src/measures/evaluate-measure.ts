import type { MeasureReport } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import type { Reader, Store } from '../store/store.ts';
import type { Compiled } from './compile/compiled-cache.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import type { EvaluateMeasureRequest, Evaluation } from './evaluate-request.ts';
import { addFailures } from './failures.ts';
import { freshlyKept } from './kept/fresh.ts';
import { keptVerdicts } from './kept/stored-verdicts.ts';
import { type EvaluateMeasureOptions, prepare } from './prepare.ts';
import { base, refuseStayParameters, talliesFor } from './report/base.ts';
import { withChosen } from './report/chosen.ts';
import { addEvaluated } from './report/individual.ts';
import { addMembers } from './report/members.ts';
import { reportOf } from './report/report.ts';
import { count, type GroupTally } from './report/tally.ts';
import { stayVerdicts } from './stays/stay-verdicts.ts';
import { namesOfStrata } from './stays/stratum-value.ts';
import type { Verdict } from './stays/verdict.ts';
import type { SubjectMeasure } from './subjects/subject-measure.ts';
import { subjectVerdicts } from './subjects/subject-verdicts.ts';
import { summaryReports } from './summaries.ts';

/**
 * `$evaluate-measure` (R4 Measure-evaluate-measure): one MeasureReport, individual, subject-list or summary.
 * @throws FhirError 400 naming a parameter that is missing or wrong; 404 or 410 for the Measure or subject; 422 with
 * `not-supported` and the path for criteria in another language than FHIRPath, and for a Measure that is wrong
 */
export async function evaluateMeasure(
  store: Store,
  request: EvaluateMeasureRequest,
  options: EvaluateMeasureOptions = {},
): Promise<MeasureReport> {
  const { evaluation, measures, ...when } = await prepare(store, [request], options);
  const [compiled] = measures as [Compiled];
  if (evaluation.type === 'summary') {
    const [[report] = []] = await summaryReports(store, measures, evaluation, [evaluation.period], when);
    return report as MeasureReport;
  }
  return compiled.kind === 'stay'
    ? reportOnStays(store, compiled.measure, evaluation, when)
    : reportOnSubjects(store, compiled.measure, evaluation, when);
}

interface When {
  readonly calendar: Calendar;
  readonly now: string;
}

async function reportOnStays(
  store: Store,
  measure: CompiledMeasure,
  evaluation: Evaluation,
  { calendar, now }: When,
): Promise<MeasureReport> {
  const {
    kept: [kept],
  } = await freshlyKept(store, [measure.measure], calendar);
  const tallies = talliesFor(measure.groups);
  const verdicts: Verdict[] = [];
  const source =
    kept === undefined
      ? stayVerdicts(store, measure, evaluation, calendar)
      : keptVerdicts(store, kept, evaluation);
  for await (const verdict of source) {
    count(tallies, verdict, evaluation.asOf);
    verdicts.push(verdict);
  }
  verdicts.sort((one, other) => (one.member < other.member ? -1 : 1));
  const report = await reportWithStrata(store, measure, evaluation, tallies, now);
  if (evaluation.type === 'subject-list') addMembers(report, verdicts, evaluation.asOf);
  if (evaluation.type === 'individual') {
    const changed = await changedSince(store, evaluation.lastReceivedOn, verdicts);
    addEvaluated(report, measure, verdicts, { asOf: evaluation.asOf, calendar, changed });
  }
  addFailures(report, verdicts);
  return report;
}

async function reportOnSubjects(
  store: Store,
  measure: SubjectMeasure,
  evaluation: Evaluation,
  { calendar, now }: When,
): Promise<MeasureReport> {
  refuseStayParameters(evaluation);
  const { subject, period, asOf } = evaluation;
  const tallies = talliesFor(measure.groups);
  const verdicts: Verdict[] = [];
  const request = { periods: [period], asOf, subject };
  for await (const { verdict } of subjectVerdicts(store, measure, request, calendar)) {
    count(tallies, verdict, asOf);
    verdicts.push(verdict);
  }
  const report = await reportWithStrata(store, measure, evaluation, tallies, now);
  if (evaluation.type === 'subject-list') addMembers(report, verdicts, asOf);
  addFailures(report, verdicts);
  return report;
}

async function reportWithStrata(
  reader: Reader,
  measure: CompiledMeasure | SubjectMeasure,
  evaluation: Evaluation,
  tallies: readonly GroupTally[],
  now: string,
): Promise<MeasureReport> {
  const chosen = withChosen(measure.groups, tallies, evaluation.stratifiers);
  const names = await namesOfStrata(reader, chosen.tallies);
  return reportOf({ ...base(measure, evaluation, now), ...chosen, names });
}

/** Whether a resource is newer than what the client has; all are, when it does not say. */
async function changedSince(
  reader: Reader,
  lastReceivedOn: string | undefined,
  verdicts: readonly Verdict[],
): Promise<(reference: string) => boolean> {
  if (lastReceivedOn === undefined) return () => true;
  const references = [...new Set(verdicts.flatMap(({ evidence }) => evidence))];
  const keys = references.map((reference) => {
    const [type = '', id = ''] = reference.split('/');
    return { type, id };
  });
  const versions = await reader.readMany(keys);
  return (reference) => (versions.get(reference)?.lastUpdated ?? '') > lastReceivedOn;
}
