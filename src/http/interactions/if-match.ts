import { preconditionFailed } from '../../fhir/outcome.ts';
import type { Change, Store, StoreTransaction, Written } from '../../store/store.ts';
import { writeAlone, writeOne } from './settled.ts';

/** Writes a change of one resource under its If-Match (R4 http.html#concurrency). @throws FhirError 412 */
export function writeMatching(
  store: Store,
  type: string,
  id: string,
  ifMatch: number | '*' | undefined,
  change: Change,
): Promise<Written> {
  if (ifMatch !== '*') return writeAlone(store, change);
  return store.transaction(async (transaction) => {
    await mustExist(transaction, type, id);
    return writeOne(transaction, change);
  });
}

/** @throws FhirError 412, as `If-Match: *` demands of a resource that is not there. */
export async function mustExist(transaction: StoreTransaction, type: string, id: string): Promise<void> {
  const version = await transaction.read(type, id);
  if (version === undefined || version.deleted) {
    throw preconditionFailed(`If-Match: * wants this ${type} to exist, and it does not.`, 'http.If-Match');
  }
}
