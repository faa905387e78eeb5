import type pg from 'pg';
import type { Layout } from '../../../src/store/verdicts/layout.ts';

/** A Measure as its verdicts are kept: where, and the codes of its stratifiers. */
export interface KeptLayout {
  readonly id: string;
  readonly layout: Layout;
}

/** Values of stratum columns: so many municipalities there are; other strata have fewer, which costs less. */
const VALUES = 98;
/** Initial population and denominator, with: nothing, exclusion, numerator, or what is pending before its due time. */
const BITS = [3, 7, 11, 11, 11, 11, 11, 67];

/**
 * Fills the verdict table with made-up verdicts of N stays over the year 2026, as the refreshing would write them for
 * every Measure that is kept, and a flat table `flat` with the same facts of the first group of some of them.
 */
export async function fillVerdicts(
  pool: pg.Pool,
  stays: number,
  kept: readonly KeptLayout[],
  flat: readonly string[],
): Promise<void> {
  await pool.query(
    `INSERT INTO verdict_value (value) SELECT 'value ' || n FROM generate_series(1, ${VALUES}) n`,
  );
  const { rows } = await pool.query<{ first: number }>('SELECT min(id) AS first FROM verdict_value');
  const first = rows[0]?.first ?? 1;
  const packs = [...new Set(kept.map(({ layout }) => layout.pack))];
  for (const pack of packs) {
    const groups = kept.filter(({ layout }) => layout.pack === pack).flatMap(({ layout }) => layout.groups);
    const columns = new Map<string, string>();
    for (const { slot, strata } of groups) {
      columns.set(`anchor${slot}`, 'day');
      columns.set(`due${slot}`, "day + interval '38 hours'");
      columns.set(`bits${slot}`, `(ARRAY[${BITS.join(',')}])[1 + (n * 31 + ${slot} * 7) % ${BITS.length}]`);
      for (const column of strata) {
        columns.set(`s${column}`, `${first} + (n * 17 + ${column}) % ${column % 3 === 0 ? VALUES : 5}`);
      }
    }
    await pool.query(
      `INSERT INTO verdict (stay, pack, ${[...columns.keys()].join(', ')})
       SELECT ('00000000-0000-4000-8000-' || lpad(to_hex(n), 12, '0'))::uuid, ${pack}, ${[...columns.values()].join(', ')}
       FROM (SELECT n, date '2026-01-01' + (n::bigint * 7919 % 365)::integer AS day
             FROM generate_series(1, ${stays}) n) AS made`,
    );
  }
  const places = flat.flatMap((id) => {
    const found = kept.find((one) => one.id === id)?.layout;
    const group = found?.groups[0];
    return found === undefined || group === undefined ? [] : [{ ...group, pack: found.pack }];
  });
  const facts = places.flatMap(({ slot, pack }, index) =>
    ['anchor', 'due', 'bits'].map((name) => `v${pack}.${name}${slot} AS ${name}${index}`),
  );
  const [from, ...others] = [...new Set(places.map(({ pack }) => pack))].map(
    (pack) => `(SELECT * FROM verdict WHERE pack = ${pack}) AS v${pack}`,
  );
  await pool.query(
    `CREATE TABLE flat AS SELECT stay, ${facts.join(', ')}
     FROM ${from} ${others.map((other) => `JOIN ${other} USING (stay)`).join(' ')}`,
  );
  await pool.query('VACUUM ANALYZE verdict');
  await pool.query('VACUUM ANALYZE flat');
}

/** What one would write by hand: every parameter's counts in one pass over the flat table, for one period. */
export function summaryByHand(parameters: number): string {
  const counts = Array.from({ length: parameters }, (_, index) => {
    const inside = `anchor${index} BETWEEN $1::date AND $2::date AND bits${index} <> 0`;
    const counted = (condition: string) => `count(*) FILTER (WHERE ${inside} AND ${condition})`;
    const pending = `CASE WHEN due${index} > $3::timestamptz THEN bits${index} & 64 ELSE bits${index} & 32 END`;
    return [
      counted(`bits${index} & 2 <> 0`),
      counted(`bits${index} & 4 <> 0`),
      counted(`bits${index} & 8 <> 0`),
      counted(`(${pending}) <> 0`),
    ].join(', ');
  });
  return `SELECT ${counts.join(', ')} FROM flat`;
}
