import type { MeasureReport, Parameters, Resource } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import { loadStayFacts, type StayFacts } from '../coordination/stay-facts.ts';
import { errorIssue, FhirError } from '../fhir/outcome.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';
import type { Store } from '../store/store.ts';
import type { Compiled } from './compile/compiled-cache.ts';
import { requiredTypes } from './data-requirements.ts';
import type { EvaluateMeasureRequest, Evaluation } from './evaluate-request.ts';
import { freshlyKept } from './kept/fresh.ts';
import { keptVerdicts } from './kept/stored-verdicts.ts';
import { prepare } from './prepare.ts';
import { refuseStayParameters } from './report/base.ts';
import { stayVerdicts } from './stays/stay-verdicts.ts';
import { subjectPages } from './subjects/subject-pages.ts';

/** On a MeasureReport of type data-collection: whether what came before still holds (Da Vinci DEQM). */
const UPDATE_TYPE = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-submitDataUpdateType';
/** Resources of one answer. */
const MOST = 20_000;
/** Stays whose facts are gathered at a time. */
const BATCH = 500;

/** The parameters of `$collect-data`: those of `$evaluate-measure` that choose whom it is about. */
export type CollectDataRequest = Omit<EvaluateMeasureRequest, 'reportType' | 'asOf' | 'stratifiers'>;

/**
 * `$collect-data` (R4 Measure-collect-data): a MeasureReport of type data-collection, and the resources that the Measure
 * is computed from, for the stays (or subjects) that belong to the period.
 * @throws FhirError 400, 404, 410, 422 as evaluateMeasure; 422 `too-costly` for more than 20,000 resources
 */
export async function collectData(
  store: Store,
  { lastReceivedOn, ...request }: CollectDataRequest,
  options: { readonly calendar: Calendar; readonly now?: string },
): Promise<Parameters> {
  const asked = { ...request, reportType: request.subject === undefined ? 'population' : 'subject' };
  const since = lastReceivedOn === undefined ? {} : { reportType: 'subject', lastReceivedOn };
  const { evaluation, measures, calendar, now } = await prepare(store, [{ ...asked, ...since }], options);
  const [compiled] = measures as [Compiled];
  const types = requiredTypes(compiled);
  const found = new Map<string, Resource>();
  for await (const resource of dataOf(store, compiled, evaluation, calendar)) {
    if (resource.id === undefined || !types.has(resource.resourceType) || isOld(resource, evaluation))
      continue;
    found.set(`${resource.resourceType}/${resource.id}`, resource);
    if (found.size > MOST) throw tooMuch();
  }
  const resources = [...found].sort(([one], [other]) => (one < other ? -1 : 1));
  const report = reportOf(
    compiled,
    evaluation,
    resources.map(([reference]) => reference),
    now,
  );
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'measureReport', resource: report },
      ...resources.map(([, resource]) => ({ name: 'resource', resource })),
    ],
  };
}

function reportOf(
  { measure }: Compiled,
  { period, subject, lastReceivedOn }: Evaluation,
  references: readonly string[],
  now: string,
): MeasureReport {
  const about = [measure.canonical, period.firstDay, period.lastDay, subject ?? '', now].join('|');
  return {
    resourceType: 'MeasureReport',
    id: uuidV5(URL_NAMESPACE, `collect-data|${about}`),
    extension: [{ url: UPDATE_TYPE, valueCode: lastReceivedOn === undefined ? 'snapshot' : 'incremental' }],
    status: 'complete',
    type: 'data-collection',
    measure: measure.canonical,
    ...(subject === undefined ? {} : { subject: { reference: subject } }),
    date: now,
    reporter: { display: 'Overgang' },
    period: { start: period.firstDay, end: period.lastDay },
    ...(references.length === 0 ? {} : { evaluatedResource: references.map((reference) => ({ reference })) }),
  };
}

async function* dataOf(
  store: Store,
  compiled: Compiled,
  evaluation: Evaluation,
  calendar: Calendar,
): AsyncGenerator<Resource> {
  if (compiled.kind !== 'stay') {
    refuseStayParameters(evaluation);
    for await (const page of subjectPages(store, compiled.measure.types, evaluation.subject)) {
      for (const { patient, data } of page) if (data.length > 0) yield* [patient, ...data];
    }
    return;
  }
  const {
    kept: [kept],
  } = await freshlyKept(store, [compiled.measure.measure], calendar);
  const verdicts =
    kept === undefined
      ? stayVerdicts(store, compiled.measure, evaluation, calendar)
      : keptVerdicts(store, kept, evaluation);
  let ids: string[] = [];
  for await (const { member } of verdicts) {
    ids.push(member.slice('Encounter/'.length));
    if (ids.length < BATCH) continue;
    yield* resourcesOf(await loadStayFacts(store, ids, { calendar }));
    ids = [];
  }
  if (ids.length > 0) yield* resourcesOf(await loadStayFacts(store, ids, { calendar }));
}

function resourcesOf(facts: readonly StayFacts[]): Resource[] {
  return facts.flatMap(({ stay, patient, course, episodes, exchanges, plans, organizations }) => [
    stay,
    ...(patient === undefined ? [] : [patient]),
    ...(course === undefined ? [] : [course]),
    ...episodes,
    ...exchanges,
    ...plans,
    ...organizations,
  ]);
}

/** What the client has already. */
function isOld({ meta }: Resource, { lastReceivedOn }: Evaluation): boolean {
  return lastReceivedOn !== undefined && (meta?.lastUpdated ?? '') <= lastReceivedOn;
}

function tooMuch(): FhirError {
  return new FhirError(422, [
    errorIssue(
      'too-costly',
      `The Measure rests on more than ${MOST} resources in this period: ask for a shorter one, or for one subject`,
      'Parameters.periodEnd',
    ),
  ]);
}
