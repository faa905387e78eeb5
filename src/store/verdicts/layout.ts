/** Where the groups of a Measure lie in the packed rows (migration 0200). */
export interface Layout {
  readonly pack: number;
  readonly groups: readonly GroupLayout[];
}

interface GroupLayout {
  /** Slot of bits, anchor, due and observation: 0 … 7. */
  readonly slot: number;
  /** Stratum column of each stratifier, in the Measure's order: 0 … 15. */
  readonly strata: readonly number[];
  /** What each of those stratifiers asks; equal signatures share a column. */
  readonly signatures: readonly string[];
}

export const SLOTS = 8;
export const STRATA = 16;
const PACKS = 8;

/**
 * Finds room for a Measure among those that have theirs: all its groups in one pack, stratifiers that ask the same in
 * one column. Undefined when it does not fit: then its verdicts are not kept.
 * @param signatures per group, per stratifier
 */
export function place(
  signatures: readonly (readonly string[])[],
  taken: readonly Layout[],
): Layout | undefined {
  for (let pack = 0; pack < PACKS; pack += 1) {
    const groups = taken.filter((layout) => layout.pack === pack).flatMap((layout) => layout.groups);
    const free = range(SLOTS).filter((slot) => !groups.some((group) => group.slot === slot));
    const columns = new Map(
      groups.flatMap((group) => group.signatures.map((one, at) => [one, group.strata[at] as number])),
    );
    if (free.length < signatures.length || !assign(signatures.flat(), columns)) continue;
    return {
      pack,
      groups: signatures.map((own, index) => ({
        slot: free[index] as number,
        strata: own.map((signature) => columns.get(signature) as number),
        signatures: own,
      })),
    };
  }
  return undefined;
}

/** Gives each signature that has none a free column; false when the columns do not suffice. */
function assign(signatures: readonly string[], columns: Map<string, number>): boolean {
  for (const signature of signatures) {
    if (columns.has(signature)) continue;
    const used = new Set(columns.values());
    const free = range(STRATA).find((column) => !used.has(column));
    if (free === undefined) return false;
    columns.set(signature, free);
  }
  return true;
}

function range(length: number): number[] {
  return Array.from({ length }, (_, index) => index);
}

/** The columns of a packed row beside its key, in the order of the table. */
export const COLUMNS: readonly string[] = [
  ...['due', 'obs', 'anchor'].flatMap((name) => range(SLOTS).map((slot) => `${name}${slot}`)),
  ...range(STRATA).map((column) => `s${column}`),
  ...range(SLOTS).map((slot) => `bits${slot}`),
];
