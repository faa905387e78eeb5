import type { OperationOutcomeIssue } from '@medplum/fhirtypes';
import { FhirError } from '../../fhir/outcome.ts';
import { validateResource } from '../../fhir/validation/validate.ts';
import type { StoreTransaction, Written } from '../../store/store.ts';
import { inEntry } from './at-entry.ts';
import type { Entry } from './entry.ts';
import type { PendingWrite } from './write-rounds.ts';

/** Writes in bulk and notes what became of each entry; a refusal says which entries it is about. */
export async function writeEntries(
  transaction: StoreTransaction,
  writes: readonly PendingWrite[],
  results: Map<Entry, Written>,
): Promise<void> {
  try {
    const written = await transaction.write(writes.map(({ change }) => change));
    writes.forEach(({ entry }, index) => {
      results.set(entry, written[index] as Written);
    });
  } catch (error) {
    throw error instanceof FhirError ? located(error, writes) : error;
  }
}

/** The store tells what is wrong with the resources; this adds where they stand in the Bundle. */
function located(error: FhirError, writes: readonly PendingWrite[]): FhirError {
  const issues = error.status === 422 ? invalidEntries(writes) : refusedEntries(error, writes);
  return issues.length === 0 ? error : new FhirError(error.status, issues);
}

function invalidEntries(writes: readonly PendingWrite[]): OperationOutcomeIssue[] {
  return writes.flatMap(({ entry, change }) => {
    if (change.op === 'delete') return [];
    const wrong = validateResource(change.resource).filter(
      ({ severity }) => severity === 'error' || severity === 'fatal',
    );
    return wrong.length === 0 ? [] : (inEntry(entry, new FhirError(422, wrong)) as FhirError).outcome.issue;
  });
}

/** A conflict names the resource that it is about. */
function refusedEntries(error: FhirError, writes: readonly PendingWrite[]): OperationOutcomeIssue[] {
  return error.outcome.issue.map((issue) => {
    const about = writes.find(({ change }) => {
      const { type, id } =
        change.op === 'delete' ? change : { type: change.resource.resourceType, id: change.resource.id };
      return issue.diagnostics?.startsWith(`${type}/${id} `);
    });
    return about === undefined ? issue : { ...issue, expression: [`${about.entry.expression}.request`] };
  });
}
