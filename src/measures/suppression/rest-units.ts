import { forestOf } from './forest.ts';
import type { Branch, CountRow, CountTable } from './table.ts';

const REST_SUFFIX = '/rest';

/**
 * The table with what its totals have beyond their parts: stays whose municipality is not known count in the region
 * and in none of its municipalities, and a reader who subtracts finds them. They become the rows of a unit of their
 * own (`<unit>/rest`), so that a small remainder is protected like any other count.
 * @throws RangeError when some parts of a total are given and others not, parts exceed their total, or months do not make up their quarter
 */
export function withRestUnits(table: CountTable): CountTable {
  const units = forestOf(table.units);
  const periods = forestOf(table.periods);
  const rowOf = new Map(table.rows.map((row) => [keyOf(row.measure, row.unit, row.period), row]));
  const rests = new Map<string, CountRow[]>();
  for (const row of table.rows) {
    const unit = units.indexOf.get(row.unit);
    const period = periods.indexOf.get(row.period);
    if (unit === undefined || period === undefined) continue;
    const parts = units.children[unit]!.map((child) =>
      rowOf.get(keyOf(row.measure, units.ids[child]!, row.period)),
    );
    const present = parts.filter((part) => part !== undefined);
    checkAllOrNone(row, present.length, parts.length, 'unit');
    if (present.length > 0) {
      const rest = remainder(row, present);
      if (rest.denominator < 0) {
        throw new RangeError(`${row.measure}, ${row.unit}, ${row.period}: the parts exceed the total`);
      }
      const name = `${row.unit}${REST_SUFFIX}`;
      rests.set(name, [...(rests.get(name) ?? []), { ...rest, unit: name }]);
    }
    const shorter = periods.children[period]!.map((child) =>
      rowOf.get(keyOf(row.measure, row.unit, periods.ids[child]!)),
    );
    const months = shorter.filter((part) => part !== undefined);
    checkAllOrNone(row, months.length, shorter.length, 'period');
    if (months.length > 0) {
      const rest = remainder(row, months);
      if (rest.denominator !== 0 || rest.numerator !== 0 || rest.excluded !== 0 || rest.pending !== 0) {
        throw new RangeError(
          `${row.measure}, ${row.unit}, ${row.period}: its parts do not make up the period`,
        );
      }
    }
  }
  const needed = [...rests].filter(([, rows]) => rows.some((row) => row.denominator > 0));
  const branches = needed.map(([id]): Branch => ({ id, parent: id.slice(0, -REST_SUFFIX.length) }));
  return {
    units: [...table.units, ...branches],
    periods: table.periods,
    rows: [...table.rows, ...needed.flatMap(([, rows]) => rows)],
  };
}

function remainder(total: CountRow, parts: readonly CountRow[]): CountRow {
  const left = (field: 'numerator' | 'denominator' | 'excluded' | 'pending') =>
    parts.reduce((rest, part) => rest - part[field], total[field]);
  return {
    ...total,
    numerator: left('numerator'),
    denominator: left('denominator'),
    excluded: left('excluded'),
    pending: left('pending'),
  };
}

/** With some parts given and others not, nobody could say whether the missing ones are empty or unpublished. */
function checkAllOrNone(row: CountRow, present: number, all: number, kind: string): void {
  if (present === 0 || present === all) return;
  throw new RangeError(
    `${row.measure}, ${row.unit}, ${row.period}: ${present} of its ${all} parts by ${kind} are given; all or none are needed`,
  );
}

function keyOf(measure: string, unit: string, period: string): string {
  return JSON.stringify([measure, unit, period]);
}
