import type { Shift } from './forest.ts';
import { cellAt, type Grid } from './grid.ts';

/**
 * Leaves out of unit shifts what no table has in the periods that a move touches, and then the shifts that have
 * become the same: with municipalities in yearly tables only, moving a month between two regions is one move, not
 * one for each pair of their municipalities.
 */
export function presentShifts(grid: Grid) {
  const unitsOf = grid.periods.ids.map((_, period) =>
    grid.units.ids
      .map((_unit, unit) => (Number.isNaN(grid.values[cellAt(grid, unit, period, 0)]!) ? '0' : '1'))
      .join(''),
  );
  const kinds = [...new Set(unitsOf)];
  const kindOf = unitsOf.map((units) => kinds.indexOf(units));
  const cache = new Map<string, readonly Shift[]>();

  return (unit: number, shifts: readonly Shift[], periods: Shift, near: boolean): readonly Shift[] => {
    const touched = [...new Set(periods.map(([period]) => kindOf[period]!))].sort((a, b) => a - b);
    const key = `${unit} ${near} ${touched.join()}`;
    let found = cache.get(key);
    if (found === undefined) {
      const isPresent = grid.units.ids.map((_, node) => touched.some((kind) => kinds[kind]![node] === '1'));
      const different = new Map<string, Shift>();
      for (const shift of shifts) {
        const rest = shift.filter(([node]) => isPresent[node]);
        let name = '';
        for (const [node, sign] of rest) name += sign > 0 ? ` ${node}` : ` -${node}`;
        if (!different.has(name)) different.set(name, rest);
      }
      found = [...different.values()];
      cache.set(key, found);
    }
    return found;
  };
}
