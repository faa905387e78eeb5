import type pg from 'pg';
import type { Layout } from '../../../src/store/verdicts/layout.ts';

/** A Measure as its verdicts are kept: where, and the codes of the stratifiers of its first group. */
export interface KeptLayout {
  readonly id: string;
  readonly layout: Layout;
  readonly stratifiers: readonly string[];
}

/** How many values a stratifier has, by its code; others have 3. Independent of each other, which is the hard case. */
const VALUES: Readonly<Record<string, number>> = {
  region: 5,
  municipality: 98,
  hospital: 25,
  department: 200,
  'age-band': 4,
};
/** Initial population and denominator, with: nothing, exclusion, numerator, or what is pending before its due time. */
const BITS = [3, 7, 11, 11, 11, 11, 11, 67];

/**
 * Fills the tables of kept verdicts with made-up ones of N stays over the year 2026, as the refreshing would write them
 * for every Measure that is kept, and a flat table `flat` with the same facts of some of them, indexed for its
 * questions. Does nothing when the flat table is there already with as many stays.
 */
export async function fillVerdicts(
  pool: pg.Pool,
  stays: number,
  kept: readonly KeptLayout[],
  flat: readonly string[],
): Promise<void> {
  const there = await pool.query<{ flat: string | null }>("SELECT to_regclass('flat') AS flat");
  if (there.rows[0]?.flat !== null) {
    const { rows } = await pool.query<{ stays: string }>('SELECT count(*) AS stays FROM flat');
    if (Number(rows[0]?.stays) === stays) return;
    await pool.query('DROP TABLE flat');
  }
  await pool.query('TRUNCATE verdict, verdict_value, verdict_reason, verdict_stale, verdict_cell');
  const values = await fillValues(pool, kept);
  const indexes = await pool.query<{ name: string; definition: string }>(
    `SELECT indexname AS name, indexdef AS definition FROM pg_indexes
     WHERE tablename = 'verdict' AND indexname <> 'verdict_pkey'`,
  );
  for (const { name } of indexes.rows) await pool.query(`DROP INDEX ${name}`);
  for (const pack of new Set(kept.map(({ layout }) => layout.pack)))
    await fillPack(pool, stays, kept, pack, values);
  for (const { definition } of indexes.rows) await pool.query(definition);
  await pool.query('ANALYZE verdict');
  await fillCells(pool, kept);
  await fillFlat(pool, kept, flat);
  await pool.query('VACUUM ANALYZE verdict');
  await pool.query('VACUUM ANALYZE verdict_cell');
  await pool.query('VACUUM ANALYZE flat');
}

type Values = ReadonlyMap<string, { readonly first: number; readonly count: number }>;

/** Ids of the values of each stratifier: `code n`. */
async function fillValues(pool: pg.Pool, kept: readonly KeptLayout[]): Promise<Values> {
  const values = new Map<string, { first: number; count: number }>();
  for (const code of new Set(kept.flatMap(({ stratifiers }) => stratifiers))) {
    const count = VALUES[code] ?? 3;
    const { rows } = await pool.query<{ id: number }>(
      `INSERT INTO verdict_value (value) SELECT $1 || ' ' || lpad(n::text, 3, '0') FROM generate_series(1, $2::integer) n
       RETURNING id`,
      [code, count],
    );
    values.set(code, { first: Math.min(...rows.map(({ id }) => id)), count });
  }
  return values;
}

async function fillPack(
  pool: pg.Pool,
  stays: number,
  kept: readonly KeptLayout[],
  pack: number,
  values: Values,
): Promise<void> {
  const columns = new Map<string, string>();
  for (const { layout, stratifiers } of kept) {
    const group = layout.groups[0];
    if (layout.pack !== pack || group === undefined) continue;
    const { slot } = group;
    columns.set(`anchor${slot}`, 'day');
    columns.set(`due${slot}`, "day + interval '38 hours'");
    columns.set(
      `bits${slot}`,
      `(ARRAY[${BITS.join(',')}])[1 + (hashint4(n * 8 + ${slot}) & 1023) % ${BITS.length}]`,
    );
    for (const [at, code] of stratifiers.entries()) {
      const { first, count } = values.get(code) as { first: number; count: number };
      columns.set(
        `s${group.strata[at]}`,
        `${first} + (hashint4(n) # hashint4(${first}) & 1048575) % ${count}`,
      );
    }
  }
  await pool.query(
    `INSERT INTO verdict (stay, pack, ${[...columns.keys()].join(', ')})
     SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${pack}, ${[...columns.values()].join(', ')}
     FROM (SELECT n, date '2026-01-01' + (n::bigint * 7919 % 365)::integer AS day
           FROM generate_series(1, ${stays}) n) AS made`,
  );
}

/** The cells of the rows, as migration 0203 defines them: months by counting, years from the months. */
async function fillCells(pool: pg.Pool, kept: readonly KeptLayout[]): Promise<void> {
  for (const { layout } of kept) {
    for (const { slot, strata } of layout.groups) {
      const columns = [...new Set(strata)].map((column) => `s${column}`);
      const dimension = columns.map((name) => `WHEN grouping(${name}) = 0 THEN ${name.slice(1)}`).join(' ');
      const undecided = `FILTER (WHERE bits${slot} & 96 IN (32, 64))`;
      await pool.query(
        `INSERT INTO verdict_cell (place, dimension, span, value, bits, count, early, late)
         SELECT ${layout.pack * 8 + slot}, dimension, span, value, bits, count,
                CASE WHEN dimension = -1 THEN early END, CASE WHEN dimension = -1 THEN late END
         FROM (
           SELECT CASE ${dimension} ELSE -1 END AS dimension, coalesce(${[...columns, '0'].join(', ')}) AS value,
                  span, bits${slot} AS bits, count(*) AS count,
                  min(due${slot}) ${undecided} AS early, max(due${slot}) ${undecided} AS late
           FROM (SELECT *, extract(year FROM anchor${slot})::integer * 100 + extract(month FROM anchor${slot})::integer AS span
                 FROM verdict WHERE pack = ${layout.pack} AND bits${slot} <> 0) AS rows_of_stays
           GROUP BY GROUPING SETS ((span, bits${slot})${columns.map((name) => `, (span, bits${slot}, ${name})`).join('')})
         ) AS counted`,
      );
    }
  }
  await pool.query(
    `INSERT INTO verdict_cell (place, dimension, span, value, bits, count)
     SELECT place, dimension, span / 100 * 100, value, bits, sum(count) FROM verdict_cell GROUP BY 1, 2, 3, 4, 5`,
  );
}

async function fillFlat(pool: pg.Pool, kept: readonly KeptLayout[], flat: readonly string[]): Promise<void> {
  const places = flat.flatMap((id) => {
    const found = kept.find((one) => one.id === id);
    const group = found?.layout.groups[0];
    return found === undefined || group === undefined
      ? []
      : [
          {
            ...group,
            pack: found.layout.pack,
            municipality: group.strata[found.stratifiers.indexOf('municipality')],
          },
        ];
  });
  const facts = places.flatMap(({ slot, pack }, index) =>
    ['anchor', 'due', 'bits'].map((name) => `v${pack}.${name}${slot} AS ${name}${index}`),
  );
  const [from, ...others] = [...new Set(places.map(({ pack }) => pack))].map(
    (pack) => `(SELECT * FROM verdict WHERE pack = ${pack}) AS v${pack}`,
  );
  await pool.query(
    `CREATE TABLE flat AS
     SELECT stay, value AS municipality, ${facts.join(', ')}
     FROM ${from} ${others.map((other) => `JOIN ${other} USING (stay)`).join(' ')}
     JOIN verdict_value ON verdict_value.id = v${places[0]?.pack}.s${places[0]?.municipality}`,
  );
  for (const index of places.keys()) await pool.query(`CREATE INDEX ON flat (municipality, anchor${index})`);
}

/**
 * What one would write by hand: every parameter's counts in one pass over the flat table, for one period; by
 * municipality, or of one, when told.
 */
export function summaryByHand(parameters: number, of?: 'each municipality' | 'one municipality'): string {
  const counts = Array.from({ length: parameters }, (_, index) => {
    const inside = `anchor${index} BETWEEN $1::date AND $2::date AND bits${index} <> 0`;
    const counted = (condition: string) => `count(*) FILTER (WHERE ${inside} AND ${condition})::integer`;
    const pending = `CASE WHEN due${index} > $3::timestamptz THEN bits${index} & 64 ELSE bits${index} & 32 END`;
    return [
      counted(`bits${index} & 2 <> 0`),
      counted(`bits${index} & 4 <> 0`),
      counted(`bits${index} & 8 <> 0`),
      counted(`(${pending}) <> 0`),
    ].join(', ');
  });
  if (of === undefined) return `SELECT ${counts.join(', ')} FROM flat`;
  if (of === 'each municipality') {
    return `SELECT municipality, ${counts.join(', ')} FROM flat GROUP BY municipality ORDER BY municipality COLLATE "C"`;
  }
  const within = Array.from(
    { length: parameters },
    (_, index) => `anchor${index} BETWEEN $1::date AND $2::date`,
  );
  return `SELECT ${counts.join(', ')} FROM flat WHERE municipality = $4 AND (${within.join(' OR ')})`;
}
