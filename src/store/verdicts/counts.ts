import { sqlOf } from '../sql.ts';
import type { Reader, Store } from '../store.ts';
import {
  type CellCount,
  type CellRequest,
  type CellSpan,
  type OpenMonth,
  openMonths,
  readCells,
} from './cell-counts.ts';
import { WHOLE } from './cells.ts';
import { SLOTS } from './layout.ts';
import { countRows, type RowGroup } from './row-counts.ts';
import { type Days, daysOf, type Pieces, piecesOf, withYears } from './spans.ts';
import { settledBits } from './undecided.ts';

/** What is counted of one Measure group: where it lies (layout.ts), and by which of its strata. */
interface CountedGroup {
  readonly pack: number;
  readonly slot: number;
  /** Stratum columns to count by, each apart from the others; the whole is always counted. */
  readonly columns: readonly number[];
  /** Of a column the ids of the only values that are wanted; all of those that are not here. */
  readonly only?: ReadonlyMap<number, readonly number[]>;
  /** Whether the observations are wanted too. */
  readonly observed: boolean;
}

export interface CountRequest {
  /** No slot twice. */
  readonly groups: readonly CountedGroup[];
  /** Local days, in order and without overlap; counted apart. */
  readonly periods: readonly Days[];
  /** Instant: decides what was due. */
  readonly asOf: string;
}

/** Stays with the same bits. */
export interface CountRow {
  /** Index into the groups. */
  readonly group: number;
  /** Index into the periods. */
  readonly period: number;
  /** Stratum column; absent: the whole. */
  readonly column?: number;
  /** Value id of the column, null for none. */
  readonly value: number | null;
  /** Populations at the time of asking. */
  readonly bits: number;
  readonly count: number;
  /** Ascending. */
  readonly observations?: readonly number[];
}

/**
 * Counts stays by their populations, for any number of Measure groups at once.
 *
 * Whole months are read from cells: sums that were kept with the verdicts. Days beside them, and groups whose
 * observations are wanted, are counted row by row. Cells count as if everything were due; in the months in which
 * something is not (openMonths), the rows that are undecided are looked up and what they were counted as is put right.
 */
export async function countVerdicts(store: Store, request: CountRequest): Promise<CountRow[]> {
  const pieces = request.periods.map(piecesOf);
  const rows =
    (await countSettled(store, request, pieces)) ??
    (await store.transaction(async (transaction) => {
      // Cells and rows of one moment: between two statements a batch of refreshed verdicts may commit.
      await sqlOf(transaction).later('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
      const summed = await countMonths(transaction, request, pieces);
      return [...summed, ...(await countRest(transaction, request, pieces))];
    }));
  return addedUp(rows).filter(({ group, column, value }) => isWanted(request.groups[group], column, value));
}

/** What one statement tells: whole months of which nothing is open. Undefined where there is more to look up. */
async function countSettled(
  reader: Reader,
  request: CountRequest,
  pieces: readonly Pieces[],
): Promise<CountRow[] | undefined> {
  const months = pieces.flatMap((piece) => piece.months);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined || pieces.some(({ rest }) => rest.length > 0))
    return undefined;
  // Where the time of asking lies among the months, some of them are open.
  if (request.groups.some(({ observed }) => observed) || request.asOf.slice(0, 10) <= daysOf(last).lastDay)
    return undefined;
  const places = placesOf(request);
  const { spans } = spansOfMonths(places, pieces, new Map());
  const { cells, open } = await readCells(reader, {
    spans,
    ...choiceOf(request, places),
    months: { places: [...places.keys()], first, last, asOf: request.asOf },
  });
  if (open) return undefined;
  return withoutValue(
    cells.map((cell) => countOfCell(cell, places)),
    request.groups,
  );
}

function isWanted(
  group: CountedGroup | undefined,
  column: number | undefined,
  value: number | null,
): boolean {
  const only = column === undefined ? undefined : group?.only?.get(column);
  return only === undefined || (value !== null && only.includes(value));
}

/** The days that no cell counts. */
async function countRest(
  reader: Reader,
  request: CountRequest,
  pieces: readonly Pieces[],
): Promise<CountRow[]> {
  const parts = pieces.flatMap(({ rest }, period) => rest.map((days) => ({ days, period })));
  const groups = request.groups.map((group): RowGroup & { readonly periods: readonly number[] } =>
    group.observed
      ? { ...group, ranges: request.periods, periods: request.periods.map((_, index) => index) }
      : { ...group, ranges: parts.map(({ days }) => days), periods: parts.map(({ period }) => period) },
  );
  const counted = await countRows(reader, { groups, asOf: request.asOf, bits: 'at' });
  return counted.map(({ range, ...row }) => ({
    ...row,
    period: groups[row.group]?.periods[range] as number,
  }));
}

async function countMonths(
  reader: Reader,
  request: CountRequest,
  pieces: readonly Pieces[],
): Promise<CountRow[]> {
  const { groups, asOf } = request;
  const months = pieces.flatMap((piece) => piece.months);
  const places = placesOf(request);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined || places.size === 0) return [];
  const open = new Map<string, OpenMonth>();
  for (const month of await openMonths(reader, [...places.keys()], first, last, asOf)) {
    open.set(`${month.place} ${month.span}`, month);
  }
  const { spans, ranges } = spansOfMonths(places, pieces, open);
  const { cells } = await readCells(reader, { spans, ...choiceOf(request, places) });
  const mixed = [...ranges].map(([index, own]) => ({
    ...(groups[index] as CountedGroup),
    index,
    ranges: own.map(({ days }) => days),
    periods: own.map(({ period }) => period),
  }));
  const rows = cells.map((cell) => countOfCell(cell, places));
  const late = mixed.length === 0 ? [] : await countRows(reader, { groups: mixed, asOf, bits: 'open' });
  const moved = late.flatMap(({ group: at, range, bits, count, ...row }): CountRow[] => {
    const { index: group, periods } = mixed[at] as (typeof mixed)[number];
    const period = periods[range] as number;
    return [
      { ...row, group, period, bits: settledBits(bits, false), count: -count },
      { ...row, group, period, bits: settledBits(bits, true), count },
    ];
  });
  return [...withoutValue(rows, groups), ...moved];
}

/** The groups that cells are kept of, by their places. */
function placesOf({ groups }: CountRequest): ReadonlyMap<number, number> {
  return new Map(
    groups.flatMap((group, index) => (group.observed ? [] : [[placeOf(group), index] as const])),
  );
}

function choiceOf(
  { groups }: CountRequest,
  places: ReadonlyMap<number, number>,
): Pick<CellRequest, 'columnsOf' | 'valuesOf'> {
  const groupAt = (place: number): CountedGroup | undefined => groups[places.get(place) as number];
  return {
    columnsOf: (place) => groupAt(place)?.columns ?? [],
    valuesOf: (place, column) => groupAt(place)?.only?.get(column),
  };
}

/** The cells that the months of the periods are read from, and of each group the months in which rows are looked up too. */
function spansOfMonths(
  places: ReadonlyMap<number, number>,
  pieces: readonly Pieces[],
  open: ReadonlyMap<string, OpenMonth>,
) {
  const spans: CellSpan[] = [];
  const ranges = new Map<number, { readonly days: Days; readonly period: number }[]>();
  for (const [place, index] of places) {
    for (const [period, { months }] of pieces.entries()) {
      for (const span of withYears(months, (month) => open.has(`${place} ${month}`))) {
        const asked = open.get(`${place} ${span}`);
        spans.push({ place, span, label: period * 2 + Number(asked?.allBefore === true) });
        if (asked?.allBefore !== false) continue;
        const own = ranges.get(index) ?? [];
        ranges.set(index, own);
        own.push({ days: daysOf(span), period });
      }
    }
  }
  return { spans, ranges };
}

function countOfCell(
  { place, label, dimension, value, bits, count }: CellCount,
  places: ReadonlyMap<number, number>,
): CountRow {
  const own = {
    group: places.get(place) as number,
    period: label >> 1,
    bits: settledBits(bits, (label & 1) === 1),
    count,
  };
  return dimension === WHOLE ? { ...own, value: null } : { ...own, column: dimension, value };
}

/** Adds those that have no value in a stratum column, which have no cell of their own: the whole without the others. */
function withoutValue(rows: readonly CountRow[], groups: readonly CountedGroup[]): CountRow[] {
  const without = new Sums();
  for (const { group, period, column, bits, count } of rows) {
    const columns = column === undefined ? new Set(groups[group]?.columns ?? []) : [column];
    for (const one of columns) {
      // Of some values alone the others do not follow.
      if (groups[group]?.only?.has(one)) continue;
      without.add({
        group,
        period,
        column: one,
        value: null,
        bits,
        count: column === undefined ? count : -count,
      });
    }
  }
  return [...rows, ...without.rows()];
}

/** Rows about the same are one; what was only counted to be taken away again is none. */
function addedUp(rows: readonly CountRow[]): CountRow[] {
  const sums = new Sums();
  for (const row of rows) sums.add(row);
  return sums.rows().filter(({ count }) => count !== 0);
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

/** Sums of rows about the same. */
class Sums {
  readonly #columns = new Map<string, Map<number, Writable<CountRow>>>();
  #last: { readonly row: CountRow; readonly sums: Map<number, Writable<CountRow>> } | undefined;

  add(row: CountRow): void {
    const sums = this.#sumsOf(row);
    // Bits are ten, ids of values positive.
    const key = (row.value ?? 0) * 1024 + row.bits;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...row });
    else sum.count += row.count;
  }

  rows(): CountRow[] {
    return [...this.#columns.values()].flatMap((sums) => [...sums.values()]);
  }

  /** Most rows are about the same column as the one before. */
  #sumsOf(row: CountRow): Map<number, Writable<CountRow>> {
    const last = this.#last?.row;
    if (
      this.#last !== undefined &&
      last?.group === row.group &&
      last.period === row.period &&
      last.column === row.column
    )
      return this.#last.sums;
    const name = `${row.group} ${row.period} ${row.column}`;
    const sums = this.#columns.get(name) ?? new Map<number, Writable<CountRow>>();
    this.#columns.set(name, sums);
    this.#last = { row, sums };
    return sums;
  }
}

function placeOf({ pack, slot }: Pick<CountedGroup, 'pack' | 'slot'>): number {
  return pack * SLOTS + slot;
}
