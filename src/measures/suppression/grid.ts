import type { Forest } from './forest.ts';
import { COMPONENTS, type Component, type CountRow, componentsOf } from './table.ts';

/**
 * The cells of the measures of one group: unit × period × column. Column 0 is the denominator that the measures
 * share; each measure has five more. A combination that no table has is absent (NaN).
 */
export interface Grid {
  readonly measures: readonly string[];
  readonly units: Forest;
  readonly periods: Forest;
  readonly columns: number;
  readonly values: Float64Array;
  /** 1: hidden. */
  readonly hidden: Uint8Array;
}

const OWN = COMPONENTS.filter((component) => component !== 'denominator');

export function columnOf(measure: number, component: Component): number {
  return component === 'denominator' ? 0 : 1 + measure * OWN.length + OWN.indexOf(component);
}

/** Which component of which measure a column holds; the shared denominator is said to be of measure 0. */
export function ofColumn(column: number): { readonly measure: number; readonly component: Component } {
  if (column === 0) return { measure: 0, component: 'denominator' };
  const measure = Math.floor((column - 1) / OWN.length);
  return { measure, component: OWN[(column - 1) % OWN.length]! };
}

export function cellAt(grid: Grid, unit: number, period: number, column: number): number {
  return (unit * grid.periods.ids.length + period) * grid.columns + column;
}

export function placeOf(
  grid: Grid,
  cell: number,
): { readonly unit: number; readonly period: number; readonly column: number } {
  const row = Math.floor(cell / grid.columns);
  return {
    unit: Math.floor(row / grid.periods.ids.length),
    period: row % grid.periods.ids.length,
    column: cell % grid.columns,
  };
}

/** @throws RangeError for an unknown unit or period, a row twice, or broken counts */
export function gridOf(
  measures: readonly string[],
  rows: readonly CountRow[],
  units: Forest,
  periods: Forest,
): Grid {
  const columns = 1 + measures.length * OWN.length;
  const size = units.ids.length * periods.ids.length * columns;
  const grid: Grid = {
    measures,
    units,
    periods,
    columns,
    values: new Float64Array(size).fill(Number.NaN),
    hidden: new Uint8Array(size),
  };
  for (const row of rows) {
    const measure = measures.indexOf(row.measure);
    const unit = units.indexOf.get(row.unit);
    const period = periods.indexOf.get(row.period);
    if (unit === undefined) throw new RangeError(`unit ${row.unit} is not in the tree of units`);
    if (period === undefined) throw new RangeError(`period ${row.period} is not in the tree of periods`);
    if (!Number.isNaN(grid.values[cellAt(grid, unit, period, columnOf(measure, 'met'))]!)) {
      throw new RangeError(`${row.measure}, ${row.unit}, ${row.period} is there twice`);
    }
    for (const [component, value] of Object.entries(componentsOf(row))) {
      grid.values[cellAt(grid, unit, period, columnOf(measure, component as Component))] = value;
    }
  }
  return grid;
}
