import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../../src/fhir/outcome.ts';
import { suppress } from '../../../src/measures/suppression/suppress.ts';
import type { CountRow, CountTable } from '../../../src/measures/suppression/table.ts';
import { years } from './years.ts';

const row = (unit: string, numerator: number, denominator: number, excluded = 0, pending = 0): CountRow => ({
  unit,
  measure: 'P1',
  period: '2026',
  numerator,
  denominator,
  excluded,
  pending,
});

function table(rows: readonly CountRow[]): CountTable {
  const parts = [...new Set(rows.map(({ unit }) => unit))].filter((unit) => unit !== 'total');
  return {
    units: [{ id: 'total' }, ...parts.map((id) => ({ id, parent: 'total' }))],
    periods: [{ id: '2026' }],
    rows,
  };
}

const flat = (rows: ReturnType<typeof suppress>) =>
  rows.map(({ unit, numerator, scored, denominator, excluded, pending }) => [
    unit,
    ...[numerator, scored, denominator, excluded, pending].map((cell) =>
      'value' in cell ? cell.value : cell.masked,
    ),
  ]);

describe('suppression', () => {
  it('shows everything when nothing is small', () => {
    const rows = suppress(table([row('total', 60, 100), row('a', 30, 50), row('b', 30, 50)]));
    expect(flat(rows)).toEqual([
      ['total', 60, 100, 100, 0, 0],
      ['a', 30, 50, 50, 0, 0],
      ['b', 30, 50, 50, 0, 0],
    ]);
    expect(rows[0]!.rate).toBeCloseTo(0.6, 12);
  });

  it('hides a small numerator and a second one, so that the total does not give it back', () => {
    const rows = suppress(
      table([row('total', 63, 190), row('a', 3, 50), row('b', 20, 60), row('c', 40, 80)]),
    );
    const [total, a, b, c] = rows;
    expect(a!.numerator).toEqual({ masked: '<5' });
    expect([b, c].filter((each) => 'masked' in each!.numerator)).toHaveLength(1);
    expect(total!.numerator).toEqual({ value: 63 });
    expect(a!.rate).toBeUndefined();
  });

  it('hides a small number of failures though it is never shown itself: numerator or total goes with it', () => {
    const rows = suppress(
      table([row('total', 147, 160), row('a', 48, 50), row('b', 50, 55), row('c', 49, 55)]),
    );
    const a = rows[1]!;
    expect(a.rate).toBeUndefined();
    expect('masked' in a.numerator || 'masked' in a.scored).toBe(true);
  });

  it('marks only what is small with <5, and what protects it with *', () => {
    const rows = suppress(
      table([row('total', 63, 190), row('a', 3, 50), row('b', 20, 60), row('c', 40, 80)]),
    );
    const marks = flat(rows)
      .flatMap((cells) => cells.slice(1))
      .filter((cell) => typeof cell === 'string');
    expect(marks).toContain('<5');
    expect(marks).toContain('*');
  });

  it('protects what the nation has beyond its regions by a region, and shows the nation', () => {
    const municipal = (unit: string, parent: string) => ({ id: unit, parent });
    const rows = suppress({
      units: [
        { id: 'DK' },
        municipal('north', 'DK'),
        municipal('south', 'DK'),
        ...['a', 'b'].map((id) => municipal(id, 'north')),
        ...['c', 'd'].map((id) => municipal(id, 'south')),
      ],
      periods: [{ id: '2026' }],
      rows: [
        // Nine of no known municipality, two of which were not met.
        row('DK', 407, 809),
        row('north', 200, 400),
        row('south', 200, 400),
        ...['a', 'b', 'c', 'd'].map((unit) => row(unit, 100, 200)),
      ],
    });
    expect(rows[0]?.rate).toBeCloseTo(407 / 809, 12);
    const regions = rows.slice(1, 3);
    expect(regions.filter(({ rate }) => rate === undefined)).toHaveLength(1);
  });

  it('marks two parts of 4 and 4 with * when their sum of 8 is shown: <5 twice would give both away', () => {
    const rows = suppress(table([row('total', 60, 108, 8), row('a', 30, 54, 4), row('b', 30, 54, 4)]));
    const [total, a, b] = rows.map(({ excluded }) =>
      'value' in excluded ? excluded.value : excluded.masked,
    );
    if (total === 8) expect([a, b]).not.toEqual(['<5', '<5']);
    else expect(total).toBe('*');
  });

  it('shows zeros', () => {
    const rows = suppress(table([row('total', 40, 100), row('a', 0, 40), row('b', 40, 60)]));
    expect(rows[1]!.numerator).toEqual({ value: 0 });
    expect(rows[1]!.rate).toBe(0);
  });

  it('hides few excluded and few pending without hiding the rate beside them', () => {
    const rows = suppress(
      table([row('total', 60, 110, 6, 4), row('a', 30, 54, 3, 1), row('b', 30, 56, 3, 3)]),
    );
    expect('masked' in rows[1]!.excluded).toBe(true);
    expect('masked' in rows[1]!.pending).toBe(true);
    expect(rows[1]!.rate).toBeCloseTo(0.6, 12);
  });

  it('protects stays of no known municipality, which only the total counts', () => {
    const rows = suppress(table([row('total', 62, 102), row('a', 30, 50), row('b', 30, 50)]));
    // 2 of 102 lie in neither part: with all shown, a reader subtracts them out.
    const hidden = flat(rows)
      .flat()
      .filter((cell) => cell === '*');
    expect(hidden.length).toBeGreaterThanOrEqual(2);
    expect(rows).toHaveLength(3);
  });

  it('lets hidden parts of a shown total never make a small count together', () => {
    fc.assert(
      fc.property(years({ regions: 2, municipalities: 4, quarters: 2, months: 2, most: 12 }), (year) => {
        const rows = suppress(year);
        const raw = new Map(year.rows.map((each) => [`${each.unit} ${each.measure} ${each.period}`, each]));
        for (const total of rows) {
          if ('masked' in total.numerator) continue;
          const parts = rows.filter(
            (each) =>
              each.measure === total.measure &&
              each.period === total.period &&
              year.units.find(({ id }) => id === each.unit)?.parent === total.unit,
          );
          const rest = parts
            .filter((part) => 'masked' in part.numerator)
            .reduce(
              (sum, part) => sum + raw.get(`${part.unit} ${part.measure} ${part.period}`)!.numerator,
              0,
            );
          expect(rest === 0 || rest >= 5).toBe(true);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('never shows a small count, never changes a shown one, and shows a rate only with both its counts', () => {
    fc.assert(
      fc.property(years({ regions: 3, municipalities: 4, quarters: 2, months: 3, most: 15 }), (year) => {
        const wrong = suppress(year).filter((shown, index) => {
          const { numerator, denominator, excluded, pending } = year.rows[index]!;
          const scored = denominator - excluded - pending;
          const truth = { numerator, scored, denominator, excluded, pending };
          const small = (value: number) => value > 0 && value < 5;
          const honest = Object.entries(truth).every(([field, value]) => {
            const cell = shown[field as keyof typeof truth];
            if ('value' in cell) return cell.value === value && !small(value);
            return cell.masked !== '<5' || small(value);
          });
          const open = 'value' in shown.numerator && 'value' in shown.scored;
          const failures = !open || !small(scored - numerator);
          return !(honest && failures && (shown.rate !== undefined) === (open && scored > 0));
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 60 },
    );
  });

  it('gives the same answer for the same counts', () => {
    fc.assert(
      fc.property(years({ regions: 2, municipalities: 3, quarters: 2, months: 2, most: 12 }), (year) => {
        expect(suppress(year)).toEqual(suppress(year));
      }),
      { numRuns: 10 },
    );
  });

  it('hides nothing at threshold 1', () => {
    const rows = suppress(table([row('total', 4, 6), row('a', 1, 2), row('b', 3, 4)]), { threshold: 1 });
    expect(
      flat(rows)
        .flat()
        .filter((cell) => cell === '*' || String(cell).startsWith('<')),
    ).toEqual([]);
  });

  it('gives up everything when there is but one citizen, and says so with marks alone', () => {
    const rows = suppress(table([row('total', 1, 1), row('a', 1, 1), row('b', 0, 0)]));
    expect('masked' in rows[0]!.numerator && 'masked' in rows[1]!.numerator).toBe(true);
  });

  it.each([0, -1, 2.5, Number.NaN, 1001])('refuses the threshold %d with 400', (threshold) => {
    let error: unknown;
    try {
      suppress(table([row('total', 1, 1)]), { threshold });
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FhirError);
    expect((error as FhirError).status).toBe(400);
    expect((error as FhirError).outcome.issue[0]!.expression).toEqual(['threshold']);
  });

  it('refuses tables that do not add up', () => {
    expect(() => suppress(table([row('total', 1, 10), row('a', 5, 11)]))).toThrow(RangeError);
    expect(() => suppress(table([row('total', 11, 10)]))).toThrow(RangeError);
    expect(() => suppress(table([row('total', 1, 10), row('total', 1, 10)]))).toThrow(RangeError);
    expect(() => suppress({ ...table([row('total', 1, 10)]), units: [] })).toThrow(RangeError);
    const circle = [
      { id: 'total', parent: 'a' },
      { id: 'a', parent: 'total' },
    ];
    expect(() => suppress({ ...table([row('total', 1, 10)]), units: circle })).toThrow(RangeError);
    const months = { units: [{ id: 'u' }], periods: [{ id: 'q' }, { id: 'm', parent: 'q' }] };
    const rows = [
      { ...row('u', 5, 20), period: 'q' },
      { ...row('u', 5, 19), period: 'm' },
    ];
    expect(() => suppress({ ...months, rows })).toThrow(/do not make up/);
    const three = {
      ...table([row('total', 9, 30), row('a', 5, 20)]),
      units: [{ id: 'total' }, { id: 'a', parent: 'total' }, { id: 'b', parent: 'total' }],
    };
    expect(() => suppress(three)).toThrow(/all or none/);
  });
});
