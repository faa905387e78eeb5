import pg from 'pg';

/** A pool of connections to PostgreSQL, or the single one to an embedded PGlite. */
export interface Database {
  readonly kind: 'postgres' | 'pglite';
  readonly pool: pg.Pool;
  close(): Promise<void>;
}

const INT8 = 20;
const TIMESTAMPTZ = 1184;

function parse(oid: number, text: string): unknown {
  if (oid === INT8) {
    return Number(text);
  }
  if (oid === TIMESTAMPTZ) {
    return new Date(text).toISOString();
  }
  return undefined;
}

/** int8 as number (counts and sequence numbers stay below 2^53), timestamptz as ISO text in UTC. */
export const TYPES: pg.CustomTypesConfig = {
  getTypeParser: (oid: number, format?: 'text' | 'binary') =>
    format !== 'binary' && (oid === INT8 || oid === TIMESTAMPTZ)
      ? (text: string) => parse(oid, text)
      : pg.types.getTypeParser(oid, format ?? 'text'),
} as pg.CustomTypesConfig;
