import type { MeasureReport } from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../coordination/calendar.ts';
import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import type { Reader, Store } from '../store/store.ts';
import { compiledOf } from './compile/compiled-cache.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import { checkRequest, type EvaluateMeasureRequest, type Evaluation } from './evaluate-request.ts';
import { addFailures } from './failures.ts';
import { measureById, measureByReference, type StoredMeasure } from './find-measure.ts';
import { freshlyKept } from './kept/fresh.ts';
import { storedTallies } from './kept/stored-tally.ts';
import { keptFailures, keptVerdicts } from './kept/stored-verdicts.ts';
import { addEvaluated } from './report/individual.ts';
import { addMembers } from './report/members.ts';
import { reportOf } from './report/report.ts';
import { count, emptyTally, type GroupTally } from './report/tally.ts';
import { stayVerdicts } from './stays/stay-verdicts.ts';
import { namesOfStrata } from './stays/stratum-value.ts';
import type { Verdict } from './stays/verdict.ts';
import { evaluateSubject, type SubjectMeasure } from './subjects/subject-measure.ts';
import { subjectPages } from './subjects/subject-pages.ts';

export interface EvaluateMeasureOptions {
  /** Local days and deadlines; Europe/Copenhagen when absent. */
  readonly calendar?: Calendar;
  /** The time of the report, and of asking where the request names none; the clock when absent. */
  readonly now?: string;
}

const copenhagen = createCalendar();

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
  const { evaluation, compiled, calendar, now } = await prepare(store, request, options);
  return compiled.kind === 'stay'
    ? reportOnStays(store, compiled.measure, evaluation, calendar, now)
    : reportOnSubjects(store, compiled.measure, evaluation, now);
}

/** A request checked, its Measure compiled, its subject known to be there. @throws FhirError as evaluateMeasure */
export async function prepare(
  reader: Reader,
  request: EvaluateMeasureRequest,
  options: EvaluateMeasureOptions,
) {
  const calendar = options.calendar ?? copenhagen;
  const now = options.now ?? new Date().toISOString();
  const evaluation = checkRequest(request, calendar, now);
  const compiled = compiledOf(await storedMeasure(reader, evaluation), calendar);
  if (evaluation.subject !== undefined) await checkSubject(reader, evaluation.subject);
  return { evaluation, compiled, calendar, now };
}

function storedMeasure(reader: Reader, { measure }: Evaluation): Promise<StoredMeasure> {
  return 'id' in measure ? measureById(reader, measure.id) : measureByReference(reader, measure.reference);
}

/** The text of the reference is not repeated: somebody may have put a CPR number in it. */
async function checkSubject(reader: Reader, subject: string): Promise<void> {
  const [type = '', id = ''] = subject.split('/');
  const found = await reader.read(type, id);
  if (found === undefined)
    throw notFound(`There is no ${type} with the id of the subject`, 'Parameters.subject');
  if (found.deleted) throw gone(`The ${type} that is the subject was deleted`);
}

async function reportOnStays(
  store: Store,
  measure: CompiledMeasure,
  evaluation: Evaluation,
  calendar: Calendar,
  now: string,
): Promise<MeasureReport> {
  const kept = await freshlyKept(store, measure.measure, calendar);
  const summed =
    kept !== undefined &&
    evaluation.type === 'summary' &&
    evaluation.subject === undefined &&
    evaluation.practitioner === undefined;
  const tallies = summed
    ? await storedTallies(store, kept, evaluation.period, evaluation.asOf)
    : talliesFor(measure.groups);
  const verdicts: Verdict[] = summed ? await keptFailures(store, kept, evaluation.period) : [];
  if (!summed) {
    const source =
      kept === undefined
        ? stayVerdicts(store, measure, evaluation, calendar)
        : keptVerdicts(store, kept, evaluation);
    for await (const verdict of source) {
      count(tallies, verdict, evaluation.asOf);
      if (evaluation.type !== 'summary' || verdict.failure !== undefined) verdicts.push(verdict);
    }
    verdicts.sort((one, other) => (one.member < other.member ? -1 : 1));
  }
  const report = reportOf({
    ...base(measure, evaluation, now),
    tallies,
    names: await namesOfStrata(store, tallies),
  });
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
  now: string,
): Promise<MeasureReport> {
  refuseStayParameters(evaluation);
  const { subject, period, asOf } = evaluation;
  const tallies = talliesFor(measure.groups);
  const kept: Verdict[] = [];
  for await (const page of subjectPages(store, measure.types, subject)) {
    for (const data of page) {
      for (const verdict of evaluateSubject(measure, data, period, asOf)) {
        count(tallies, verdict, asOf);
        if (evaluation.type !== 'summary' || verdict.failure !== undefined) kept.push(verdict);
      }
    }
  }
  const report = reportOf({
    ...base(measure, evaluation, now),
    tallies,
    names: await namesOfStrata(store, tallies),
  });
  if (evaluation.type === 'subject-list') addMembers(report, kept, asOf);
  addFailures(report, kept);
  return report;
}

/** @throws FhirError 400 for what a Measure about patients knows nothing of */
export function refuseStayParameters({ subject, practitioner }: Evaluation): void {
  if (practitioner === undefined && !subject?.startsWith('Encounter/')) return;
  const name = practitioner === undefined ? 'subject' : 'practitioner';
  throw badRequest(
    `This Measure is about patients: ${name} cannot be used with it`,
    `Parameters.${name}`,
    'not-supported',
  );
}

export function talliesFor(groups: readonly { readonly stratifiers: readonly unknown[] }[]): GroupTally[] {
  return groups.map((group) => emptyTally(group.stratifiers.length));
}

/** What a report says whatever was counted. */
export function base(measure: CompiledMeasure | SubjectMeasure, evaluation: Evaluation, now: string) {
  return {
    measure: measure.measure,
    canonical: measure.canonical,
    groups: measure.groups,
    period: evaluation.period,
    type: evaluation.type,
    date: now,
    ...(evaluation.type === 'individual' && evaluation.subject !== undefined
      ? { subject: evaluation.subject }
      : {}),
  };
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
