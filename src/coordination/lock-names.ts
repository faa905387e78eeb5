/** Enough that two transactions seldom meet by chance, few enough for a bulk load to hold them all. */
const BUCKETS = 1024;

/**
 * The locks for names of stays, citizens and identifiers. Names share locks by their hash: a transaction that loads
 * ten thousand courses, or an agreement that touches every stay, would otherwise need more locks than a database
 * server has room for (PostgreSQL: 6,400 in all by default). Two that share one by chance wait for each other, no more.
 */
export function lockNames(names: Iterable<string>): string[] {
  const buckets = new Set<number>();
  for (const name of names) buckets.add(hash(name) % BUCKETS);
  return [...buckets].map((bucket) => `coordination/${bucket}`);
}

/** FNV-1a, 32 bits: spreads short names evenly and costs nothing beside a round trip. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
