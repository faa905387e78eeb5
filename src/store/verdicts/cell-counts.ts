import { sqlOf } from '../sql.ts';
import type { Reader } from '../store.ts';
import { WHOLE } from './cells.ts';

/** A span of cells (migration 0203) that counts as part of something of the caller's. */
export interface CellSpan {
  /** pack * 8 + slot */
  readonly place: number;
  readonly span: number;
  /** A number by which the caller knows the counts again; spans of the same place and label are added up. */
  readonly label: number;
}

export interface CellCount {
  readonly place: number;
  readonly label: number;
  /** {@link WHOLE} or a stratum column. */
  readonly dimension: number;
  readonly value: number;
  /** As they are kept. */
  readonly bits: number;
  readonly count: number;
}

/** Cells of one place, label and dimension: `value bits count`, separated by commas. */
interface PackedCells extends Pick<CellCount, 'place' | 'label' | 'dimension'> {
  readonly cells: string;
  readonly open: boolean | null;
}

/** Which cells are wanted. */
export interface CellRequest {
  readonly spans: readonly CellSpan[];
  /** Of a place, beside the whole. */
  readonly columnsOf: (place: number) => readonly number[];
  /** Of a column of a place, where not all are. */
  readonly valuesOf: (place: number, column: number) => readonly number[] | undefined;
  /** Set to be told whether any of these months is open (openMonths). */
  readonly months?: {
    readonly places: readonly number[];
    readonly first: number;
    readonly last: number;
    readonly asOf: string;
  };
}

/**
 * Cells with their labels; those with the same value and bits are left to be added up. One statement; reads the cells
 * of those spans alone. They come packed: a row of its own for each costs either side more than the counting does.
 */
export async function readCells(
  reader: Reader,
  { spans, columnsOf, valuesOf, months }: CellRequest,
): Promise<{ readonly cells: CellCount[]; readonly open: boolean }> {
  const wanted = spans.flatMap(({ place, span, label }) =>
    [WHOLE, ...columnsOf(place)].flatMap((dimension) => {
      const values = dimension === WHOLE ? [0] : (valuesOf(place, dimension) ?? [null]);
      return values.map((value) => ({ place, span, label, dimension, value }));
    }),
  );
  // With every value named the key of the table finds the cells one by one.
  const named = wanted.every(({ value }) => value !== null);
  const rows = await sqlOf(reader).query<PackedCells>(
    `SELECT wanted.place, label, wanted.dimension, string_agg(cell.value || ' ' || bits || ' ' || count, ',') AS cells,
       (SELECT true FROM verdict_cell
        WHERE place = ANY($6::smallint[]) AND dimension = ${WHOLE} AND span BETWEEN $7 AND $8 AND value = 0
          AND late > $9::timestamptz LIMIT 1) AS open
     FROM unnest($1::smallint[], $2::smallint[], $3::integer[], $4::integer[], $5::integer[])
       AS wanted (place, dimension, span, label, value)
     JOIN verdict_cell AS cell ON cell.place = wanted.place AND cell.dimension = wanted.dimension
       AND cell.span = wanted.span AND ${named ? 'cell.value = wanted.value' : '(wanted.value IS NULL OR cell.value = wanted.value)'}
     WHERE count <> 0
     GROUP BY wanted.place, label, wanted.dimension`,
    [
      wanted.map(({ place }) => place),
      wanted.map(({ dimension }) => dimension),
      wanted.map(({ span }) => span),
      wanted.map(({ label }) => label),
      wanted.map(({ value }) => value),
      months?.places ?? [],
      months?.first ?? 0,
      months?.last ?? 0,
      months?.asOf ?? null,
    ],
    named ? 'verdict_read_named_cells' : 'verdict_read_cells',
  );
  const found: CellCount[] = [];
  for (const { place, label, dimension, cells } of rows) {
    for (const cell of cells.split(',')) {
      const [value, bits, count] = cell.split(' ') as [string, string, string];
      found.push({ place, label, dimension, value: Number(value), bits: Number(bits), count: Number(count) });
    }
  }
  return { cells: found, open: rows[0]?.open === true };
}

/** A month of a place in which something may be undecided and not yet due. */
export interface OpenMonth {
  readonly place: number;
  readonly span: number;
  /** Whether all that is undecided in it is not yet due. */
  readonly allBefore: boolean;
}

/** The months of places in which the time of asking matters: those where something may be due later than it. */
export async function openMonths(
  reader: Reader,
  places: readonly number[],
  first: number,
  last: number,
  asOf: string,
): Promise<OpenMonth[]> {
  return sqlOf(reader).query<OpenMonth>(
    `SELECT place, span, min(early) > $4::timestamptz AS "allBefore"
     FROM verdict_cell
     WHERE place = ANY($1::smallint[]) AND dimension = ${WHOLE} AND span BETWEEN $2 AND $3 AND value = 0
     GROUP BY place, span
     HAVING max(late) > $4::timestamptz`,
    [places, first, last, asOf],
    'verdict_open_months',
  );
}
