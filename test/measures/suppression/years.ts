import fc from 'fast-check';
import type { Branch, CountRow } from '../../../src/measures/suppression/table.ts';

/** A random year: trees, rows of every table, and the measures that count the same stays. */
export interface Year {
  readonly units: readonly Branch[];
  readonly periods: readonly Branch[];
  readonly rows: readonly CountRow[];
  readonly alike: readonly (readonly string[])[];
}

export interface Shape {
  readonly regions: number;
  readonly municipalities: number;
  readonly quarters: number;
  readonly months: number;
  /** Municipalities by month too, or by year only. */
  readonly fine: boolean;
  readonly most: number;
}

const shapes = (largest: Omit<Shape, 'fine'>): fc.Arbitrary<Shape> =>
  fc.record({
    regions: fc.integer({ min: 1, max: largest.regions }),
    municipalities: fc.integer({ min: 1, max: largest.municipalities }),
    quarters: fc.integer({ min: 1, max: largest.quarters }),
    months: fc.integer({ min: 1, max: largest.months }),
    fine: fc.boolean(),
    most: fc.integer({ min: 1, max: largest.most }),
  });

/** Years with three measures, of which `A` and `B` count the same stays. */
export function years(largest: Omit<Shape, 'fine'>): fc.Arbitrary<Year> {
  return fc
    .tuple(shapes(largest), fc.infiniteStream(fc.double({ min: 0, max: 0.999999, noNaN: true })))
    .map(([shape, stream]) => yearOf(shape, () => stream.next().value as number));
}

export function yearOf(shape: Shape, random: () => number): Year {
  const units: Branch[] = [{ id: 'DK' }];
  const periods: Branch[] = [{ id: 'Y' }];
  // Some years few are excluded, some years many: small parts of small sums are the hard ones.
  const met = 0.3 + 0.5 * random();
  const excluded = (1 - met) * random();
  const pending = (1 - met - excluded) * random();
  const rows = new Map<string, CountRow>();
  for (let quarter = 1; quarter <= shape.quarters; quarter += 1) {
    periods.push({ id: `Q${quarter}`, parent: 'Y' });
    for (let month = 1; month <= shape.months; month += 1)
      periods.push({ id: `Q${quarter}M${month}`, parent: `Q${quarter}` });
  }
  const months = periods.filter(({ id }) => id.includes('M'));
  for (let region = 1; region <= shape.regions; region += 1) units.push({ id: `R${region}`, parent: 'DK' });
  for (let region = 1; region <= shape.regions; region += 1) {
    for (let number = 1; number <= shape.municipalities; number += 1) {
      const unit = { id: `R${region}K${number}`, parent: `R${region}` };
      units.push(unit);
      for (const month of months) {
        const stays = Math.floor(random() ** 2 * (shape.most + 1));
        const counted = { A: stays, B: stays, C: Math.floor(random() * (stays + 1)) };
        for (const [measure, denominator] of Object.entries(counted)) {
          const counts = { numerator: 0, denominator, excluded: 0, pending: 0 };
          for (let stay = 0; stay < denominator; stay += 1) {
            const fate = random();
            if (fate < met) counts.numerator += 1;
            else if (fate < met + excluded) counts.excluded += 1;
            else if (fate < met + excluded + pending) counts.pending += 1;
          }
          for (const up of [unit.id, unit.parent, 'DK']) {
            for (const period of [month.id, month.parent!, 'Y']) {
              if (up === unit.id && period !== 'Y' && !shape.fine) continue;
              const key = JSON.stringify([up, measure, period]);
              const row = rows.get(key) ?? {
                unit: up,
                measure,
                period,
                numerator: 0,
                denominator: 0,
                excluded: 0,
                pending: 0,
              };
              rows.set(key, {
                ...row,
                numerator: row.numerator + counts.numerator,
                denominator: row.denominator + counts.denominator,
                excluded: row.excluded + counts.excluded,
                pending: row.pending + counts.pending,
              });
            }
          }
        }
      }
    }
  }
  return { units, periods, rows: [...rows.values()], alike: [['A', 'B'], ['C']] };
}

/** The true value of a variable named as the attack names it. */
export function truthOf(year: Year, name: string): number | undefined {
  const [unit, period, measure, field] = name.split(' ');
  const row = year.rows.find(
    (each) => each.unit === unit && each.period === period && each.measure === measure,
  );
  if (row === undefined) return undefined;
  const scored = row.denominator - row.excluded - row.pending;
  return {
    n: row.numerator,
    m: scored - row.numerator,
    s: scored,
    e: row.excluded,
    p: row.pending,
    D: row.denominator,
  }[field!];
}
