import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import type { GroupLayout } from './layout.ts';

export interface CountRequest {
  readonly pack: number;
  readonly group: GroupLayout;
  /** Local days, both inclusive, in order and without overlap; counted apart. */
  readonly periods: readonly { readonly firstDay: string; readonly lastDay: string }[];
  /** Instant: decides what was due. */
  readonly asOf: string;
  /** Sets of stratum columns to count by: `[[]]` the whole, `[[], [2], [3]]` the whole and two strata apart. */
  readonly by: readonly (readonly number[])[];
  /** Only stays whose stratum column has one of these value ids. */
  readonly only?: { readonly column: number; readonly values: readonly number[] };
}

export interface CountRow {
  /** Index into `by`. */
  readonly set: number;
  /** Index into `periods`. */
  readonly period: number;
  /** Value ids of the set's columns, null for none. */
  readonly values: readonly (number | null)[];
  /** Population bits at the time of asking. */
  readonly bits: number;
  readonly count: number;
  readonly observations?: readonly number[];
}

/** Of the bits: what the populations are at the time of asking (src/measures/report/populations.ts, tally.ts). */
function bitsAt(slot: number): string {
  // 32 and 64: pending from the due time on, and before it.
  const pending = `CASE WHEN due${slot} > $2::timestamptz THEN (bits${slot} & 64) / 2 ELSE bits${slot} & 32 END`;
  return `(bits${slot} & ~96) | (${pending})`;
}

/** Counts stays by population bits; one statement, one pass over the rows. */
export async function countVerdicts(
  reader: Reader,
  request: CountRequest,
  observed: boolean,
): Promise<CountRow[]> {
  const { slot } = request.group;
  const columns = [...new Set(request.by.flat())];
  const first = request.periods[0]?.firstDay;
  const last = request.periods.at(-1)?.lastDay;
  const grouped = ['period', 'bits'];
  const sets = request.by.map((set) => `(${[...grouped, ...set.map((column) => `s${column}`)].join(', ')})`);
  const named = columns.map((column) => `s${column}`);
  const period = request.periods.length === 1 ? '0' : `width_bucket(anchor${slot}, $5::date[]) - 1`;
  const text = `
    SELECT ${['period', 'bits', ...named].join(', ')}, count(*)::integer AS count,
           ${named.length === 0 ? '0' : `grouping(${named.join(', ')})`}::integer AS grouped
           ${observed ? ', array_agg(observation ORDER BY observation) FILTER (WHERE observation IS NOT NULL) AS observations' : ''}
    FROM (
      SELECT ${period} AS period, (${bitsAt(slot)})::integer AS bits, obs${slot} AS observation
             ${named.map((name) => `, ${name}`).join('')}
      FROM verdict
      WHERE pack = $1 AND anchor${slot} BETWEEN $3::date AND $4::date AND bits${slot} <> 0
            ${request.only === undefined ? '' : `AND s${request.only.column} = ANY($6::integer[])`}
            ${request.periods.length === 1 ? 'AND $5::date[] IS NOT NULL' : ''}
    ) AS counted
    GROUP BY GROUPING SETS (${sets.join(', ')})`;
  const rows = await sqlOf(reader).query<Record<string, number | null | number[]>>(text, [
    request.pack,
    request.asOf,
    first,
    last,
    request.periods.map((one) => one.firstDay),
    ...(request.only === undefined ? [] : [request.only.values]),
  ]);
  return rows.map((row) => rowOf(row, request.by, columns));
}

/** grouping() says by its bits which columns a row is not grouped by: so which of the sets it belongs to. */
function rowOf(
  row: Record<string, number | null | number[]>,
  by: CountRequest['by'],
  columns: readonly number[],
): CountRow {
  const absent = row.grouped as number;
  const present = columns.filter((_, index) => (absent & (1 << (columns.length - 1 - index))) === 0);
  const set = by.findIndex(
    (one) => one.length === present.length && present.every((column) => one.includes(column)),
  );
  return {
    set,
    period: row.period as number,
    values: (by[set] ?? []).map((column) => row[`s${column}`] as number | null),
    bits: row.bits as number,
    count: row.count as number,
    ...(row.observations === undefined || row.observations === null
      ? {}
      : { observations: row.observations as number[] }),
  };
}
