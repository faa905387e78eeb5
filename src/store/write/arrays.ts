/** Text forms of PostgreSQL arrays, written directly: much cheaper than the driver's general encoder. */

const NEEDS_ESCAPE = /["\\]/g;

/** Of texts; null stays NULL, NUL characters (which a text cannot hold) are dropped. */
export function textArray(values: readonly (string | null | undefined)[]): string {
  let text = '';
  for (const value of values) {
    const item =
      value === null || value === undefined ? 'NULL' : `"${value.replaceAll('\0', '').replace(NEEDS_ESCAPE, '\\$&')}"`;
    text += text === '' ? item : `,${item}`;
  }
  return `{${text}}`;
}

/** Of values whose text needs no quotes: numbers, booleans, UUIDs. */
export function plainArray(values: readonly (string | number | boolean | null | undefined)[]): string {
  return `{${values.map((value) => value ?? 'NULL').join(',')}}`;
}

const LOWEST = '-9223372036854775808';
const HIGHEST = '9223372036854775807';

/** Milliseconds as bigint; an open end is the last value of the type. */
export function instant(milliseconds: number): string | number {
  if (Number.isFinite(milliseconds)) {
    return milliseconds;
  }
  return milliseconds < 0 ? LOWEST : HIGHEST;
}
