import { sqlOf } from '../sql.ts';
import type { StoreTransaction } from '../store.ts';
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
  const at = (index: 0 | 1 | 2 | 3 | 4): number[] => changes.map(({ key }) => key[index]);
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
      changes.map(({ count }) => count),
      changes.map(({ early }) => instant(early)),
      changes.map(({ late }) => instant(late)),
    ],
    'verdict_cells',
  );
}

function changesOf(before: readonly CellSource[], after: readonly CellSource[]): Change[] {
  const changes = new Map<string, Change>();
  for (const row of before) count(changes, row, -1);
  for (const row of after) count(changes, row, 1);
  // Bounds that held before still hold: only wider ones are news.
  return [...changes.values()].filter(
    (one) => one.count !== 0 || one.early < one.earlyBefore || one.late > one.lateBefore,
  );
}

function count(changes: Map<string, Change>, { pack, columns }: CellSource, by: 1 | -1): void {
  const values = strataOf(columns);
  for (let slot = 0; slot < SLOTS; slot += 1) {
    const anchor = columns[`anchor${slot}`];
    const bits = cellBits(Number(columns[`bits${slot}`] ?? 0), columns[`due${slot}`] !== undefined);
    if (bits === 0 || anchor === undefined) continue;
    const due = isUndecided(bits) ? columns[`due${slot}`] : undefined;
    const [month, year] = spansOf(String(anchor));
    const place = pack * SLOTS + slot;
    const whole = add(changes, [place, WHOLE, month, 0, bits], by);
    if (due !== undefined) widen(whole, Date.parse(String(due)), by);
    add(changes, [place, WHOLE, year, 0, bits], by);
    for (const [dimension, value] of values) {
      add(changes, [place, dimension, month, value, bits], by);
      add(changes, [place, dimension, year, value, bits], by);
    }
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

function add(changes: Map<string, Change>, key: Change['key'], by: number): Change {
  const name = key.join(' ');
  let change = changes.get(name);
  if (change === undefined) {
    change = {
      key,
      count: 0,
      early: Number.POSITIVE_INFINITY,
      late: Number.NEGATIVE_INFINITY,
      earlyBefore: Number.POSITIVE_INFINITY,
      lateBefore: Number.NEGATIVE_INFINITY,
    };
    changes.set(name, change);
  }
  change.count += by;
  return change;
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
