import { FhirError } from '../../fhir/outcome.ts';
import type { Change, StoreTransaction, Written } from '../../store/store.ts';
import { WriteError } from '../../store/write/write-error.ts';
import { inEntry } from './at-entry.ts';
import type { Entry } from './entry.ts';

export interface PendingWrite {
  readonly entry: Entry;
  readonly change: Change;
}

/** Writes in bulk and notes what became of each entry; a refusal says which entries it is about. */
export async function writeEntries(
  transaction: StoreTransaction,
  writes: readonly PendingWrite[],
  results: Map<Entry, Written>,
): Promise<void> {
  const written = await located(writes, () => transaction.write(writes.map(({ change }) => change)));
  writes.forEach(({ entry }, index) => {
    results.set(entry, written[index] as Written);
  });
}

/** Runs the bulk write; what it throws then says where in the Bundle the mistakes are. */
export async function located<T>(writes: readonly PendingWrite[], write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (error) {
    throw error instanceof WriteError ? inBundle(error, writes) : error;
  }
}

/** The store tells which change each issue is about; this says where that stands in the Bundle. */
function inBundle(error: WriteError, writes: readonly PendingWrite[]): FhirError {
  const issues = error.outcome.issue.flatMap((issue, index) => {
    const entry = writes[error.changeOf[index] as number]?.entry;
    if (entry === undefined) return [issue];
    return (inEntry(entry, new FhirError(error.status, [issue])) as FhirError).outcome.issue;
  });
  return new FhirError(error.status, issues);
}
