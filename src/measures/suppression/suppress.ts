import { badRequest } from '../../fhir/outcome.ts';
import { forestOf } from './forest.ts';
import { cellAt, columnOf, type Grid, gridOf } from './grid.ts';
import { protectionFinder } from './moves.ts';
import { remainderToWiden, sumsOf } from './remainders.ts';
import { withRestUnits } from './rest-units.ts';
import { isSmall } from './room.ts';
import { measuresWithSharedDenominators } from './shared-denominators.ts';
import { type CountRow, type CountTable, scored } from './table.ts';

/** A count as it may be published: the value, or the mark that stands for it. */
export type Published = { readonly value: number } | { readonly masked: string };

export interface PublishedRow {
  readonly unit: string;
  readonly measure: string;
  readonly period: string;
  readonly numerator: Published;
  /** Denominator without excluded and pending: what the rate is a share of. */
  readonly scored: Published;
  readonly denominator: Published;
  readonly excluded: Published;
  readonly pending: Published;
  /** Share; present only when numerator and scored are shown and scored is not 0. */
  readonly rate?: number;
}

export interface SuppressionOptions {
  /** Counts from 1 to below this are not shown; 5 unless told, 1 shows everything. */
  readonly threshold?: number;
}

export const DEFAULT_THRESHOLD = 5;
/** The mark of a count that is hidden so that another one cannot be found, or that says nothing at all. */
const PROTECTING = '*';

/**
 * Hides small counts (primary suppression) and as many others as it takes (secondary suppression) that no sum,
 * difference or share over all rows gives a hidden one back. All tables that are published for a year must come in
 * one call. docs/suppression.md argues why it holds.
 * @throws FhirError 400 for a threshold that is none; RangeError for tables that do not add up
 */
export function suppress(table: CountTable, options: SuppressionOptions = {}): readonly PublishedRow[] {
  const threshold = options.threshold ?? DEFAULT_THRESHOLD;
  if (!Number.isInteger(threshold) || threshold < 1 || threshold > 1000) {
    throw badRequest(
      'the threshold of small counts must be a whole number from 1 to 1000',
      'threshold',
      'value',
    );
  }
  const complete = withRestUnits(table);
  const units = forestOf(complete.units);
  const periods = forestOf(complete.periods);
  const published = new Map<string, PublishedRow>();
  for (const measures of measuresWithSharedDenominators(complete)) {
    const rows = complete.rows.filter((row) => measures.includes(row.measure));
    const grid = gridOf(measures, rows, units, periods);
    const silent = hideIn(grid, threshold);
    for (const row of rows) {
      published.set(
        JSON.stringify([row.measure, row.unit, row.period]),
        publish(grid, silent, row, threshold),
      );
    }
  }
  return table.rows.map((row) => published.get(JSON.stringify([row.measure, row.unit, row.period]))!);
}

/** A move that hides a region's or the nation's numbers costs more: then marks may rather say less. */
const CHEAP = 1500;

/**
 * Hides in the grid what must be hidden. Gives the cells whose mark must not tell that they are small (or, not being
 * marked small, that they are not): where a move finds no room between the marks, or only by hiding far more.
 */
function hideIn(grid: Grid, threshold: number): Uint8Array {
  const silent = new Uint8Array(grid.values.length).fill(threshold > 2 ? 0 : 1);
  const told = protectionFinder(grid, threshold, threshold > 2 ? 'told' : 'silent');
  let untold: ReturnType<typeof protectionFinder> | undefined;
  const protectionOf = (cell: number): readonly number[] => {
    const protection = told.find(cell);
    if (protection !== undefined && protection.cost <= CHEAP) return protection.cells;
    untold ??= protectionFinder(grid, threshold, 'silent');
    const { cells, cost } = untold.find(cell)!; // a move from outside always exists: counts have no upper bound
    if (protection !== undefined && protection.cost <= 2 * cost) return protection.cells;
    for (const member of cells) {
      silent[member] = 1;
      told.loosen(member);
    }
    return cells;
  };
  const safe = new Uint8Array(grid.values.length);
  const queue: number[] = [];
  const hide = (cell: number) => {
    if (grid.hidden[cell] === 1) return;
    grid.hidden[cell] = 1;
    queue.push(cell);
  };
  grid.values.forEach((value, cell) => {
    if (isSmall(value, threshold)) hide(cell);
  });
  const sums = queue.length === 0 ? [] : [...sumsOf(grid)];
  for (let settled = false; !settled; ) {
    for (let cell = queue.shift(); cell !== undefined; cell = queue.shift()) {
      if (safe[cell] === 1) continue;
      for (const member of protectionOf(cell)) {
        hide(member);
        safe[member] = 1;
      }
    }
    settled = true;
    for (const sum of sums) {
      const widen = remainderToWiden(grid, sum, threshold);
      if (widen === undefined) continue;
      hide(widen);
      settled = false;
    }
  }
  return silent;
}

function publish(grid: Grid, silent: Uint8Array, row: CountRow, threshold: number): PublishedRow {
  const unit = grid.units.indexOf.get(row.unit)!;
  const period = grid.periods.indexOf.get(row.period)!;
  const measure = grid.measures.indexOf(row.measure);
  const show = (component: 'met' | 'scored' | 'denominator' | 'excluded' | 'pending'): Published => {
    const cell = cellAt(grid, unit, period, columnOf(measure, component));
    const value = grid.values[cell]!;
    if (grid.hidden[cell] === 0) return { value };
    return { masked: silent[cell] === 0 && isSmall(value, threshold) ? `<${threshold}` : PROTECTING };
  };
  const shown = { numerator: show('met'), scored: show('scored') };
  const rate =
    'value' in shown.numerator && 'value' in shown.scored && shown.scored.value > 0
      ? row.numerator / scored(row)
      : undefined;
  return {
    unit: row.unit,
    measure: row.measure,
    period: row.period,
    ...shown,
    denominator: show('denominator'),
    excluded: show('excluded'),
    pending: show('pending'),
    ...(rate === undefined ? {} : { rate }),
  };
}
