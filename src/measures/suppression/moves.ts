import { cheapestColumns, IMPOSSIBLE, type Summary, summaryOf } from './cheapest-columns.ts';
import { type ColumnMove, type ColumnMoves, columnMoves } from './column-moves.ts';
import { type Forest, type Shift, shiftsInto } from './forest.ts';
import { cellAt, columnOf, type Grid, ofColumn, placeOf } from './grid.ts';
import { presentShifts } from './present-shifts.ts';
import { type Marking, neededWidth, type Room, roomOf } from './room.ts';
import type { Component } from './table.ts';

const INFINITE = Number.POSITIVE_INFINITY;

/** Cells that would have to be hidden so that the cell asked for cannot be told, and what that costs. */
export interface Protection {
  readonly cells: readonly number[];
  readonly cost: number;
}

interface Move {
  readonly units: Shift;
  readonly periods: Shift;
  readonly columns: ColumnMove;
}

/**
 * Finds protection by building a second world: an observation moved between units, periods and parts of a row so
 * that every sum that is shown stays as it is. When all cells it touches are hidden and all have room, a reader
 * cannot tell the two worlds apart. The cheapest move among neighbours is taken; farther ones only when there is none.
 */
export function protectionFinder(
  grid: Grid,
  threshold: number,
  marking: Marking,
  pinned: ReadonlySet<number>,
) {
  const needed = neededWidth(threshold, marking);
  const weights = weightsOf(grid, pinned);
  // A combination that is in no table is nobody's business: it gives way as the others need, and costs nothing.
  const absent: Room = { down: INFINITE, up: INFINITE };
  const rooms = Array.from(grid.values, (value) =>
    Number.isNaN(value) ? absent : roomOf(value, threshold, marking),
  );
  const ups = Float64Array.from(rooms, ({ up }) => up);
  const downs = Float64Array.from(rooms, ({ down }) => down);
  const present = presentShifts(grid);
  const unitShifts = new Map<number, Shift[]>();
  const periodShifts = new Map<number, Shift[]>();
  const columnShifts = new Map<number, ColumnMoves>();

  const { hidden } = grid;
  // Asked millions of times: plain loops, and no names of globals, which are dear to look up in a context of their own.
  const summarise = (units: Shift, periods: Shift, column: number, limit: number): Summary => {
    let up = INFINITE;
    let down = INFINITE;
    let cost = 0;
    for (let one = 0; one < units.length; one += 1) {
      const [unit, unitSign] = units[one]!;
      for (let other = 0; other < periods.length; other += 1) {
        const [period, periodSign] = periods[other]!;
        const cell = cellAt(grid, unit, period, column);
        const rises = unitSign === periodSign;
        const above = rises ? ups[cell]! : downs[cell]!;
        const below = rises ? downs[cell]! : ups[cell]!;
        if (above < up) up = above;
        if (below < down) down = below;
        if (hidden[cell] === 0) cost += weights[cell]!;
        if (up + down < needed || cost >= limit) return IMPOSSIBLE;
      }
    }
    return { up, down, cost };
  };

  const cheapest = (
    column: number,
    { within, choices }: ColumnMoves,
    unitsFor: (periods: Shift) => readonly Shift[],
    periodsTried: readonly Shift[],
  ): (Move & { readonly cost: number }) | undefined => {
    let best: (Move & { readonly cost: number }) | undefined;
    for (const periods of periodsTried) {
      for (const units of unitsFor(periods)) {
        const limit = best?.cost ?? INFINITE;
        const own = summarise(units, periods, column, limit);
        if (own === IMPOSSIBLE) continue;
        const summaries: (Summary | undefined)[] = [];
        summaries[column] = own;
        const summary = (each: number) => {
          summaries[each] ??= summarise(units, periods, each, limit);
          return summaries[each];
        };
        for (const columns of within) {
          const { cost } = summaryOf(columns, summary, needed);
          if (cost < (best?.cost ?? INFINITE)) best = { units, periods, columns, cost };
        }
        const outside = cheapestColumns(choices, summary, needed, best?.cost ?? INFINITE);
        if (outside !== undefined) best = { units, periods, ...outside };
        if (best?.cost === 0) return best;
      }
    }
    return best;
  };

  const find = (cell: number): Protection | undefined => {
    const { unit, period, column } = placeOf(grid, cell);
    const units = cached(unitShifts, unit, () => shiftsInto(grid.units, unit));
    const periods = cached(periodShifts, period, () => shiftsInto(grid.periods, period));
    const columns = cached(columnShifts, column, () => columnMoves(grid.measures.length, column));
    const close = {
      units: nearest(grid.units, unit, units),
      periods: nearest(grid.periods, period, periods),
    };
    const found =
      cheapest(column, columns, (shift) => present(unit, close.units, shift, true), close.periods) ??
      cheapest(column, columns, (shift) => present(unit, units, shift, false), periods);
    return found === undefined ? undefined : { cost: found.cost, cells: cellsOf(grid, found) };
  };

  /** From now on the mark of this cell says nothing: it has all the room there is. */
  const loosen = (cell: number): void => {
    const room = roomOf(grid.values[cell]!, threshold, 'silent');
    ups[cell] = room.up;
    downs[cell] = room.down;
  };

  return { find, loosen };
}

/**
 * For a leaf, the shifts between it and its siblings. A total has no near and far, nor has a leaf whose siblings are
 * totals: what the nation has beyond its regions must not be hidden by the nation's own numbers because that is a
 * shorter way than through a region.
 */
function nearest(forest: Forest, node: number, shifts: readonly Shift[]): readonly Shift[] {
  if (forest.children[node]!.length > 0) return shifts;
  const siblings = shifts.filter(([, other, ...more]) => other?.[1] === -1 && more.length === 0);
  return siblings.length === 0 ? shifts : siblings;
}

function cellsOf(grid: Grid, { units, periods, columns }: Move): number[] {
  const cells = units.flatMap(([unit]) =>
    periods.flatMap(([period]) => columns.map(([column]) => cellAt(grid, unit, period, column))),
  );
  return cells.filter((cell) => !Number.isNaN(grid.values[cell]!));
}

function cached<Value>(cache: Map<number, Value>, key: number, make: () => Value): Value {
  let value = cache.get(key);
  if (value === undefined) {
    value = make();
    cache.set(key, value);
  }
  return value;
}

/** Hiding a total hurts more than hiding a part of it; hiding what a rate rests on more than the rest. */
function weightsOf(grid: Grid, pinned: ReadonlySet<number>): Float64Array {
  const weight: Record<Component, number> = {
    met: 4,
    notMet: 1,
    excluded: 1,
    pending: 1,
    scored: 6,
    denominator: 2,
  };
  const byColumn = Array.from({ length: grid.columns }, (_, column) => weight[ofColumn(column).component]);
  const own = Array.from({ length: grid.measures.length }, (_, measure) => columnOf(measure, 'scored'));
  return grid.values.map((value, cell) => {
    const { unit, period, column } = placeOf(grid, cell);
    const level = 30 ** grid.units.height[unit]! * 3 ** grid.periods.height[period]!;
    const shared = column === 0 ? own.length : 1;
    if (Number.isNaN(value)) return 0;
    if (pinned.has(unit)) return Number.POSITIVE_INFINITY;
    return level * shared * byColumn[column]! * (1 + Math.log1p(value) / 10);
  });
}
