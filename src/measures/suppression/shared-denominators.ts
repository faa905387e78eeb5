import type { CountTable } from './table.ts';

/**
 * The measures in groups that count the same stays: those whose denominators agree in every row (P2, P3 and P5 all
 * count discharges). A denominator hidden in one of them would stand open in another, so they are hidden together.
 */
export function measuresWithSharedDenominators(table: CountTable): readonly (readonly string[])[] {
  const fingerprints = new Map<string, Map<string, number>>();
  for (const row of table.rows) {
    let rows = fingerprints.get(row.measure);
    if (rows === undefined) {
      rows = new Map();
      fingerprints.set(row.measure, rows);
    }
    rows.set(JSON.stringify([row.unit, row.period]), row.denominator);
  }
  const groups: string[][] = [];
  for (const [measure, rows] of fingerprints) {
    const group = groups.find(([first]) => sameCounts(rows, fingerprints.get(first!)!));
    if (group === undefined) groups.push([measure]);
    else group.push(measure);
  }
  return groups;
}

function sameCounts(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): boolean {
  return one.size === other.size && [...one].every(([key, count]) => other.get(key) === count);
}
