import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import { OVERGANG } from '../fhir/canonical.ts';
import { badRequest } from '../fhir/outcome.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';
import type { Store } from '../store/store.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import {
  base,
  type EvaluateMeasureOptions,
  prepare,
  refuseStayParameters,
  talliesFor,
} from './evaluate-measure.ts';
import type { EvaluateMeasureRequest, Evaluation } from './evaluate-request.ts';
import { addFailures } from './failures.ts';
import { freshlyKept } from './kept/fresh.ts';
import { storedSeries } from './kept/stored-tally.ts';
import { keptFailures, keptVerdicts } from './kept/stored-verdicts.ts';
import { reportOf } from './report/report.ts';
import { seriesPeriods } from './report/series-periods.ts';
import { count, type GroupTally } from './report/tally.ts';
import { isWithin, stayVerdicts } from './stays/stay-verdicts.ts';
import { namesOfStrata } from './stays/stratum-value.ts';
import type { Verdict } from './stays/verdict.ts';
import { evaluateSubject, type SubjectMeasure } from './subjects/subject-measure.ts';
import { subjectPages } from './subjects/subject-pages.ts';

/** What is known of one period of a series. */
interface Part {
  readonly evaluation: Evaluation;
  readonly tallies: readonly GroupTally[];
  /** Those that could not be evaluated. */
  readonly failures: readonly Verdict[];
}

export interface SeriesRequest extends EvaluateMeasureRequest {
  /** `month`, `quarter` or `year`: the measurement period is made of whole ones. */
  readonly series: string;
}

/**
 * `$evaluate-measure` for a series of periods at once, which is ours: a Bundle (collection) of summary MeasureReports
 * in the order of time, each what the same request for its period answers. One pass over the kept verdicts.
 * @throws FhirError as evaluateMeasure; 400 naming the parameter for a series that is none, for a period that is not
 * made of whole ones, and for another report than a summary
 */
export async function evaluateSeries(
  store: Store,
  { series, ...request }: SeriesRequest,
  options: EvaluateMeasureOptions = {},
): Promise<Bundle<MeasureReport>> {
  const { evaluation, compiled, calendar, now } = await prepare(store, request, options);
  if (evaluation.type !== 'summary') {
    throw badRequest(
      'A series is made of summaries: ask for reportType=population, or for one period',
      'Parameters.reportType',
      'business-rule',
    );
  }
  const evaluations = seriesPeriods(series, evaluation.period, calendar).map(
    (period): Evaluation => ({ ...evaluation, period }),
  );
  const { measure } = compiled;
  const parts =
    compiled.kind === 'stay'
      ? await ofStays(store, compiled.measure, evaluation, evaluations, calendar)
      : await ofSubjects(store, compiled.measure, evaluations);
  const names = await namesOfStrata(
    store,
    parts.flatMap(({ tallies }) => tallies),
  );
  const about = [measure.canonical, evaluation.subject ?? '', evaluation.practitioner ?? '', evaluation.asOf];
  return {
    resourceType: 'Bundle',
    type: 'collection',
    timestamp: now,
    entry: parts.map((part) => {
      const { firstDay, lastDay } = part.evaluation.period;
      const report = reportOf({ ...base(measure, part.evaluation, now), tallies: part.tallies, names });
      addFailures(report, part.failures);
      const name = `${OVERGANG}/series/${[...about, firstDay, lastDay].join('|')}`;
      return { fullUrl: `urn:uuid:${uuidV5(URL_NAMESPACE, name)}`, resource: report };
    }),
  };
}

async function ofStays(
  store: Store,
  measure: CompiledMeasure,
  whole: Evaluation,
  evaluations: readonly Evaluation[],
  calendar: Calendar,
): Promise<Part[]> {
  const kept = await freshlyKept(store, measure.measure, calendar);
  if (kept !== undefined && whole.subject === undefined && whole.practitioner === undefined) {
    const periods = evaluations.map(({ period }) => period);
    const tallies = await storedSeries(store, kept, periods, whole.asOf);
    const failures = await keptFailures(store, kept, whole.period);
    return evaluations.map((evaluation, index) => ({
      evaluation,
      tallies: tallies[index] as GroupTally[],
      failures: failures.filter((verdict) => isWithin(verdict, evaluation.period)),
    }));
  }
  const parts = evaluations.map((evaluation) => emptyPart(evaluation, measure));
  const source =
    kept === undefined ? stayVerdicts(store, measure, whole, calendar) : keptVerdicts(store, kept, whole);
  for await (const verdict of source) {
    for (const part of parts) if (isWithin(verdict, part.evaluation.period)) take(part, verdict);
  }
  return parts.map(inOrder);
}

async function ofSubjects(
  store: Store,
  measure: SubjectMeasure,
  evaluations: readonly Evaluation[],
): Promise<Part[]> {
  const parts = evaluations.map((evaluation) => emptyPart(evaluation, measure));
  for (const { evaluation } of parts) refuseStayParameters(evaluation);
  for await (const page of subjectPages(store, measure.types, evaluations[0]?.subject)) {
    for (const data of page) {
      for (const part of parts) {
        const { period, asOf } = part.evaluation;
        for (const verdict of evaluateSubject(measure, data, period, asOf)) take(part, verdict);
      }
    }
  }
  return parts.map(inOrder);
}

interface OpenPart extends Part {
  readonly failures: Verdict[];
}

function emptyPart(evaluation: Evaluation, { groups }: CompiledMeasure | SubjectMeasure): OpenPart {
  return { evaluation, tallies: talliesFor(groups), failures: [] };
}

function take(part: OpenPart, verdict: Verdict): void {
  count(part.tallies, verdict, part.evaluation.asOf);
  if (verdict.failure !== undefined) part.failures.push(verdict);
}

function inOrder(part: OpenPart): OpenPart {
  part.failures.sort((one, other) => (one.member < other.member ? -1 : 1));
  return part;
}
