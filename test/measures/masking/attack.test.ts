import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CODE_SYSTEM, OVERGANG } from '../../../src/fhir/canonical.ts';
import { type Frame, keyOf } from '../../../src/measures/masking/frame.ts';
import { markedRows, marksOf } from '../../../src/measures/masking/marks.ts';
import type { Published, PublishedRow } from '../../../src/measures/suppression/suppress.ts';
import type { Counts } from '../../../src/measures/suppression/table.ts';
import type { ReportPeriod, ReportUnit } from '../../../src/measures/yearly/model.ts';
import { attack, type Range, type System, systemOf } from '../suppression/attack.ts';

const stratifier = (code: string): string =>
  keyOf({ coding: [{ system: `${OVERGANG}/CodeSystem/stratifier`, code }] });
const AGE = stratifier('age-band');
const DAY = stratifier('discharge-day');
const MUNICIPALITY = stratifier('municipality');
const place = (code: string): string => keyOf({ coding: [{ system: CODE_SYSTEM.municipality, code }] });

const unit = (id: string, level: ReportUnit['level'], parent?: string): ReportUnit => ({
  id,
  level,
  code: id,
  system: level,
  name: id,
  ...(parent === undefined ? {} : { parent }),
});
const PLACES = [
  unit('DK', 'nation'),
  unit('R1', 'region', 'DK'),
  unit('R2', 'region', 'DK'),
  unit('R1K1', 'municipality', 'R1'),
  unit('R1K2', 'municipality', 'R1'),
  unit('R2K1', 'municipality', 'R2'),
  unit('R2K2', 'municipality', 'R2'),
];
const span = { start: '2026-01-01', end: '2026-12-31' };
const PERIODS: ReportPeriod[] = [
  { id: 'Y', kind: 'year', ...span },
  { id: 'Q1', parent: 'Y', kind: 'quarter', ...span },
  { id: 'M1', parent: 'Q1', kind: 'month', ...span },
  { id: 'M2', parent: 'Q1', kind: 'month', ...span },
];

interface Stay {
  readonly municipality: string;
  readonly age: string;
  readonly day: string;
  readonly month: 'M1' | 'M2';
  /** Of each measure: numerator, not met, excluded, pending. */
  readonly fates: readonly (0 | 1 | 2 | 3)[];
}

const fate = fc.constantFrom<0 | 1 | 2 | 3>(0, 0, 0, 0, 0, 1, 1, 2, 3);
const stays = fc.array(
  fc.record<Stay>({
    municipality: fc.constantFrom('R1K1', 'R1K1', 'R1K2', 'R2K1', 'R2K2'),
    age: fc.constantFrom('65-74', '75-84', '75-84', '85+'),
    day: fc.constantFrom('weekday', 'weekday', 'weekday', 'weekend'),
    month: fc.constantFrom<'M1' | 'M2'>('M1', 'M2'),
    fates: fc.tuple(fate, fate),
  }),
  { minLength: 5, maxLength: 90 },
);

function countsOf(some: readonly Stay[], table: number): Counts {
  const count = (wanted: number): number => some.filter(({ fates }) => fates[table] === wanted).length;
  return { numerator: count(0), denominator: some.length, excluded: count(2), pending: count(3) };
}

const inPeriod = ({ month }: Stay, { id, kind }: ReportPeriod): boolean => kind !== 'month' || month === id;

/** Two measures that count the same stays. */
function frameOfStays(all: readonly Stay[]): Frame {
  const tables = ['A', 'B'].map((name, table) => {
    const byPeriod = (some: readonly Stay[]) =>
      new Map(
        PERIODS.map((period) => [
          period.id,
          countsOf(
            some.filter((stay) => inPeriod(stay, period)),
            table,
          ),
        ]),
      );
    const by = (ask: (stay: Stay) => string) =>
      new Map(
        [...new Set(all.map(ask))].map((value) => [
          value,
          byPeriod(all.filter((stay) => ask(stay) === value)),
        ]),
      );
    return {
      name,
      whole: byPeriod(all),
      strata: new Map([
        [MUNICIPALITY, by(({ municipality }) => place(municipality))],
        [AGE, by(({ age }) => age)],
        [DAY, by(({ day }) => day)],
      ]),
    };
  });
  return { periods: PERIODS, tables };
}

const UNKNOWN: Published = { masked: '*' };
const NOTHING = {
  numerator: UNKNOWN,
  scored: UNKNOWN,
  denominator: UNKNOWN,
  excluded: UNKNOWN,
  pending: UNKNOWN,
};

/** All that can be had of the frame, as one system: the trees share the variables of the whole. */
function systemOfAnswers(frame: Frame, threshold: number): System {
  const marks = marksOf(markedRows(frame, PLACES, threshold));
  const row = (
    measure: string,
    period: string,
    own: string,
    key?: { stratifier: string; value: string },
  ): PublishedRow => ({
    ...(marks(measure, period, key)?.published ?? NOTHING),
    unit: own,
    measure,
    period,
  });
  const measures = frame.tables.map(({ name }) => name);
  const rowsFor = (units: readonly { id: string; key?: { stratifier: string; value: string } }[]) =>
    measures.flatMap((measure) =>
      PERIODS.flatMap(({ id: period }) => units.map(({ id, key }) => row(measure, period, id, key))),
    );
  const alike = [['A', 'B']];
  const rest = { periods: PERIODS, alike, threshold, honest: [] };
  const region = stratifier('region');
  const geographic = systemOf({
    ...rest,
    units: PLACES,
    rows: rowsFor(
      PLACES.map(({ id, level }) => {
        if (level === 'nation') return { id };
        return level === 'region'
          ? {
              id,
              key: {
                stratifier: region,
                value: keyOf({ coding: [{ system: CODE_SYSTEM.region, code: id }] }),
              },
            }
          : { id, key: { stratifier: MUNICIPALITY, value: place(id) } };
      }),
    ),
  });
  const others = [AGE, DAY].map((one) => {
    const values = [...new Set(frame.tables.flatMap(({ strata }) => [...(strata.get(one)?.keys() ?? [])]))];
    return systemOf({
      ...rest,
      units: [{ id: 'DK' }, ...values.map((id) => ({ id, parent: 'DK' }))],
      rows: rowsFor([{ id: 'DK' }, ...values.map((id) => ({ id, key: { stratifier: one, value: id } }))]),
    });
  });
  return [geographic, ...others].reduce(joined);
}

function joined(one: System, other: System): System {
  const names = [...one.names];
  const ranges: Range[] = one.ranges.map((range) => ({ ...range }));
  const place = other.names.map((name, index) => {
    const known = names.indexOf(name);
    if (known >= 0) return known;
    ranges.push({ ...(other.ranges[index] as Range) });
    return names.push(name) - 1;
  });
  const moved = (variable: number): number => place[variable] as number;
  return {
    names,
    ranges,
    equations: [
      ...one.equations,
      ...other.equations.map((equation) =>
        equation.map(([variable, factor]) => [moved(variable), factor] as const),
      ),
    ],
    masked: [...new Set([...one.masked, ...other.masked.map(moved)])],
  };
}

/** The true value of a variable named as the attack names it. */
function truthOf(all: readonly Stay[], name: string): number {
  const [own, period, measure, field] = name.split(' ') as [string, string, string, string];
  const inside = all.filter(
    (stay) =>
      inPeriod(stay, PERIODS.find(({ id }) => id === period) as ReportPeriod) &&
      (own === 'DK' || stay.municipality.startsWith(own) || stay.age === own || stay.day === own),
  );
  const { numerator, denominator, excluded, pending } = countsOf(inside, measure === 'A' ? 0 : 1);
  const scored = denominator - excluded - pending;
  return { n: numerator, m: scored - numerator, s: scored, e: excluded, p: pending, D: denominator }[
    field
  ] as number;
}

describe('an attacker who asks $evaluate-measure for all of a year', () => {
  it('recovers no small count of any whole, region, municipality, age band or kind of day', () => {
    fc.assert(
      fc.property(stays, (all) => {
        const system = systemOfAnswers(frameOfStays(all), 5);
        const ranges = attack(system);
        const betrayed = system.names
          .map((name, index) => ({ name, ...(ranges[index] as Range), truth: truthOf(all, name) }))
          .filter(({ low, high, truth }) => low === high && truth > 0 && truth < 5);
        expect(betrayed).toEqual([]);
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  it('still gets what is large', () => {
    const all = Array.from(
      { length: 400 },
      (_, index): Stay => ({
        municipality: ['R1K1', 'R1K2', 'R2K1', 'R2K2'][index % 4] as string,
        age: ['75-84', '85+'][index % 2] as string,
        day: index % 5 === 0 ? 'weekend' : 'weekday',
        month: index % 3 === 0 ? 'M1' : 'M2',
        fates: [
          index % 7 < 4 ? 0 : (((index % 3) + 1) as 1 | 2 | 3),
          index % 9 < 4 ? 0 : (((index % 3) + 1) as 1 | 2 | 3),
        ],
      }),
    );
    const marks = marksOf(markedRows(frameOfStays(all), PLACES, 5));
    expect(marks('A', 'Y')?.published.rate).toBeGreaterThan(0);
    expect(marks('B', 'M1', { stratifier: AGE, value: '85+' })?.published.rate).toBeGreaterThan(0);
    expect(
      marks('B', 'Y', { stratifier: MUNICIPALITY, value: place('R2K2') })?.published.rate,
    ).toBeGreaterThan(0);
    expect(marks('B', 'M1', { stratifier: MUNICIPALITY, value: place('R2K2') })).toBeUndefined();
  });
});
