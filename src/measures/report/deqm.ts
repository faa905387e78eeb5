import type { Bundle, Extension, Measure, MeasureReport } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import type { Reader } from '../../store/store.ts';
import { measureByReference } from '../find-measure.ts';
import { GROUP_SCORING } from '../vocabulary.ts';

const DEQM = 'http://hl7.org/fhir/us/davinci-deqm/StructureDefinition';
/** The profiles of DEQM (Da Vinci Data Exchange for Quality Measures, 5.0.0) by the type of report they are for. */
const PROFILES: { readonly [type in MeasureReport['type'] & string]?: string } = {
  summary: `${DEQM}/summary-measurereport-deqm`,
  individual: `${DEQM}/indv-measurereport-deqm`,
};
const MEASURE_SCORING = 'http://terminology.hl7.org/CodeSystem/measure-scoring';
const SCORING = `${DEQM}/extension-measureScoring`;

/** Who R4 lets report. */
const REPORTERS = ['Organization', 'Practitioner', 'PractitionerRole', 'Location'];

/** A report as a profile of DEQM demands it. */
export interface DeqmRequest {
  /** Canonical of one of {@link PROFILES}, with or without version. */
  readonly profile: string;
  /** Who reports: `Organization/[id]`; Overgang's name unless told. */
  readonly reporter?: string;
}

/**
 * Gives a MeasureReport, or each of a Bundle, what the profile of DEQM demands beside R4: the profile's name, who reports,
 * the scoring, and the ids of populations and stratifiers by which they are found in the Measure.
 * @throws FhirError 400 for another profile, and for a report of a type that it is not for
 */
export async function asDeqm<T extends MeasureReport | Bundle<MeasureReport>>(
  reader: Reader,
  answer: T,
  request: DeqmRequest,
): Promise<T> {
  if (request.reporter !== undefined) await checkReporter(reader, request.reporter);
  if (answer.resourceType === 'MeasureReport') return (await conformant(reader, answer, request)) as T;
  const entry: Bundle<MeasureReport>['entry'] = [];
  for (const one of answer.entry ?? []) {
    const resource = one.resource && (await conformant(reader, one.resource, request));
    entry.push(resource === undefined ? one : { ...one, resource });
  }
  return { ...answer, entry };
}

async function checkReporter(reader: Reader, reporter: string): Promise<void> {
  const [type = '', id = ''] = reporter.split('/');
  const found = REPORTERS.includes(type) ? await reader.read(type, id) : undefined;
  if (found !== undefined && !found.deleted) return;
  throw badRequest(
    `reporter is a resource that is stored here: ${REPORTERS.join('/[id], ')}/[id]`,
    'Parameters.reporter',
    'not-found',
  );
}

async function conformant(
  reader: Reader,
  report: MeasureReport,
  { profile, reporter }: DeqmRequest,
): Promise<MeasureReport> {
  const wanted = PROFILES[report.type ?? 'summary'];
  if (wanted === undefined || profile.split('|')[0] !== wanted) {
    throw badRequest(
      `profile is one of ${Object.values(PROFILES).join(', ')}; the first is for summaries, the second for reports on one citizen`,
      'Parameters.profile',
      'not-supported',
    );
  }
  if (report.type === 'individual' && !report.subject?.reference?.startsWith('Patient/')) {
    throw badRequest(
      'An individual report of DEQM is about a citizen: give subject as Patient/[id]',
      'Parameters.subject',
      'business-rule',
    );
  }
  const { measure } = await measureByReference(reader, report.measure);
  const root = scoringExtension(measure.scoring);
  return {
    ...report,
    meta: { ...report.meta, profile: [wanted] },
    // On the root, or on every group (deqm-3).
    ...(hasOwnScoring(measure) || root === undefined
      ? {}
      : { extension: [...(report.extension ?? []), root] }),
    reporter: reporter === undefined ? { display: 'Overgang' } : { reference: reporter },
    group: (report.group ?? []).map((group, index) => groupWithIds(group, measure, index)),
  };
}

type Group = NonNullable<MeasureReport['group']>[number];
type MeasureGroup = NonNullable<Measure['group']>[number];

function groupWithIds(group: Group, measure: Measure, index: number): Group {
  const source = measure.group?.[index];
  const own = hasOwnScoring(measure) ? scoringExtension(scoringOf(source) ?? measure.scoring) : undefined;
  const stratifierIds = new Map((source?.stratifier ?? []).map(({ id, code }) => [JSON.stringify(code), id]));
  return {
    ...group,
    ...(own === undefined ? {} : { extension: [...(group.extension ?? []), own] }),
    ...populationIds(group, source),
    ...(group.stratifier === undefined
      ? {}
      : {
          stratifier: group.stratifier.map((one) => {
            const id = stratifierIds.get(JSON.stringify(one.code?.[0]));
            return {
              ...(id === undefined ? {} : { id }),
              ...one,
              ...(one.stratum === undefined
                ? {}
                : {
                    stratum: one.stratum.map((stratum) => ({
                      ...stratum,
                      ...populationIds(stratum, source),
                    })),
                  }),
            };
          }),
        }),
  };
}

/** The populations of a group or stratum, which are those of the Measure in its order. */
function populationIds(
  { population }: Pick<Group, 'population'>,
  source: MeasureGroup | undefined,
): Pick<Group, 'population'> {
  if (population === undefined) return {};
  const ids = new Map((source?.population ?? []).map(({ id, code }) => [JSON.stringify(code), id]));
  return {
    population: population.map((one) => {
      const id = ids.get(JSON.stringify(one.code));
      return id === undefined ? one : { id, ...one };
    }),
  };
}

function hasOwnScoring(measure: Measure): boolean {
  return (measure.group ?? []).some((group) => scoringOf(group) !== undefined);
}

function scoringOf(group: MeasureGroup | undefined): Measure['scoring'] {
  return group?.extension?.find(({ url }) => GROUP_SCORING.includes(url))?.valueCodeableConcept;
}

function scoringExtension(scoring: Measure['scoring']): Extension | undefined {
  const code = scoring?.coding?.[0]?.code;
  if (code === undefined) return undefined;
  return { url: SCORING, valueCodeableConcept: { coding: [{ system: MEASURE_SCORING, code }] } };
}
