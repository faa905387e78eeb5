import { hash } from 'node:crypto';
import { remembered } from '../fhir/remembered.ts';

function uuidOf(hex: string): string {
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

/** 128 bits of SHA-256, as a UUID. */
export function digestOf(text: string): string {
  return uuidOf(hash('sha256', text, 'hex'));
}

const keptKey = remembered(20_000, digestOf);
/** Longer ones are not `Type/id`, and would fill the memory. */
const LONGEST_KEPT = 120;

/**
 * The key of a resource, or the target key of a reference: of `Type/id`, an absolute URL or a canonical. Remembered: the
 * same citizen, stay and organisations are named again and again.
 */
export function keyOf(reference: string): string {
  return reference.length <= LONGEST_KEPT ? keptKey(reference) : digestOf(reference);
}

/** The number (bigint, as text) that token rows carry for a code system; '0' for none (the empty text). */
export const systemNumber = remembered(10_000, (system: string) =>
  system === ''
    ? '0'
    : BigInt.asIntN(64, BigInt(`0x${hash('sha256', system, 'hex').slice(0, 16)}`)).toString(),
);

/** A b-tree entry must stay below 2,704 bytes: what is longer is indexed by its start and its digest. */
const LONGEST = 500;

/** A text as index rows and search conditions carry it: without NUL, bounded. */
export function indexable(text: string): string {
  const clean = text.includes('\0') ? text.replaceAll('\0', '') : text;
  return clean.length <= LONGEST ? clean : `${clean.slice(0, LONGEST - 40)}…${digestOf(clean)}`;
}
