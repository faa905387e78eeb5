import { sqlOf } from '../sql.ts';
import type { Reader, Store } from '../store.ts';
import { type CellSpan, type OpenMonth, openMonths, sumCells } from './cell-counts.ts';
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
export function countVerdicts(store: Store, request: CountRequest): Promise<CountRow[]> {
  const pieces = request.periods.map(piecesOf);
  return store.transaction(async (transaction) => {
    // Cells and rows of one moment: between two statements a batch of refreshed verdicts may commit.
    await sqlOf(transaction).query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY');
    const summed = await countMonths(transaction, request, pieces);
    const rows = addedUp([...summed, ...(await countRest(transaction, request, pieces))]);
    return rows.filter(({ group, column, value }) => isWanted(request.groups[group], column, value));
  });
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
  { groups, asOf }: CountRequest,
  pieces: readonly Pieces[],
): Promise<CountRow[]> {
  const months = pieces.flatMap((piece) => piece.months);
  const summed = new Map<number, number>();
  for (const [index, group] of groups.entries()) if (!group.observed) summed.set(placeOf(group), index);
  const [first, last] = [months[0], months.at(-1)];
  if (first === undefined || last === undefined || summed.size === 0) return [];
  const open = new Map<string, OpenMonth>();
  for (const month of await openMonths(reader, [...summed.keys()], first, last, asOf)) {
    open.set(`${month.place} ${month.span}`, month);
  }
  const spans: CellSpan[] = [];
  const mixed: (RowGroup & { readonly index: number; readonly periods: readonly number[] })[] = [];
  for (const [place, index] of summed) {
    const ranges: { days: Days; period: number }[] = [];
    for (const [period, { months: own }] of pieces.entries()) {
      for (const span of withYears(own, (month) => open.has(`${place} ${month}`))) {
        const asked = open.get(`${place} ${span}`);
        spans.push({ place, span, label: period * 2 + Number(asked?.allBefore === true) });
        if (asked?.allBefore === false) ranges.push({ days: daysOf(span), period });
      }
    }
    if (ranges.length > 0) {
      const group = groups[index] as CountedGroup;
      mixed.push({
        ...group,
        index,
        ranges: ranges.map(({ days }) => days),
        periods: ranges.map(({ period }) => period),
      });
    }
  }
  const columnsOf = (place: number): readonly number[] => groups[summed.get(place) as number]?.columns ?? [];
  const valuesOf = (place: number, column: number) => groups[summed.get(place) as number]?.only?.get(column);
  const rows = (await sumCells(reader, spans, columnsOf, valuesOf)).map(
    ({ place, label, dimension, value, bits, count }) => ({
      group: summed.get(place) as number,
      period: label >> 1,
      ...(dimension === WHOLE ? { value: null } : { column: dimension, value }),
      bits: settledBits(bits, (label & 1) === 1),
      count,
    }),
  );
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

/** Adds those that have no value in a stratum column, which have no cell of their own: the whole without the others. */
function withoutValue(rows: readonly CountRow[], groups: readonly CountedGroup[]): CountRow[] {
  const without = new Map<string, Writable<CountRow>>();
  for (const row of rows) {
    const columns = row.column === undefined ? (groups[row.group]?.columns ?? []) : [row.column];
    for (const column of new Set(columns)) {
      // Of some values alone the others do not follow.
      if (groups[row.group]?.only?.has(column)) continue;
      const key = `${row.group} ${row.period} ${column} ${row.bits}`;
      const { group, period, bits } = row;
      const kept = without.get(key) ?? { group, period, column, value: null, bits, count: 0 };
      without.set(key, kept);
      kept.count += row.column === undefined ? row.count : -row.count;
    }
  }
  return [...rows, ...without.values()];
}

/** Rows about the same are one; what was only counted to be taken away again is none. */
function addedUp(rows: readonly CountRow[]): CountRow[] {
  const sums = new Map<string, Writable<CountRow>>();
  for (const row of rows) {
    const key = `${row.group} ${row.period} ${row.column} ${row.value} ${row.bits}`;
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, { ...row });
    else sum.count += row.count;
  }
  return [...sums.values()].filter(({ count }) => count !== 0);
}

type Writable<T> = { -readonly [key in keyof T]: T[key] };

function placeOf({ pack, slot }: Pick<CountedGroup, 'pack' | 'slot'>): number {
  return pack * SLOTS + slot;
}
