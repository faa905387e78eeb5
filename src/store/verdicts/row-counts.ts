import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import type { Days } from './spans.ts';
import { bitsAtSql, openSql } from './undecided.ts';

/** A slot of a pack, counted over ranges of days. */
export interface RowGroup {
  readonly pack: number;
  readonly slot: number;
  /** Stratum columns to count by, each apart from the others. */
  readonly columns: readonly number[];
  /** Whether the observations are wanted too. */
  readonly observed: boolean;
  /** In order, without overlap. */
  readonly ranges: readonly Days[];
}

export interface RowCount {
  /** Index into the groups. */
  readonly group: number;
  /** Index into the ranges of the group. */
  readonly range: number;
  /** Stratum column; absent: the whole. */
  readonly column?: number;
  /** Value id; null: none. */
  readonly value: number | null;
  readonly bits: number;
  readonly count: number;
  /** In ascending order. */
  readonly observations?: readonly number[];
}

export interface RowRequest {
  readonly groups: readonly RowGroup[];
  /** Instant. */
  readonly asOf: string;
  /**
   * `at`: all stays, with their bits at that instant. `open`: only those that are undecided and not yet due then,
   * with the bits as they are kept.
   */
  readonly bits: 'at' | 'open';
}

/** Counts the rows of stays: one statement a pack, which reads each group's days and no others. */
export async function countRows(reader: Reader, request: RowRequest): Promise<RowCount[]> {
  const counted: RowCount[] = [];
  const indexed = request.groups.map((group, index) => ({ ...group, index }));
  for (const pack of new Set(request.groups.map((group) => group.pack))) {
    for (const observed of [false, true]) {
      const groups = indexed.filter(
        (group) => group.pack === pack && group.observed === observed && group.ranges.length > 0,
      );
      if (groups.length > 0) counted.push(...(await countPack(reader, groups, observed, request)));
    }
  }
  return counted;
}

type Indexed = RowGroup & { readonly index: number };
type Answer = { readonly key: number; readonly count: number; readonly absent: number } & {
  readonly [column: string]: number | null;
} & { readonly observations?: readonly number[] };

async function countPack(
  reader: Reader,
  groups: readonly Indexed[],
  observed: boolean,
  { asOf, bits }: RowRequest,
): Promise<RowCount[]> {
  const columns = [...new Set(groups.flatMap((group) => group.columns))].sort((one, other) => one - other);
  const named = columns.map((column) => `s${column}`);
  const values: unknown[] = [asOf];
  const parameter = (value: unknown, type: string): string => `$${values.push(value)}::${type}`;
  const branches = groups.map((group, at) => {
    const bounds = boundsOf(group.ranges);
    const { slot } = group;
    // Odd buckets lie within a range, even ones between two.
    const bucket = bounds.length === 2 ? '1' : `width_bucket(anchor${slot}, ${parameter(bounds, 'date[]')})`;
    const strata = columns.map((column) => (group.columns.includes(column) ? `s${column}` : `NULL::integer`));
    return `
      SELECT ${[
        `(${bucket} << 16) + ${at << 10} + (${bits === 'at' ? bitsAtSql(slot, '$1::timestamptz') : `bits${slot}`}) AS key`,
        observed ? `obs${slot} AS observation` : 'NULL AS observation',
        ...strata.map((value, index) => `${value} AS ${named[index]}`),
      ].join(', ')}
      FROM verdict
      WHERE pack = ${group.pack} AND bits${slot} <> 0
        AND anchor${slot} BETWEEN ${parameter(group.ranges[0]?.firstDay, 'date')} AND ${parameter(group.ranges.at(-1)?.lastDay, 'date')}
        AND ${bits === 'at' ? '$1::timestamptz IS NOT NULL' : openSql(slot, '$1::timestamptz')}
        ${bounds.length === 2 ? '' : `AND ${bucket} % 2 = 1`}`;
  });
  const sets = [['key'], ...named.map((name) => ['key', name])].map((set) => `(${set.join(', ')})`);
  const rows = await sqlOf(reader).query<Answer>(
    `SELECT ${['key', ...named].join(', ')}, count(*)::integer AS count,
            ${named.length === 0 ? '0' : `grouping(${named.join(', ')})`}::integer AS absent
            ${observed ? ', array_agg(observation ORDER BY observation) FILTER (WHERE observation IS NOT NULL) AS observations' : ''}
     FROM (${branches.join(' UNION ALL ')}) AS rows_of_stays
     GROUP BY ${named.length === 0 ? 'key' : `GROUPING SETS (${sets.join(', ')})`}`,
    values,
  );
  return rows.flatMap((row) => countOf(row, groups, columns));
}

/** First days of the ranges and of what follows them. */
function boundsOf(ranges: readonly Days[]): string[] {
  return ranges.flatMap(({ firstDay, lastDay }) => [firstDay, dayAfter(lastDay)]);
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10);
}

/** grouping() says by its bits which columns a row is not grouped by: all but one, or all. */
function countOf(row: Answer, groups: readonly Indexed[], columns: readonly number[]): RowCount[] {
  const group = groups[(row.key >> 10) & 63] as Indexed;
  const column = columns.find((_, index) => (row.absent & (1 << (columns.length - 1 - index))) === 0);
  if (column !== undefined && !group.columns.includes(column)) return [];
  return [
    {
      group: group.index,
      range: (row.key >> 17) & 0x3fff,
      ...(column === undefined ? {} : { column }),
      value: column === undefined ? null : (row[`s${column}`] ?? null),
      bits: row.key & 1023,
      count: row.count,
      ...(row.observations == null ? {} : { observations: row.observations }),
    },
  ];
}
