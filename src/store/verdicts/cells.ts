import { sqlOf } from '../sql.ts';
import type { StoreTransaction } from '../store.ts';
import { arrayText } from './array-text.ts';
import { SLOTS, STRATA } from './layout.ts';
import { spansOf } from './spans.ts';
import { cellBits, isUndecided } from './undecided.ts';

/** A packed row as far as cells are made of it, by column; what is left out is null (0 for bits). */
export interface CellSource {
  readonly id: string;
  readonly pack: number;
  readonly columns: Readonly<Record<string, string | number>>;
}

/** The dimension of the whole; stratum columns are dimensions from 0. */
export const WHOLE = -1;

interface Change {
  /** place, dimension, span, value, bits: the key of migration 0203. */
  readonly key: readonly [number, number, number, number, number];
  count: number;
  /** Due times of undecided verdicts among those added and those taken away, milliseconds. */
  early: number;
  late: number;
  earlyBefore: number;
  lateBefore: number;
}

const UPSERT = `
  INSERT INTO verdict_cell AS cell (place, dimension, span, value, bits, count, early, late)
  SELECT * FROM unnest($1::smallint[], $2::smallint[], $3::integer[], $4::integer[], $5::smallint[], $6::integer[],
                       $7::timestamptz[], $8::timestamptz[])
  ON CONFLICT (place, dimension, span, value, bits) DO UPDATE
  SET count = cell.count + excluded.count, early = least(cell.early, excluded.early),
      late = greatest(cell.late, excluded.late)`;

/**
 * Keeps the cells when packed rows take the place of others. What is the same before and after costs nothing.
 * @param before rows of the same stays as they were, all of them
 */
export async function changeCells(
  transaction: StoreTransaction,
  before: readonly CellSource[],
  after: readonly CellSource[],
): Promise<void> {
  const changes = changesOf(before, after);
  if (changes.length === 0) return;
  const at = (index: 0 | 1 | 2 | 3 | 4): string => arrayText(changes.map(({ key }) => key[index]));
  const instant = (time: number): string | null =>
    Number.isFinite(time) ? new Date(time).toISOString() : null;
  await sqlOf(transaction).query(
    UPSERT,
    [
      at(0),
      at(1),
      at(2),
      at(3),
      at(4),
      arrayText(changes.map(({ count }) => count)),
      arrayText(changes.map(({ early }) => instant(early))),
      arrayText(changes.map(({ late }) => instant(late))),
    ],
    'verdict_cells',
  );
}

/** Changes by place, month or year and bits, then by dimension and value: numbers, for there are hundreds a stay. */
type Changes = Map<number, Map<number, Change>>;

function changesOf(before: readonly CellSource[], after: readonly CellSource[]): Change[] {
  const changes: Changes = new Map();
  for (const row of before) count(changes, row, -1);
  for (const row of after) count(changes, row, 1);
  const news: Change[] = [];
  for (const cells of changes.values()) {
    for (const one of cells.values()) {
      // Bounds that held before still hold: only wider ones are news.
      if (one.count !== 0 || one.early < one.earlyBefore || one.late > one.lateBefore) news.push(one);
    }
  }
  return news;
}

function count(changes: Changes, { pack, columns }: CellSource, by: 1 | -1): void {
  const values = strataOf(columns);
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const anchor = columns[`anchor${slot}`];
    const bits = cellBits(Number(columns[`bits${slot}`] ?? 0), columns[`due${slot}`] !== undefined);
    if (bits === 0 || anchor === undefined) continue;
    const due = isUndecided(bits) ? columns[`due${slot}`] : undefined;
    const place = pack * SLOTS + slot;
    const [month, year] = spansOf(String(anchor));
    const whole = countIn(changes, place, month, bits, values, by);
    if (due !== undefined) widen(whole, Date.parse(String(due)), by);
    countIn(changes, place, year, bits, values, by);
  }
}

function strataOf(columns: CellSource['columns']): [dimension: number, value: number][] {
  const values: [number, number][] = [];
  for (let column = 0; column < STRATA; column += 1) {
    const value = columns[`s${column}`];
    if (value !== undefined) values.push([column, Number(value)]);
  }
  return values;
}

/** @returns the change of the whole */
function countIn(
  changes: Changes,
  place: number,
  span: number,
  bits: number,
  values: readonly (readonly [dimension: number, value: number])[],
  by: number,
): Change {
  const name = (span * PLACES + place) * BITS + bits;
  let cells = changes.get(name);
  if (cells === undefined) {
    cells = new Map();
    changes.set(name, cells);
  }
  for (const [dimension, value] of values) {
    const cell = value * STRATA + dimension;
    const known = cells.get(cell);
    if (known === undefined) cells.set(cell, changeOf([place, dimension, span, value, bits], by));
    else known.count += by;
  }
  let whole = cells.get(WHOLE);
  if (whole === undefined) {
    whole = changeOf([place, WHOLE, span, 0, bits], 0);
    cells.set(WHOLE, whole);
  }
  whole.count += by;
  return whole;
}

/** Above every place and every bits there can be. */
const PLACES = 64;
const BITS = 1 << 10;

function changeOf(key: Change['key'], count: number): Change {
  return {
    key,
    count,
    early: Number.POSITIVE_INFINITY,
    late: Number.NEGATIVE_INFINITY,
    earlyBefore: Number.POSITIVE_INFINITY,
    lateBefore: Number.NEGATIVE_INFINITY,
  };
}

function widen(change: Change, due: number, by: 1 | -1): void {
  if (by > 0) {
    change.early = Math.min(change.early, due);
    change.late = Math.max(change.late, due);
  } else {
    change.earlyBefore = Math.min(change.earlyBefore, due);
    change.lateBefore = Math.max(change.lateBefore, due);
  }
}
