/** PostgreSQL arrays, written directly: much cheaper than the driver's general encoder. */

/** OID of the type text. */
const TEXT = 25;
/** Dimensions, flag of NULLs, type of the elements; then of the one dimension, its length and lower bound. */
const HEAD = 20;

/**
 * Of texts, in PostgreSQL's binary form (array_recv): nothing in it is escaped, which would take forty times as long
 * for the texts of resources. null stays NULL, NUL characters (which a text cannot hold) are dropped.
 */
export function textArray(values: readonly (string | null | undefined)[]): Buffer {
  if (values.length === 0) {
    return EMPTY;
  }
  let most = HEAD;
  for (const value of values) {
    // A UTF-16 unit has at most three bytes in UTF-8.
    most += 4 + 3 * (value?.length ?? 0);
  }
  const buffer = Buffer.allocUnsafe(most);
  let hasNull = 0;
  let at = HEAD;
  for (const value of values) {
    if (value === null || value === undefined) {
      hasNull = 1;
      at = buffer.writeInt32BE(-1, at);
      continue;
    }
    const length = buffer.write(value.includes('\0') ? value.replaceAll('\0', '') : value, at + 4);
    at = buffer.writeInt32BE(length, at) + length;
  }
  writeHead(buffer, 1, hasNull);
  buffer.writeInt32BE(values.length, 12);
  buffer.writeInt32BE(1, 16);
  return buffer.subarray(0, at);
}

function writeHead(buffer: Buffer, dimensions: number, hasNull: number): Buffer {
  buffer.writeInt32BE(dimensions, 0);
  buffer.writeInt32BE(hasNull, 4);
  buffer.writeInt32BE(TEXT, 8);
  return buffer;
}

const EMPTY = writeHead(Buffer.alloc(12), 0, 0);

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
