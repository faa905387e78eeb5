import { hash } from 'node:crypto';

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** 128 bits of SHA-256, as a UUID. */
export function digestOf(text: string): string {
  return uuidOf(hash('sha256', text, 'hex'));
}

const keys = new Map<string, string>();
const KEYS_KEPT = 20_000;
/** Longer ones are not `Type/id`, and would fill the memory. */
const LONGEST_KEPT = 120;

/**
 * The key of a resource, or the target key of a reference: of `Type/id`, an absolute URL or a canonical. Remembered: the
 * same citizen, stay and organisations are named again and again.
 */
export function keyOf(reference: string): string {
  let key = keys.get(reference);
  if (key === undefined) {
    key = digestOf(reference);
    if (reference.length <= LONGEST_KEPT) {
      if (keys.size >= KEYS_KEPT) {
        keys.clear();
      }
      keys.set(reference, key);
    }
  }
  return key;
}

const systems = new Map<string, string>([['', '0']]);
const SYSTEMS_KEPT = 10_000;

/** The number (bigint, as text) that token rows carry for a code system; '0' for none. */
export function systemNumber(system: string): string {
  let number = systems.get(system);
  if (number === undefined) {
    if (systems.size > SYSTEMS_KEPT) {
      systems.clear();
      systems.set('', '0');
    }
    number = BigInt.asIntN(64, BigInt(`0x${hash('sha256', system, 'hex').slice(0, 16)}`)).toString();
    systems.set(system, number);
  }
  return number;
}

/** A b-tree entry must stay below 2,704 bytes: what is longer is indexed by its start and its digest. */
const LONGEST = 500;

/** A text as index rows and search conditions carry it: without NUL, bounded. */
export function indexable(text: string): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST - 40)}…${digestOf(clean)}`;
}
