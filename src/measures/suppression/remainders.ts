import { cellAt, columnOf, type Grid } from './grid.ts';
import { isSmall } from './room.ts';
import { PARTS } from './table.ts';

/** A sum: its total and its parts, as cells. */
export interface Sum {
  readonly total: number;
  readonly parts: readonly number[];
}

/** Every sum of the grid whose total and parts are all in the tables. */
export function* sumsOf(grid: Grid): Generator<Sum> {
  const units = grid.units.ids.length;
  const periods = grid.periods.ids.length;
  const present = (sum: Sum) => [sum.total, ...sum.parts].every((cell) => !Number.isNaN(grid.values[cell]!));
  for (let unit = 0; unit < units; unit += 1) {
    for (let period = 0; period < periods; period += 1) {
      const at = (column: number) => cellAt(grid, unit, period, column);
      for (let column = 0; column < grid.columns; column += 1) {
        const total = at(column);
        const smaller = grid.units.children[unit]!.map((child) => cellAt(grid, child, period, column));
        const shorter = grid.periods.children[period]!.map((child) => cellAt(grid, unit, child, column));
        for (const parts of [smaller, shorter]) {
          if (parts.length > 0 && present({ total, parts })) yield { total, parts };
        }
      }
      for (let measure = 0; measure < grid.measures.length; measure += 1) {
        const [met, notMet, excluded, pending] = PARTS.map((part) => at(columnOf(measure, part)));
        const scored = at(columnOf(measure, 'scored'));
        if (!present({ total: scored, parts: [met!] })) continue;
        yield { total: scored, parts: [met!, notMet!] };
        yield { total: at(0), parts: [scored, excluded!, pending!] };
      }
    }
  }
}

/**
 * The cell to hide so that the hidden parts of a shown total do not together make a small count (two hidden
 * municipalities with three citizens between them): the smallest other part, or the total when there is none.
 * Undefined when the sum is as it should be.
 */
export function remainderToWiden(grid: Grid, { total, parts }: Sum, threshold: number): number | undefined {
  if (grid.hidden[total] === 1) return undefined;
  const hidden = parts.filter((part) => grid.hidden[part] === 1);
  const rest = hidden.reduce((sum, part) => sum + grid.values[part]!, 0);
  if (!isSmall(rest, threshold)) return undefined;
  const others = parts.filter((part) => grid.hidden[part] === 0 && grid.values[part]! > 0);
  others.sort((a, b) => grid.values[a]! - grid.values[b]!);
  return others[0] ?? total;
}
