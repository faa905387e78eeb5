import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Published, type PublishedRow, suppress } from '../../../src/measures/suppression/suppress.ts';
import { attack, type Publication, possible, type System, systemOf } from './attack.ts';
import { truthOf, type Year, yearOf, years } from './years.ts';

/** Values that must stay possible for a hidden count: three, or all that the mark leaves. */
const choices = (threshold: number) => (threshold > 2 ? Math.min(3, threshold - 1) : 3);

/** What is published: `*` says nothing but that it is a count (docs/suppression.md, Marks). */
function publish(year: Year, threshold: number): Publication {
  return { ...year, threshold, rows: suppress(year, { threshold }), honest: [] };
}

function recovered(system: System, fewest: number) {
  return system.masked
    .map((variable) => ({ name: system.names[variable]!, ...attackOf(system)[variable]! }))
    .filter(({ low, high }) => high - low + 1 < fewest);
}

const memory = new WeakMap<System, ReturnType<typeof attack>>();
function attackOf(system: System) {
  let ranges = memory.get(system);
  if (ranges === undefined) {
    ranges = attack(system);
    memory.set(system, ranges);
  }
  return ranges;
}

/** What a naive publisher does: hide the small counts and nothing else. */
function primaryOnly(year: Year, threshold: number): PublishedRow[] {
  const show = (value: number): Published =>
    value > 0 && value < threshold ? { masked: `<${threshold}` } : { value };
  return year.rows.map((row) => ({
    unit: row.unit,
    measure: row.measure,
    period: row.period,
    numerator: show(row.numerator),
    scored: show(row.denominator - row.excluded - row.pending),
    denominator: show(row.denominator),
    excluded: show(row.excluded),
    pending: show(row.pending),
  }));
}

describe('an attacker who has all published tables of a year', () => {
  it('recovers no hidden count, nor one to fewer than three values, by bounds and elimination', () => {
    fc.assert(
      fc.property(years({ regions: 2, municipalities: 3, quarters: 2, months: 2, most: 12 }), (year) => {
        expect(recovered(systemOf(publish(year, 5)), choices(5))).toEqual([]);
      }),
      { numRuns: 70 },
    );
  }, 300_000);

  it('recovers none at other thresholds either', () => {
    fc.assert(
      fc.property(
        years({ regions: 2, municipalities: 2, quarters: 2, months: 2, most: 20 }),
        fc.constantFrom(2, 3, 4, 8, 11),
        (year, threshold) => {
          expect(recovered(systemOf(publish(year, threshold)), choices(threshold))).toEqual([]);
        },
      ),
      { numRuns: 30 },
    );
  }, 300_000);

  it.each([
    ['wide', { regions: 1, municipalities: 4, quarters: 1, months: 1, most: 12 }, 60],
    ['deep', { regions: 2, municipalities: 2, quarters: 1, months: 2, most: 9 }, 10],
  ] as const)(
    'finds for every hidden count of small %s years at least three values that fit all that is published (complete search)',
    (_name, shape, numRuns) => {
      fc.assert(
        fc.property(years(shape), (year) => {
          const rows = year.rows.filter(({ measure }) => measure !== 'B');
          const system = systemOf(publish({ ...year, rows, alike: [] }, 5));
          const truth = system.names.map((name) => truthOf(year, name) ?? 0);
          const narrow = system.masked.filter((variable) => {
            const candidates = [0, 1, -1, 2, -2, 3, -3].map((step) => truth[variable]! + step);
            let fitting = 0;
            for (const value of candidates) {
              if (value >= 0 && fitting < 3 && possible(system, variable, value, truth)) fitting += 1;
            }
            return fitting < 3;
          });
          expect(narrow.map((variable) => system.names[variable])).toEqual([]);
        }),
        { numRuns },
      );
    },
    300_000,
  );

  it('does recover counts when only the small ones are hidden: the attack has teeth', () => {
    let broken = 0;
    let total = 0;
    let seed = 1;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    for (let round = 0; round < 30; round += 1) {
      const year = yearOf(
        { regions: 2, municipalities: 3, quarters: 2, months: 2, fine: round % 2 === 0, most: 12 },
        random,
      );
      const system = systemOf({ ...year, threshold: 5, honest: [], rows: primaryOnly(year, 5) });
      const found = recovered(system, 2);
      for (const { name, low } of found) expect(low).toBe(truthOf(year, name));
      broken += found.length;
      total += system.masked.length;
    }
    expect(broken / total).toBeGreaterThan(0.3);
  });

  it('still sees much of a national year: no region loses its yearly numerator', () => {
    let seed = 3;
    const random = () => {
      seed = (seed * 16807) % 2147483647;
      return seed / 2147483647;
    };
    const year = yearOf(
      { regions: 5, municipalities: 20, quarters: 4, months: 3, fine: false, most: 25 },
      random,
    );
    const rows = suppress(year);
    const shown = (unit: RegExp) => {
      const yearly = rows.filter((row) => unit.test(row.unit) && row.period === 'Y');
      return yearly.filter((row) => row.rate !== undefined).length / yearly.length;
    };
    expect(shown(/^DK$/)).toBe(1);
    expect(shown(/^R\d$/)).toBe(1);
    expect(shown(/K/)).toBeGreaterThan(0.5);
  });
});
