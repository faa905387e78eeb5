import type { MeasureReport, OperationOutcome, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import { badRequest, errorIssue, unprocessable } from '../fhir/outcome.ts';
import { URL_NAMESPACE, uuidV5 } from '../fhir/uuid.ts';
import type { Change, Store } from '../store/store.ts';
import { aboutWhom } from './about-whom.ts';
import { compiledOf } from './compile/compiled-cache.ts';
import { requiredTypes } from './data-requirements.ts';
import { measureByReference } from './find-measure.ts';
import { localReference } from './references.ts';

export interface SubmitDataRequest {
  /** Id of the Measure, when the operation was called on one. */
  readonly measureId?: string;
  readonly measureReport: Resource | undefined;
  readonly resources: readonly Resource[];
}

/** Those that data is about without being about a citizen: a measure may need to know them. */
const PARTIES: ReadonlySet<string> = new Set([
  'Organization',
  'Practitioner',
  'PractitionerRole',
  'Location',
]);
/** Definitions are not data: who may send data may not change what is owed. */
const DEFINITIONS: ReadonlySet<string> = new Set(['PlanDefinition', 'Measure', 'Library']);

/**
 * `$submit-data` (R4 Measure-submit-data): stores a MeasureReport of type data-collection and the resources that it
 * brings, all or nothing, as updates under their own ids: the same again changes nothing.
 * @throws FhirError 400 without a MeasureReport, 404 for a Measure that is not here; 422 with an issue for each resource
 * that does not belong: of a type the Measure does not need, about another subject, without an id, twice, named by
 * the report and not there
 */
export async function submitData(
  store: Store,
  { measureId, measureReport, resources }: SubmitDataRequest,
  calendar: Calendar,
): Promise<OperationOutcome> {
  const report = dataCollection(measureReport);
  const stored = await measureByReference(store, report.measure);
  if (measureId !== undefined && stored.measure.id !== measureId) {
    throw badRequest(
      'The MeasureReport is for another Measure than the one of the URL',
      'Parameters.measureReport.measure',
      'business-rule',
    );
  }
  const needed = requiredTypes(compiledOf(stored, calendar));
  const issues = resources.flatMap((resource, index) => faultsOf(resource, index, report, needed));
  issues.push(...repeated(resources));
  if (issues.length > 0) throw unprocessable(issues);
  const named = { ...report, id: report.id ?? uuidV5(URL_NAMESPACE, JSON.stringify(report)) };
  const changes = [...resources, named].map(
    (resource): Change => ({ op: 'update', resource: resource as Resource & { id: string } }),
  );
  const written = await store.transaction(async (transaction) => {
    const outcomes = await transaction.write(changes);
    const references = (report.evaluatedResource ?? []).map(({ reference }) => localReference(reference));
    const keys = references.flatMap((reference) => {
      const [type, id] = reference?.split('/') ?? [];
      return type === undefined || id === undefined ? [] : [{ type, id }];
    });
    const found = await transaction.readMany(keys);
    const missing = references.flatMap((reference, index) =>
      reference !== undefined && found.has(reference) ? [] : [missingIssue(index)],
    );
    if (missing.length > 0) throw unprocessable(missing);
    return outcomes;
  });
  const count = (outcome: string): number => written.filter((one) => one.outcome === outcome).length;
  return {
    resourceType: 'OperationOutcome',
    issue: [
      {
        severity: 'information',
        code: 'informational',
        diagnostics:
          `Stored the MeasureReport ${named.id} and ${resources.length} resources: ${count('created')} new, ` +
          `${count('updated')} changed, ${count('unchanged')} as they were`,
      },
    ],
  };
}

function dataCollection(report: Resource | undefined): MeasureReport {
  if (report?.resourceType !== 'MeasureReport') {
    throw badRequest(
      'The parameter measureReport is a MeasureReport',
      'Parameters.measureReport',
      report === undefined ? 'required' : 'structure',
    );
  }
  if (report.type !== 'data-collection') {
    throw unprocessable([
      errorIssue(
        'business-rule',
        'The MeasureReport of submitted data is of type data-collection',
        'Parameters.measureReport.type',
      ),
    ]);
  }
  if (typeof report.measure !== 'string' || report.measure === '') {
    throw badRequest('The MeasureReport names its Measure', 'Parameters.measureReport.measure', 'required');
  }
  return report;
}

function faultsOf(
  resource: Resource,
  index: number,
  report: MeasureReport,
  needed: ReadonlySet<string>,
): OperationOutcomeIssue[] {
  const at = `Parameters.resource[${index}]`;
  const type = resource.resourceType;
  if (DEFINITIONS.has(type) || !(needed.has(type) || PARTIES.has(type))) {
    const known = [...needed].filter((one) => !DEFINITIONS.has(one)).sort();
    return [
      errorIssue(
        'business-rule',
        `The Measure is not computed from a ${type}; it needs ${known.join(', ')}`,
        at,
      ),
    ];
  }
  if (resource.id === undefined) {
    return [
      errorIssue('required', 'A resource needs its id: sent again, it must not be another one', `${at}.id`),
    ];
  }
  const subject = localReference(report.subject?.reference);
  if (subject === undefined || PARTIES.has(type)) return [];
  const isSubject = `${type}/${resource.id}` === subject;
  if (isSubject || !subject.startsWith('Patient/') || aboutWhom(resource) === subject) return [];
  return [
    errorIssue(
      'business-rule',
      'The resource is about another one than the subject of the MeasureReport',
      at,
    ),
  ];
}

function repeated(resources: readonly Resource[]): OperationOutcomeIssue[] {
  const seen = new Set<string>();
  return resources.flatMap(({ resourceType, id }, index) => {
    const key = `${resourceType}/${id}`;
    if (id === undefined || !seen.has(key)) {
      seen.add(key);
      return [];
    }
    return [errorIssue('duplicate', 'The same resource is there twice', `Parameters.resource[${index}]`)];
  });
}

function missingIssue(index: number): OperationOutcomeIssue {
  return errorIssue(
    'not-found',
    'The MeasureReport names a resource that was neither sent nor is stored here',
    `Parameters.measureReport.evaluatedResource[${index}]`,
  );
}
