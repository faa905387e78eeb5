import type { PublishedRow } from '../../../src/measures/suppression/suppress.ts';
import type { Branch } from '../../../src/measures/suppression/table.ts';

/** What the attacker holds: every published row of a year, how units and periods nest, which measures count alike. */
export interface Publication {
  readonly units: readonly Branch[];
  readonly periods: readonly Branch[];
  readonly rows: readonly PublishedRow[];
  readonly alike: readonly (readonly string[])[];
  readonly threshold: number;
  /** Measures of which the attacker happens to know that `*` there never hides a small count or a 0. */
  readonly honest: readonly string[];
}

export interface Range {
  low: number;
  high: number;
}

/** Σ factor · variable = 0. */
type Equation = readonly (readonly [variable: number, factor: number])[];

export interface System {
  readonly names: readonly string[];
  readonly ranges: Range[];
  readonly equations: readonly Equation[];
  /** Variables that the publication masks. */
  readonly masked: readonly number[];
}

const FIELDS = ['n', 'm', 's', 'e', 'p', 'D'] as const;

/** All that the publication says, as equations and bounds over whole numbers ≥ 0. */
export function systemOf({ units, periods, rows, alike, threshold, honest }: Publication): System {
  const names: string[] = [];
  const ranges: Range[] = [];
  const masked: number[] = [];
  const equations: Equation[] = [];
  const index = new Map<string, number>();
  const variable = (name: string): number => {
    let found = index.get(name);
    if (found === undefined) {
      found = names.push(name) - 1;
      ranges.push({ low: 0, high: Number.POSITIVE_INFINITY });
      index.set(name, found);
    }
    return found;
  };
  const measures = [...new Set(rows.map((row) => row.measure))];
  const groupOf = (measure: string) => alike.find((group) => group.includes(measure)) ?? [measure];
  const told = new Set(honest);
  const at = (unit: string, period: string, measure: string, field: (typeof FIELDS)[number]) =>
    variable(`${unit} ${period} ${measure} ${field}`);
  for (const row of rows) {
    const cells = { n: row.numerator, s: row.scored, D: row.denominator, e: row.excluded, p: row.pending };
    for (const [field, cell] of Object.entries(cells)) {
      const range = ranges[at(row.unit, row.period, row.measure, field as 'n')]!;
      if ('value' in cell) {
        range.low = cell.value;
        range.high = cell.value;
        continue;
      }
      masked.push(at(row.unit, row.period, row.measure, field as 'n'));
      if (cell.masked.startsWith('<')) {
        range.low = 1;
        range.high = threshold - 1;
      } else if (told.has(row.measure)) {
        range.low = threshold;
      }
    }
  }
  for (const measure of measures) {
    for (const unit of units) {
      for (const period of periods) {
        const of = (field: (typeof FIELDS)[number]) => at(unit.id, period.id, measure, field);
        equations.push([
          [of('s'), -1],
          [of('n'), 1],
          [of('m'), 1],
        ]);
        equations.push([
          [of('D'), -1],
          [of('s'), 1],
          [of('e'), 1],
          [of('p'), 1],
        ]);
        const [first] = groupOf(measure);
        if (first !== measure)
          equations.push([
            [of('D'), -1],
            [at(unit.id, period.id, first!, 'D'), 1],
          ]);
        const smaller = units.filter((child) => child.parent === unit.id);
        const shorter = periods.filter((child) => child.parent === period.id);
        for (const field of FIELDS) {
          if (smaller.length > 0) {
            equations.push([
              [of(field), -1],
              ...smaller.map((child) => [at(child.id, period.id, measure, field), 1] as const),
            ]);
          }
          if (shorter.length > 0) {
            equations.push([
              [of(field), -1],
              ...shorter.map((child) => [at(unit.id, child.id, measure, field), 1] as const),
            ]);
          }
        }
      }
    }
  }
  return { names, ranges, equations, masked };
}

/** Narrows ranges until nothing changes. False: no whole numbers fit. */
function propagate(ranges: Range[], equations: readonly Equation[], rounds = 200): boolean {
  for (let round = 0; round < rounds; round += 1) {
    let changed = false;
    for (const equation of equations) {
      for (const [variable, factor] of equation) {
        let low = 0;
        let high = 0;
        for (const [other, weight] of equation) {
          if (other === variable) continue;
          const range = ranges[other]!;
          low += weight > 0 ? weight * range.low : weight * range.high;
          high += weight > 0 ? weight * range.high : weight * range.low;
        }
        // factor · x = −rest, rest within [low, high]
        const [from, to] = factor > 0 ? [-high / factor, -low / factor] : [-low / factor, -high / factor];
        const range = ranges[variable]!;
        const newLow = Math.max(range.low, Math.ceil(from - 1e-9));
        const newHigh = Math.min(range.high, Math.floor(to + 1e-9));
        if (newLow > newHigh) return false;
        if (newLow !== range.low || newHigh !== range.high) {
          range.low = newLow;
          range.high = newHigh;
          changed = true;
        }
      }
    }
    if (!changed) return true;
  }
  return true;
}

/** Reduced row echelon form over the unknowns, in exact fractions, as further equations with a constant. */
function eliminate(system: System, ranges: readonly Range[]): { rows: Equation[]; constants: number[] } {
  const unknown = system.names
    .map((_, index) => index)
    .filter((index) => ranges[index]!.low !== ranges[index]!.high);
  const columnOf = new Map(unknown.map((variable, column) => [variable, column]));
  const seen = new Set<string>();
  const matrix: bigint[][] = [];
  for (const equation of system.equations) {
    const row = new Array<bigint>(unknown.length + 1).fill(0n);
    for (const [variable, factor] of equation) {
      const column = columnOf.get(variable);
      if (column !== undefined) row[column]! += BigInt(factor);
      else row[unknown.length]! -= BigInt(factor * ranges[variable]!.low);
    }
    const key = row.join();
    if (row.some((value) => value !== 0n) && !seen.has(key)) {
      seen.add(key);
      matrix.push(row);
    }
  }
  let pivotRow = 0;
  for (let column = 0; column < unknown.length && pivotRow < matrix.length; column += 1) {
    const found = matrix.findIndex((row, index) => index >= pivotRow && row[column] !== 0n);
    if (found < 0) continue;
    [matrix[pivotRow], matrix[found]] = [matrix[found]!, matrix[pivotRow]!];
    const pivot = matrix[pivotRow]!;
    for (let other = 0; other < matrix.length; other += 1) {
      if (other === pivotRow || matrix[other]![column] === 0n) continue;
      const [a, b] = [pivot[column]!, matrix[other]![column]!];
      matrix[other] = lowest(matrix[other]!.map((value, index) => value * a - pivot[index]! * b));
    }
    pivotRow += 1;
  }
  const rows: Equation[] = [];
  const constants: number[] = [];
  for (const row of matrix.slice(0, pivotRow)) {
    rows.push(
      unknown.flatMap((variable, column) =>
        row[column] === 0n ? [] : [[variable, Number(row[column])] as const],
      ),
    );
    constants.push(Number(row[unknown.length]));
  }
  return { rows, constants };
}

function lowest(row: bigint[]): bigint[] {
  let divisor = 0n;
  for (const value of row) {
    let [a, b] = [divisor, value < 0n ? -value : value];
    while (b !== 0n) [a, b] = [b, a % b];
    divisor = a;
  }
  return divisor > 1n ? row.map((value) => value / divisor) : row;
}

/** The attack: propagation, elimination, propagation over both. Ranges of all variables, none wider than possible. */
export function attack(system: System): Range[] {
  const ranges = system.ranges.map((range) => ({ ...range }));
  if (!propagate(ranges, system.equations)) throw new Error('the publication contradicts itself');
  const { rows, constants } = eliminate(system, ranges);
  // A constant becomes a variable that is always 1, so that both kinds of equation look alike.
  const one = ranges.push({ low: 1, high: 1 }) - 1;
  const both = [
    ...system.equations,
    ...rows.map((row, index) => [...row, [one, -constants[index]!] as const]),
  ];
  if (!propagate(ranges, both)) throw new Error('the publication contradicts itself');
  return ranges.slice(0, -1);
}

/** Whether some whole numbers fit everything published and give `variable` this value. Searched to the end. */
export function possible(system: System, variable: number, value: number, truth: readonly number[]): boolean {
  const start = system.ranges.map((range) => ({ ...range }));
  const range = start[variable]!;
  if (value < range.low || value > range.high) return false;
  start[variable] = { low: value, high: value };
  let nodes = 0;
  const search = (ranges: Range[]): boolean => {
    nodes += 1;
    if (nodes > 3000) throw new Error('search too long to decide');
    if (!propagate(ranges, system.equations)) return false;
    let chosen = -1;
    for (let index = 0; index < ranges.length; index += 1) {
      const { low, high } = ranges[index]!;
      if (low !== high && (chosen < 0 || high - low < ranges[chosen]!.high - ranges[chosen]!.low))
        chosen = index;
    }
    if (chosen < 0) return true;
    const { low, high } = ranges[chosen]!;
    const end = Math.min(high, Math.max(low, truth[chosen]! + 12));
    const values = Array.from({ length: end - low + 1 }, (_, step) => low + step);
    values.sort((a, b) => Math.abs(a - truth[chosen]!) - Math.abs(b - truth[chosen]!));
    return values.some((candidate) => {
      const next = ranges.map((each) => ({ ...each }));
      next[chosen] = { low: candidate, high: candidate };
      return search(next);
    });
  };
  return search(start);
}
