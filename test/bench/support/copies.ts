import type pg from 'pg';
import { parameterId } from '../../../src/fhir/search/parameters.ts';

const TABLES = [
  'resource',
  'token_index',
  'string_index',
  'reference_index',
  'date_index',
  'quantity_index',
  'composite_index',
];

/** The store's key of a resource, as SQL over the text `Type/id`. */
const key = (text: string) => `left(encode(sha256(convert_to(${text}, 'UTF8')), 'hex'), 32)::uuid`;

/**
 * Grows a store of Observations and citizens (support/observations.ts) by copies of itself, as rows: each copy has ids,
 * identifiers, citizens and times of its own, so that a search finds as many in the large store as in the small one. A
 * million resources in a minute or two, where validating and indexing them takes a quarter of an hour.
 *
 * The text of a copy keeps the times of its pattern; its rows do not.
 */
export async function multiply(
  pool: pg.Pool,
  observations: number,
  patients: number,
  copies: number,
): Promise<void> {
  const client = await pool.connect();
  const run = (text: string) => client.query(text);
  try {
    await run("SET maintenance_work_mem = '1GB'");
    await run("SET work_mem = '256MB'");
    // Indexes are built once over all rows: a tenth of the time of keeping them row by row.
    const { rows: indexes } = await client.query<{ name: string; definition: string }>(
      `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_index i WHERE i.indrelid::regclass::text = ANY ($1) AND NOT i.indisprimary`,
      [TABLES],
    );
    await run('ALTER TABLE resource DROP CONSTRAINT resource_pkey');
    for (const { name } of indexes) await run(`DROP INDEX ${name}`);
    const [top] = (await client.query<{ top: string }>('SELECT max(seq) AS top FROM resource')).rows;
    const step = Number(top?.top) + 1;
    await run(`CREATE TEMP TABLE pattern ON COMMIT PRESERVE ROWS AS
      SELECT r.*, substr(r.id, 2)::integer AS number FROM resource r
      WHERE r.type IN ('Observation', 'Patient') AND r.id ~ '^[op][0-9]+$'`);
    await run(`CREATE TEMP TABLE copy AS
      SELECT p.key AS old, p.seq AS old_seq, c * ${step}::bigint AS more, c,
        ${key(`p.type || '/' || left(p.id, 1) || (p.number + c * (CASE p.type WHEN 'Patient' THEN ${patients} ELSE ${observations} END))`)} AS key
      FROM pattern p, generate_series(1, ${copies}) c`);
    const columns = async (table: string) =>
      (
        await client.query<{ name: string }>(
          `SELECT attname AS name FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped
             AND attgenerated = ''`,
          [table],
        )
      ).rows.map(({ name }) => name);
    const moved: Readonly<Record<string, string>> = {
      value: `CASE x.parameter
        WHEN ${parameterId('Observation', 'identifier')} THEN 'o' || (substr(x.value, 2)::integer + n.c * ${observations})
        WHEN ${parameterId('Patient', 'identifier')} THEN 'p' || (substr(x.value, 2)::integer + n.c * ${patients})
        ELSE x.value END`,
      folded: `regexp_replace(x.folded, '[0-9]+$', '') || coalesce((substring(x.folded FROM '[0-9]+$')::integer + n.c * ${patients})::text, '')`,
      exact: `regexp_replace(x.exact, '[0-9]+$', '') || coalesce((substring(x.exact FROM '[0-9]+$')::integer + n.c * ${patients})::text, '')`,
      target: `t.key`,
      low: 'x.low + n.c * shift.by',
      high: 'x.high + n.c * shift.by',
    };
    const changes: Readonly<Record<string, readonly string[]>> = {
      token_index: ['value'],
      string_index: ['folded', 'exact'],
      reference_index: ['target'],
      date_index: ['low', 'high'],
    };
    for (const table of TABLES.slice(1)) {
      const names = await columns(table);
      const values = names.map((name) => {
        if (name === 'seq') return 'x.seq + n.more';
        if (name === 'key') return 'n.key';
        return changes[table]?.includes(name) ? moved[name] : `x.${name}`;
      });
      const targets = table === 'reference_index' ? 'JOIN copy t ON t.old = x.target AND t.c = n.c' : '';
      const shift =
        table === 'date_index'
          ? `CROSS JOIN LATERAL (SELECT CASE x.parameter WHEN ${parameterId('Observation', 'date')}
               THEN ${observations * 60_000}::bigint ELSE 0 END AS by) shift`
          : '';
      await run(`INSERT INTO ${table} (${names.join(', ')}) SELECT ${values.join(', ')}
        FROM ${table} x JOIN copy n ON n.old_seq = x.seq ${targets} ${shift}`);
    }
    const names = await columns('resource');
    const id = `left(x.id, 1) || (x.number + n.c * (CASE x.type WHEN 'Patient' THEN ${patients} ELSE ${observations} END))`;
    const content = `replace(replace(replace(x.content, '"id":"' || x.id || '"', '"id":"' || (${id}) || '"'),
        '"value":"' || x.id || '"', '"value":"' || (${id}) || '"'),
        '"Patient/p' || (x.number % ${patients}) || '"', '"Patient/p' || (x.number % ${patients} + n.c * ${patients}) || '"')`;
    const values = names.map((name) => {
      if (name === 'seq' || name === 'change') return `x.${name} + n.more`;
      if (name === 'key') return 'n.key';
      if (name === 'last_updated') return "x.last_updated - n.c * interval '1 hour'";
      if (name === 'id') return id;
      return name === 'content' ? content : `x.${name}`;
    });
    await run(`INSERT INTO resource (${names.join(', ')}) SELECT ${values.join(', ')}
      FROM pattern x JOIN copy n ON n.old = x.key`);
    await run('DROP TABLE copy, pattern');
    await run(`SELECT setval('change_seq', (SELECT max(change) FROM resource))`);
    await run('ALTER TABLE resource ADD PRIMARY KEY (key)');
    for (const { definition } of indexes) await run(definition);
    await run('VACUUM ANALYZE');
  } finally {
    client.release(true);
  }
}
