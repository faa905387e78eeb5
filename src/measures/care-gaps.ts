import { randomUUID } from 'node:crypto';
import type {
  Bundle,
  BundleEntry,
  Composition,
  DetectedIssue,
  Measure,
  MeasureReport,
} from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../coordination/calendar.ts';
import { badRequest } from '../fhir/outcome.ts';
import type { Store } from '../store/store.ts';
import { compiledOf } from './compile/compiled-cache.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import { evaluateMeasure } from './evaluate-measure.ts';
import { checkRequest, type Evaluation } from './evaluate-request.ts';
import { explainVerdict } from './explain.ts';
import { measureById } from './find-measure.ts';
import { freshlyKept } from './kept/fresh.ts';
import { keptVerdicts } from './kept/stored-verdicts.ts';
import { pages } from './pages.ts';
import { verdictExtension } from './report/individual.ts';
import { verdictWord } from './report/populations.ts';
import { stayVerdicts } from './stays/stay-verdicts.ts';
import type { Verdict } from './stays/verdict.ts';

export interface CareGapsRequest {
  readonly periodStart?: string;
  readonly periodEnd?: string;
  /** `all`, a parameter (`P4`), or the id of a Measure. */
  readonly topic?: string;
  /** `Patient/[id]` */
  readonly subject?: string;
  readonly asOf?: string;
}

const copenhagen = createCalendar();
const GAP_STATUS = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition/extension-gapStatus';
const GAP_CODES = 'http://hl7.org/fhir/us/davinci-deqm/CodeSystem/gaps-status';

/**
 * `Measure/$care-gaps` (R4 Measure-care-gaps): a document of what is missing for one citizen. A section per Measure of
 * the topic with its individual report; a DetectedIssue for each stay that does not meet it (`open-gap`) or does not
 * meet it yet and is not yet due (`prospective-gap`), with what is missing and when it is or was due.
 * @throws FhirError 400, 404, 410
 */
export async function careGaps(
  store: Store,
  request: CareGapsRequest,
  options: { readonly calendar?: Calendar; readonly now?: string } = {},
): Promise<Bundle> {
  const calendar = options.calendar ?? copenhagen;
  const now = options.now ?? new Date().toISOString();
  const { topic, ...rest } = request;
  const evaluation = checkRequest({ ...rest, measureId: 'topic', reportType: 'subject' }, calendar, now);
  if (!evaluation.subject?.startsWith('Patient/')) {
    throw badRequest('Gaps are those of a citizen: subject is Patient/[id]', 'Parameters.subject', 'value');
  }
  const measures = await measuresOf(store, topic, calendar);
  const sections: Composition['section'] = [];
  const entries: BundleEntry[] = [];
  for (const measure of measures) {
    const id = measure.measure.id as string;
    const report = await evaluateMeasure(
      store,
      { ...rest, measureId: id, reportType: 'subject' },
      { calendar, now },
    );
    const verdicts = await verdictsOf(store, measure, evaluation, calendar);
    const issues = verdicts.flatMap((verdict) => gapOf(measure, verdict, evaluation, calendar, now));
    const added = [report, ...issues].map((resource) => entryOf(resource));
    entries.push(...added);
    sections.push({
      title: measure.measure.title ?? measure.label,
      entry: added.map(({ fullUrl }) => ({ reference: fullUrl as string })),
    });
  }
  return {
    resourceType: 'Bundle',
    type: 'document',
    identifier: { system: 'urn:ietf:rfc:3986', value: `urn:uuid:${randomUUID()}` },
    timestamp: now,
    entry: [entryOf(compositionOf(evaluation, sections, now)), ...entries],
  };
}

/** The proportions among the stored stay Measures that a topic names. */
async function measuresOf(
  store: Store,
  topic: string | undefined,
  calendar: Calendar,
): Promise<CompiledMeasure[]> {
  if (!topic)
    throw badRequest(
      'Name the topic: all, a parameter such as P4, or the id of a Measure',
      'Parameters.topic',
      'required',
    );
  const found: CompiledMeasure[] = [];
  for await (const page of pages<Measure>(store, 'Measure', [['status', 'active']])) {
    for (const { id, scoring } of page) {
      if (id === undefined || scoring?.coding?.[0]?.code !== 'proportion') continue;
      const compiled = compiledOf(await measureById(store, id), calendar);
      if (compiled.kind !== 'stay') continue;
      if (topic === 'all' || topic === id || topic === compiled.measure.label) found.push(compiled.measure);
    }
  }
  if (found.length === 0)
    throw badRequest(
      'No Measure has this topic; use all, P1 to P6, or the id of a Measure',
      'Parameters.topic',
      'value',
    );
  return found.sort((one, other) => one.label.localeCompare(other.label));
}

async function verdictsOf(
  store: Store,
  measure: CompiledMeasure,
  evaluation: Evaluation,
  calendar: Calendar,
): Promise<Verdict[]> {
  const {
    kept: [kept],
  } = await freshlyKept(store, [measure.measure], calendar);
  const source =
    kept === undefined
      ? stayVerdicts(store, measure, evaluation, calendar)
      : keptVerdicts(store, kept, evaluation);
  const verdicts: Verdict[] = [];
  for await (const verdict of source) verdicts.push(verdict);
  return verdicts.sort((one, other) => (one.member < other.member ? -1 : 1));
}

function gapOf(
  measure: CompiledMeasure,
  verdict: Verdict,
  { asOf, subject }: Evaluation,
  calendar: Calendar,
  now: string,
): DetectedIssue[] {
  const word = verdictWord(verdict.groups[0]?.bits ?? 0, verdict.due !== undefined && asOf < verdict.due);
  if (word !== 'not-met' && word !== 'pending') return [];
  return [
    {
      resourceType: 'DetectedIssue',
      status: 'preliminary',
      extension: [verdictExtension(measure, verdict, asOf, calendar)],
      modifierExtension: [
        {
          url: GAP_STATUS,
          valueCodeableConcept: {
            coding: [{ system: GAP_CODES, code: word === 'pending' ? 'prospective-gap' : 'open-gap' }],
          },
        },
      ],
      code: {
        coding: [
          {
            system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
            code: 'CAREGAP',
            display: 'Care Gaps',
          },
        ],
        text: measure.measure.title ?? measure.label,
      },
      patient: { reference: subject as string },
      identifiedDateTime: now,
      implicated: [{ reference: verdict.member }, ...verdict.evidence.map((reference) => ({ reference }))],
      detail: explainVerdict(measure, verdict, asOf, calendar, 'da'),
    },
  ];
}

function compositionOf(
  { subject, period }: Evaluation,
  section: NonNullable<Composition['section']>,
  now: string,
): Composition {
  return {
    resourceType: 'Composition',
    status: 'final',
    type: { coding: [{ system: 'http://loinc.org', code: '96315-7', display: 'Gaps in care report' }] },
    subject: { reference: subject as string },
    date: now,
    author: [{ display: 'Overgang' }],
    title: `Manglende led i koordinationen ${period.firstDay} – ${period.lastDay}`,
    section,
  };
}

function entryOf(resource: Composition | MeasureReport | DetectedIssue): BundleEntry {
  const id = randomUUID();
  return { fullUrl: `urn:uuid:${id}`, resource: { ...resource, id } };
}
