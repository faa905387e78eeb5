/**
 * The generator's own source of chance: sfc32 (a 128-bit chaotic counter generator, period over 2^64), seeded from text.
 * The same seed text gives the same sequence on every machine and version of Node, so that a
 * population is byte-identical wherever it is generated. Not for secrets.
 */
export interface Random {
  /** A number in [0, 1). */
  next(): number;
  /** An integer in [low, high], both included. */
  integer(low: number, high: number): number;
  /** True with the given probability (0…1). */
  chance(probability: number): boolean;
  pick<T>(items: readonly T[]): T;
  /** Picks a key by its weight; weights need not sum to 1. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** `count` different items in their original order; all of them when there are fewer. */
  sample<T>(items: readonly T[], count: number): T[];
}

/** FNV-1a over UTF-16 code units, 32 bits. */
function hash(text: string, basis: number): number {
  let value = basis >>> 0;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193) >>> 0;
  }
  return value;
}

/** A generator for one named purpose; different names give unrelated sequences. */
export function randomFrom(seed: string): Random {
  let a = hash(seed, 0x811c9dc5);
  let b = hash(seed, 0x9e3779b9);
  let c = hash(seed, 0x85ebca6b);
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 4294967296;
  };
  // The first outputs still resemble the seed; a dozen rounds mix it through.
  for (let round = 0; round < 12; round += 1) next();

  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1));
  const pick = <T>(items: readonly T[]): T => {
    if (items.length === 0) throw new RangeError('nothing to pick from');
    return items[integer(0, items.length - 1)] as T;
  };
  const weighted = <K extends string>(weights: Readonly<Record<K, number>>): K => {
    const entries = Object.entries(weights) as [K, number][];
    let left = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
    for (const [key, weight] of entries) {
      left -= weight;
      if (left < 0) return key;
    }
    return entries[entries.length - 1]?.[0] as K;
  };
  const sample = <T>(items: readonly T[], count: number): T[] => {
    let needed = Math.min(count, items.length);
    return items.filter((_, index) => {
      if (next() * (items.length - index) >= needed) return false;
      needed -= 1;
      return true;
    });
  };
  return { next, integer, chance: (probability) => next() < probability, pick, weighted, sample };
}
