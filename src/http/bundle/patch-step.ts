import type { Change, StoreTransaction } from '../../store/store.ts';
import { current } from '../interactions/read.ts';
import { applyPatch } from '../patch/apply.ts';
import { atEntryAsync } from './at-entry.ts';
import type { Entry } from './entry.ts';

/**
 * The update that a patch amounts to. It holds only for the version that was read, so that a concurrent change
 * is not overwritten.
 */
export async function readPatched(
  transaction: StoreTransaction,
  entry: Entry,
  type: string,
  id: string,
  ifMatch: number | '*' | undefined,
  linked: <T>(value: T) => T,
): Promise<Change> {
  return atEntryAsync(entry, async () => {
    const version = await current(transaction, type, id);
    const { body } = entry.request;
    const patch =
      body?.kind === 'resource' || body?.kind === 'json-patch'
        ? { ...body, value: linked(body.value) }
        : body;
    return {
      op: 'update',
      resource: applyPatch(version.content, patch),
      ifMatch: typeof ifMatch === 'number' ? ifMatch : version.version,
    };
  });
}
