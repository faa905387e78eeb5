/** Text forms of PostgreSQL arrays, written directly: much cheaper than the driver's general encoder. */

const NEEDS_ESCAPE = /["\\]/g;

/** Of texts; null stays NULL, NUL characters (which a text cannot hold) are dropped. */
export function textArray(values: readonly (string | null | undefined)[]): string {
  let text = '';
  for (const value of values) {
    const item =
      value === null || value === undefined
        ? 'NULL'
        : `"${value.replaceAll('\0', '').replace(NEEDS_ESCAPE, '\\$&')}"`;
    text += text === '' ? item : `,${item}`;
  }
  return `{${text}}`;
}

/** Of values whose text needs no quotes: numbers, booleans, UUIDs. */
export function plainArray(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

/** The first and the last instant of ECMAScript: beyond any date of FHIR, and exact as number and as bigint. */
const FARTHEST = 8_640_000_000_000_000;

/** Milliseconds as bigint; an open end is the farthest instant. */
export function instant(milliseconds: number): number {
  return Math.max(-FARTHEST, Math.min(FARTHEST, milliseconds));
}
