import type { Change, StoreTransaction, Written } from '../../store/store.ts';
import { criteriaOf, resolveAll, type Searching } from '../request/criteria.ts';
import { atEntry, entryError } from './at-entry.ts';
import type { Entry } from './entry.ts';
import { conditionalType, openReferences, replaceLinks } from './references.ts';
import { type PendingWrite, writeEntries } from './write-entries.ts';

type Results = ReadonlyMap<Entry, Written>;

const ORDER: Readonly<Record<Change['op'], number>> = { delete: 0, create: 1, update: 2 };

/**
 * Writes all changes, deletions first, in one bulk write: unless some have conditional references
 * (`Patient?identifier=…`). Those may select what this transaction stores, so they are resolved after the others
 * are written, in as many rounds as they depend on each other.
 * @throws FhirError 412 when a conditional reference selects none or several, 400 for a name of no entry.
 */
export async function writeInRounds(
  transaction: StoreTransaction,
  writes: readonly PendingWrite[],
  searching: Searching,
): Promise<Results> {
  const results = new Map<Entry, Written>();
  const ordered = [...writes].sort((left, right) => ORDER[left.change.op] - ORDER[right.change.op]);
  let waiting = ordered.map(withOpenReferences);
  while (waiting.length > 0) {
    const ready = waiting.filter(({ conditional }) => conditional.length === 0);
    if (ready.length > 0) await writeEntries(transaction, ready, results);
    waiting = waiting.filter(({ conditional }) => conditional.length > 0);
    if (waiting.length > 0) waiting = await resolveReferences(transaction, waiting, searching);
  }
  return results;
}

interface Open extends PendingWrite {
  readonly conditional: readonly { readonly reference: string; readonly path: string }[];
}

function withOpenReferences(write: PendingWrite): Open {
  if (write.change.op === 'delete') return { ...write, conditional: [] };
  const { conditional, dangling } = openReferences(write.change.resource);
  const [lost] = dangling;
  if (lost !== undefined) {
    throw entryError(
      write.entry,
      400,
      'invalid',
      'The reference names an entry that is not in the Bundle. Add it with this fullUrl, or refer to Type/id.',
      `resource.${lost.path}`,
    );
  }
  return { ...write, conditional };
}

/**
 * Whether all references of a write stand as they are to be stored.
 * @throws FhirError 400 for a name of no entry
 */
export function isResolved(write: PendingWrite): boolean {
  return withOpenReferences(write).conditional.length === 0;
}

/** The writes with what can be resolved by now; at least one of them is then ready. */
async function resolveReferences(
  transaction: StoreTransaction,
  waiting: readonly Open[],
  searching: Searching,
): Promise<Open[]> {
  const criteria = waiting.flatMap(({ entry, conditional }) =>
    conditional.map(({ reference, path }) =>
      atEntry(entry, () => criteriaOf(conditionalType(reference), reference, `resource.${path}`)),
    ),
  );
  const found = await resolveAll(transaction, criteria, searching);
  const links = new Map<string, string>();
  let at = 0;
  for (const { entry, conditional } of waiting) {
    for (const { reference, path } of conditional) {
      const matches = found.get((criteria[at++] as { key: string }).key) ?? [];
      const [match] = matches;
      if (matches.length > 1) throw unclear(entry, 'more than one resource', path);
      if (match !== undefined) links.set(reference, `${match.type}/${match.id}`);
    }
  }
  const next = waiting.map(({ entry, change }) =>
    withOpenReferences({ entry, change: replaceInChange(change, links) }),
  );
  const [stuck] = next;
  if (stuck !== undefined && next.every(({ conditional }) => conditional.length > 0)) {
    throw unclear(stuck.entry, 'no resource', stuck.conditional[0]?.path ?? '');
  }
  return next;
}

function replaceInChange(change: Change, links: ReadonlyMap<string, string>): Change {
  return change.op === 'delete'
    ? change
    : ({ ...change, resource: replaceLinks(change.resource, links, undefined) } as Change);
}

function unclear(entry: Entry, what: string, path: string): Error {
  return entryError(
    entry,
    412,
    'conflict',
    `The conditional reference selects ${what}; it must select exactly one.`,
    `resource.${path}`,
  );
}
