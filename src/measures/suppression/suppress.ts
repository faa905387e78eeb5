import { badRequest } from '../../fhir/outcome.ts';
import { forestOf } from './forest.ts';
import { cellAt, columnOf, type Grid, gridOf, placeOf } from './grid.ts';
import { type Protection, protectionFinder } from './moves.ts';
import { remainderToWiden, sumsOf } from './remainders.ts';
import { withRestUnits } from './rest-units.ts';
import { isSmall } from './room.ts';
import { measuresWithSharedDenominators } from './shared-denominators.ts';
import { COMPONENTS, type CountRow, type CountTable, scored } from './table.ts';

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
  /** Units whose rows are published elsewhere as they are: what `withheld` does not name of them stays shown. */
  readonly pinned?: readonly string[];
  /** Rows of which nothing may be shown, whatever the counts. */
  readonly withheld?: (row: CountRow) => boolean;
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
  const published = new Map<string, PublishedRow>();
  // What does not lie in the same year shares no sum.
  for (const year of yearsOf(complete)) {
    const periods = forestOf(year.periods);
    for (const measures of measuresWithSharedDenominators(year)) {
      const rows = year.rows.filter((row) => measures.includes(row.measure));
      const grid = gridOf(measures, rows, units, periods);
      const silent = hideIn(grid, threshold, limitsOf(grid, rows, options));
      for (const row of rows) published.set(keyOf(row), publish(grid, silent, row, threshold));
    }
  }
  return table.rows.map((row) => published.get(keyOf(row))!);
}

function keyOf({ measure, unit, period }: CountRow): string {
  return JSON.stringify([measure, unit, period]);
}

/** The table in parts, one for each period that lies in no other. */
function yearsOf(table: CountTable): CountTable[] {
  const { ids, path } = forestOf(table.periods);
  const rootOf = new Map(ids.map((id, index) => [id, ids[path[index]!.at(-1)!]!]));
  return [...new Set(rootOf.values())].map((root) => ({
    units: table.units,
    periods: table.periods.filter(({ id }) => rootOf.get(id) === root),
    rows: table.rows.filter(({ period }) => rootOf.get(period) === root),
  }));
}

/** What is settled before anything is hidden, as cells. */
interface Limits {
  readonly pinned: ReadonlySet<number>;
  readonly withheld: readonly number[];
}

function limitsOf(grid: Grid, rows: readonly CountRow[], options: SuppressionOptions): Limits {
  const { withheld = () => false } = options;
  return {
    pinned: new Set((options.pinned ?? []).map((unit) => grid.units.indexOf.get(unit)!)),
    withheld: rows.filter(withheld).flatMap((row) => {
      const [unit, period] = [grid.units.indexOf.get(row.unit)!, grid.periods.indexOf.get(row.period)!];
      const measure = grid.measures.indexOf(row.measure);
      return COMPONENTS.map((component) => cellAt(grid, unit, period, columnOf(measure, component)));
    }),
  };
}

/** A move that hides a region's or the nation's numbers costs more: then marks may rather say less. */
const CHEAP = 1500;

/**
 * Hides in the grid what must be hidden. Gives the cells whose mark must not tell that they are small (or, not being
 * marked small, that they are not): where a move finds no room between the marks, or only by hiding far more.
 */
function hideIn(grid: Grid, threshold: number, { pinned, withheld }: Limits): Uint8Array {
  const silent = new Uint8Array(grid.values.length).fill(threshold > 2 ? 0 : 1);
  const told = protectionFinder(grid, threshold, threshold > 2 ? 'told' : 'silent', pinned);
  let untold: ReturnType<typeof protectionFinder> | undefined;
  const protectionOf = (cell: number): readonly number[] => {
    const protection = told.find(cell);
    if (protection !== undefined && protection.cost <= CHEAP) return protection.cells;
    untold ??= protectionFinder(grid, threshold, 'silent', pinned);
    // Without pinned units a move from outside always exists: counts have no upper bound.
    const { cells, cost } = untold.find(cell) ?? besidePinned(grid, cell, pinned);
    if (protection !== undefined && protection.cost <= 2 * cost) return protection.cells;
    for (const member of cells) {
      silent[member] = 1;
      told.loosen(member);
    }
    return cells;
  };
  const isPinned = (cell: number): boolean => pinned.has(placeOf(grid, cell).unit);
  const safe = new Uint8Array(grid.values.length);
  const queue: number[] = [];
  const hide = (cell: number) => {
    if (grid.hidden[cell] === 1) return;
    grid.hidden[cell] = 1;
    queue.push(cell);
  };
  for (const cell of withheld) {
    silent[cell] = 1;
    told.loosen(cell);
    hide(cell);
  }
  grid.values.forEach((value, cell) => {
    if (isSmall(value, threshold) && !isPinned(cell)) hide(cell);
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
      if (widen === undefined || isPinned(widen)) continue;
      hide(widen);
      settled = false;
    }
  }
  return silent;
}

/** Everything of that period but what is pinned: with only its sums known, nothing of it can be told. */
function besidePinned(grid: Grid, cell: number, pinned: ReadonlySet<number>): Protection {
  const { period } = placeOf(grid, cell);
  const cells = [...grid.values.keys()].filter((other) => {
    const place = placeOf(grid, other);
    return place.period === period && !pinned.has(place.unit) && !Number.isNaN(grid.values[other]!);
  });
  return { cells, cost: Number.POSITIVE_INFINITY };
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
