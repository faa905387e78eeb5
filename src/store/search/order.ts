import type { SortValue } from './sort.ts';

/** What a row is ordered by: sort values, then the sequence number, newest first. */
export interface Ordered {
  readonly values: readonly SortValue[];
  readonly seq: number;
}

function compareValues(one: SortValue, other: SortValue, descending: boolean): number {
  if (one === null || other === null) {
    // As in SQL: what has no value comes last, in both directions.
    return one === other ? 0 : one === null ? 1 : -1;
  }
  const ascending =
    typeof one === 'number' && typeof other === 'number'
      ? one - other
      : Buffer.compare(Buffer.from(String(one)), Buffer.from(String(other)));
  return descending ? -ascending : ascending;
}

/** The order that `orderText` gives in SQL, on values in memory. Texts compare by their UTF-8 bytes (collation "C"). */
export function compareOrdered(one: Ordered, other: Ordered, descending: readonly boolean[]): number {
  for (const [index, down] of descending.entries()) {
    const order = compareValues(one.values[index] ?? null, other.values[index] ?? null, down);
    if (order !== 0) {
      return order;
    }
  }
  return other.seq - one.seq;
}
