import { FhirError } from '../../fhir/outcome.ts';
import { asFhirError, failureResponse } from '../answer/failure.ts';
import type { Context, FhirResponse } from '../request/exchange.ts';
import { entryError, inEntry } from './at-entry.ts';
import type { Entry } from './entry.ts';
import { openReferences } from './references.ts';

/** Reads that run side by side. */
const SIDE_BY_SIDE = 4;

/**
 * Runs the entries of a batch Bundle, each by itself: one that fails gets its error and the others are done
 * (R4 http.html#brules). Writes run in the order given; reads between two writes run side by side.
 */
export async function runBatch(
  context: Context,
  entries: readonly (Entry | FhirError)[],
  failed: (error: unknown) => void,
): Promise<readonly FhirResponse[]> {
  const answers: FhirResponse[] = [];
  const names = new Set(
    entries.flatMap((entry) => (entry instanceof FhirError ? [] : [entry.fullUrl ?? []].flat())),
  );
  const run = async (entry: Entry | FhirError, index: number): Promise<void> => {
    answers[index] = await answer(context, entry, names, failed);
  };
  let reads: Promise<void>[] = [];
  for (const [index, entry] of entries.entries()) {
    const isRead = !(entry instanceof FhirError) && /^(GET|HEAD)$/.test(entry.request.method);
    if (!isRead || reads.length >= SIDE_BY_SIDE) {
      await Promise.all(reads);
      reads = [];
    }
    if (isRead) reads.push(run(entry, index));
    else await run(entry, index);
  }
  await Promise.all(reads);
  return answers;
}

async function answer(
  context: Context,
  entry: Entry | FhirError,
  names: ReadonlySet<string>,
  failed: (error: unknown) => void,
): Promise<FhirResponse> {
  if (entry instanceof FhirError) return failureResponse(entry);
  try {
    refuseLinks(entry, names);
    return await context.interact(context, entry.request);
  } catch (error) {
    const known = asFhirError(error);
    if (known.status >= 500) failed(error);
    return failureResponse(asFhirError(inEntry(entry, known)));
  }
}

/** Entries of a batch know nothing of each other (R4 http.html#brules): a link would be stored as it stands. */
function refuseLinks(entry: Entry, names: ReadonlySet<string>): void {
  if (entry.request.body?.kind !== 'resource') return;
  const link = openReferences(entry.request.body.value).dangling.find(({ reference }) =>
    names.has(reference),
  );
  if (link === undefined) return;
  throw entryError(
    entry,
    400,
    'invalid',
    'Entries of a batch cannot refer to each other. Send a transaction.',
    `resource.${link.path}`,
  );
}
