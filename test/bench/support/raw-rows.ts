import type pg from 'pg';
import { parameterId } from '../../../src/fhir/search/parameters.ts';
import { keyOf } from '../../../src/store/keys.ts';

const INDEXES = ['token', 'string', 'reference', 'date', 'quantity', 'uri', 'composite'];
const SUBJECT = parameterId('Observation', 'subject');
const CODE = parameterId('Observation', 'code');
const IDENTIFIER = parameterId('Observation', 'identifier');
const DATE = parameterId('Observation', 'date');
const FAMILY = parameterId('Patient', 'family');
const CITIZEN = parameterId('Patient', 'identifier');

/** The columns of the index tables beside seq and key; in the database's order. */
type Columns = ReadonlyMap<string, string>;

/**
 * Copies of the store's tables with the same rows and indexes, for statements written by hand; and beside each index
 * table the rows of one Observation as a pattern for new ones.
 */
export async function copyRows(pool: pg.Pool): Promise<void> {
  await pool.query(`
    CREATE TABLE raw_resource (LIKE resource INCLUDING ALL);
    INSERT INTO raw_resource SELECT * FROM resource WHERE type IN ('Observation', 'Patient');
    CREATE TABLE raw_history (LIKE history INCLUDING ALL)`);
  for (const name of INDEXES) {
    await pool.query(`
      CREATE TABLE raw_${name} (LIKE ${name}_index INCLUDING ALL EXCLUDING GENERATED);
      INSERT INTO raw_${name} SELECT x.* FROM ${name}_index x JOIN raw_resource r ON r.key = x.key;
      CREATE TABLE pattern_${name} AS SELECT * FROM ${name}_index WHERE key = '${keyOf('Observation/o0')}'`);
  }
  await pool.query('ANALYZE');
}

export interface RawRows {
  read(id: string): Promise<string | undefined>;
  /** Resource and index rows of new Observations, in one statement and transaction. */
  insert(rows: readonly { readonly id: string; readonly content: string }[]): Promise<void>;
  /** The superseded version to history, the new content in its place; what is indexed stays. */
  update(id: string, content: string): Promise<void>;
  delete(id: string): Promise<void>;
  byIdentifier(value: string): Promise<string[]>;
  byTwo(subject: string, code: string): Promise<string[]>;
  bySubject(subject: string): Promise<string[]>;
  /** Observations of a time, milliseconds since 1970. */
  byDate(from: number, to: number): Promise<string[]>;
  /** Citizens whose folded family name starts so. */
  byFamily(family: string): Promise<string[]>;
  /** Observations of the citizen with this identifier. */
  byCitizen(identifier: string): Promise<string[]>;
  countOf(subject: string): Promise<number>;
  /** The versions of an Observation, newest first. */
  versions(id: string): Promise<string[]>;
  /** A page of a citizen's Observations, and the citizen. */
  withSubject(subject: string): Promise<string[]>;
}

/** The least that the database must do for each interaction: prepared statements, no FHIR. */
export async function rawRows(pool: pg.Pool): Promise<RawRows> {
  const columns = await columnsOf(pool);
  const insert = insertText(columns);
  const run = async (name: string, text: string, values: readonly unknown[]) =>
    (await pool.query<{ content: string }>({ name, text, values: [...values] })).rows;
  const contents = async (name: string, text: string, values: readonly unknown[]) =>
    (await run(name, text, values)).map(({ content }) => content);
  return {
    read: async (id) => (await contents('read', READ, [keyOf(`Observation/${id}`)]))[0],
    insert: async (rows) => {
      const ids = rows.map(({ id }) => id);
      await run('insert', insert, [
        ids.map((id) => keyOf(`Observation/${id}`)),
        ids,
        rows.map(({ content }) => content),
      ]);
    },
    update: async (id, content) => {
      await run('update', UPDATE, [keyOf(`Observation/${id}`), content, 'U', false]);
    },
    delete: async (id) => {
      await run('delete', deleteText(), [keyOf(`Observation/${id}`), '', 'D', true]);
    },
    byIdentifier: (value) => contents('identifier', BY_IDENTIFIER, [value]),
    byTwo: (subject, code) => contents('two', BY_TWO, [keyOf(subject), code]),
    bySubject: (subject) => contents('subject', BY_SUBJECT, [keyOf(subject)]),
    byDate: (from, to) => contents('date', BY_DATE, [from, to]),
    byFamily: (family) => contents('family', BY_FAMILY, [family, `${family}\u{10ffff}`]),
    byCitizen: (identifier) => contents('citizen', BY_CITIZEN, [identifier]),
    countOf: async (subject) => {
      const { rows } = await pool.query<{ n: string }>({
        name: 'count',
        text: COUNT,
        values: [keyOf(subject)],
      });
      return Number(rows[0]?.n);
    },
    versions: (id) => contents('versions', VERSIONS, [keyOf(`Observation/${id}`)]),
    withSubject: (subject) => contents('include', WITH_SUBJECT, [keyOf(subject)]),
  };
}

const READ = 'SELECT content FROM raw_resource WHERE key = $1 AND NOT deleted';
const BY_IDENTIFIER = `SELECT r.content FROM raw_token t JOIN raw_resource r ON r.key = t.key
  WHERE t.parameter = ${IDENTIFIER} AND t.value = $1 ORDER BY t.seq DESC LIMIT 20`;
/** Newest first along one index, the rest looked up row by row until the page is full: no plan can do less. */
const BY_TWO = `SELECT r.content FROM
    (SELECT seq, key FROM raw_reference WHERE parameter = ${SUBJECT} AND target = $1 ORDER BY seq DESC) f
  CROSS JOIN LATERAL (SELECT FROM raw_token t
    WHERE t.seq = f.seq AND t.parameter = ${CODE} AND t.value = $2 LIMIT 1) t
  CROSS JOIN LATERAL (SELECT content FROM raw_resource WHERE key = f.key LIMIT 1) r
  LIMIT 20`;
const BY_SUBJECT = `SELECT r.content FROM raw_reference f JOIN raw_resource r ON r.key = f.key
  WHERE f.parameter = ${SUBJECT} AND f.target = $1 ORDER BY f.seq DESC LIMIT 20`;
const BY_DATE = `SELECT r.content FROM raw_date d JOIN raw_resource r ON r.key = d.key
  WHERE d.parameter = ${DATE} AND d.low >= $1 AND d.low < $2 ORDER BY d.seq DESC LIMIT 20`;
const BY_FAMILY = `SELECT r.content FROM raw_string s JOIN raw_resource r ON r.key = s.key
  WHERE s.parameter = ${FAMILY} AND left(s.folded, 64) >= $1 AND left(s.folded, 64) < $2 ORDER BY s.seq DESC LIMIT 20`;
const BY_CITIZEN = `SELECT r.content FROM raw_token c JOIN raw_reference f ON f.target = c.key
  JOIN raw_resource r ON r.key = f.key
  WHERE c.parameter = ${CITIZEN} AND c.value = $1 AND f.parameter = ${SUBJECT} ORDER BY f.seq DESC LIMIT 20`;
const COUNT = `SELECT count(*) AS n FROM raw_reference WHERE parameter = ${SUBJECT} AND target = $1`;
const VERSIONS = `SELECT content FROM (SELECT content, version FROM raw_resource WHERE key = $1
    UNION ALL SELECT content, version FROM raw_history WHERE key = $1) v ORDER BY version DESC LIMIT 20`;
const WITH_SUBJECT = `WITH page AS (SELECT r.content, f.target FROM raw_reference f JOIN raw_resource r ON r.key = f.key
    WHERE f.parameter = ${SUBJECT} AND f.target = $1 ORDER BY f.seq DESC LIMIT 20)
  SELECT content FROM page UNION ALL
  SELECT content FROM raw_resource WHERE key IN (SELECT target FROM page) AND NOT deleted`;
const UPDATE = `WITH old AS (SELECT * FROM raw_resource WHERE key = $1 FOR UPDATE),
  kept AS (INSERT INTO raw_history
    (key, version, change, xid, last_updated, until, deleted, method, type, id, content)
    SELECT key, version, change, xid, last_updated, now(), deleted, method, type, id, content FROM old)
  UPDATE raw_resource r SET version = r.version + 1, change = nextval('change_seq'), xid = pg_current_xact_id(),
    last_updated = now(), method = $3::"char", deleted = $4, content = $2 FROM old WHERE r.key = old.key`;

function deleteText(): string {
  const cleared = INDEXES.map(
    (name) => `gone_${name} AS (DELETE FROM raw_${name} x USING old WHERE x.seq = old.seq)`,
  );
  return UPDATE.replace('\n  kept AS', `\n  ${cleared.join(',\n  ')},\n  kept AS`);
}

function insertText(columns: Columns): string {
  const parts = [...columns].map(
    ([name, list]) =>
      `new_${name} AS (INSERT INTO raw_${name} (${list}, seq, key)
        SELECT ${list
          .split(', ')
          .map((column) => `p.${column}`)
          .join(', ')}, n.seq, n.key FROM pattern_${name} p, new n)`,
  );
  return `WITH new AS MATERIALIZED (SELECT key, id, content, nextval('change_seq') AS seq
      FROM unnest($1::uuid[], $2::text[], $3::text[]) AS x (key, id, content)),
    ${parts.join(',\n    ')}
    INSERT INTO raw_resource
      (key, seq, change, last_updated, version, method, type, id, digest, index_digest, tables, content)
    SELECT key, seq, seq, now(), 1, 'C', 'Observation', id, key, key, 0, content FROM new`;
}

/** Only tables in which the pattern has rows: others cost the store nothing either. */
async function columnsOf(pool: pg.Pool): Promise<Columns> {
  const found = new Map<string, string>();
  for (const name of INDEXES) {
    const { rows } = await pool.query<{ list: string; some: boolean }>(
      `SELECT string_agg(column_name, ', ' ORDER BY ordinal_position) AS list,
         EXISTS (SELECT FROM pattern_${name}) AS some
       FROM information_schema.columns
       WHERE table_name = 'pattern_${name}' AND column_name NOT IN ('seq', 'key')`,
    );
    if (rows[0]?.some === true) found.set(name, rows[0].list);
  }
  return found;
}
