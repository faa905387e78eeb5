import { readFile } from 'node:fs/promises';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { type CountRow, countVerdicts } from '../../src/store/verdicts/counts.ts';
import { type PackedRow, replaceVerdicts } from '../../src/store/verdicts/rows.ts';
import { piecesOf, spansOf, withYears } from '../../src/store/verdicts/spans.ts';
import { idsOfValues } from '../../src/store/verdicts/values.ts';
import { onEveryStore } from '../support/stores.ts';

const STAYS = Array.from({ length: 6 }, (_, index) => `stay-${index}`);
/** Two packs; what lies in them is not the store's to know. */
const GROUPS = [
  { pack: 0, slot: 0, columns: [0, 1], observed: false },
  { pack: 0, slot: 3, columns: [1], observed: false },
  { pack: 0, slot: 5, columns: [], observed: true },
  { pack: 1, slot: 7, columns: [15], observed: false },
];
const COLUMNS = [0, 1, 15];

const day = (from: string, days: number): string =>
  new Date(Date.parse(`${from}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
const days = fc.integer({ min: -40, max: 430 }).map((offset) => day('2026-01-01', offset));
const instants = fc
  .integer({ min: -40 * 24, max: 440 * 24 })
  .map((hours) => new Date(Date.UTC(2026, 0, 1) + hours * 3_600_000).toISOString());

const slots = fc.record({
  bits: fc.constantFrom(0, 1, 3, 7, 11, 35, 67, 67, 67, 99, 129, 512),
  anchor: fc.option(days, { freq: 6 }),
  due: fc.option(instants, { freq: 4 }),
  observation: fc.option(fc.integer({ min: 0, max: 9 })),
});
const rows = fc
  .record({
    pack: fc.constantFrom(0, 1),
    slots: fc.array(slots, { minLength: 8, maxLength: 8 }),
    strata: fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 3, maxLength: 3 }),
  })
  .map(({ pack, slots: all, strata }) => {
    const columns: Record<string, string | number> = {};
    for (const [slot, { bits, anchor, due, observation }] of all.entries()) {
      if (bits !== 0) columns[`bits${slot}`] = bits;
      if (anchor !== null) columns[`anchor${slot}`] = anchor;
      if (due !== null) columns[`due${slot}`] = due;
      if (observation !== null) columns[`obs${slot}`] = observation;
    }
    // 0 stands for no value.
    for (const [index, value] of strata.entries()) if (value > 0) columns[`s${COLUMNS[index]}`] = value;
    return { pack, columns };
  });
/** What a batch of refreshed stays leaves behind: no rows, or one a pack. */
const batch = fc.uniqueArray(
  fc.record({
    id: fc.constantFrom(...STAYS),
    rows: fc.uniqueArray(rows, { maxLength: 2, selector: ({ pack }) => pack }),
  }),
  { minLength: 1, maxLength: 4, selector: ({ id }) => id },
);

type Question = readonly (readonly [string, string])[];

const periods: fc.Arbitrary<Question> = fc.oneof(
  fc.tuple(days, days).map(([one, other]) => [[one, other].sort() as [string, string]]),
  fc.constant([['2026-01-01', '2026-12-31'] as [string, string]]),
  fc.constant(
    Array.from({ length: 14 }, (_, month) => {
      const first = new Date(Date.UTC(2026, month, 1)).toISOString().slice(0, 10);
      return [first, new Date(Date.UTC(2026, month + 1, 0)).toISOString().slice(0, 10)] as [string, string];
    }),
  ),
  fc.constant([
    ['2025-12-10', '2026-02-14'],
    ['2026-02-20', '2026-03-31'],
  ] as [string, string][]),
);

const textOf = ({ group, period, column, value, bits, count, observations }: CountRow): string =>
  JSON.stringify([group, period, column ?? -1, value, bits, count, observations ?? []]);

/** The same by looking at every row. */
function byHand(kept: readonly PackedRow[], asked: Question, asOf: string): string[] {
  const found = new Map<string, { row: CountRow; observations: number[] }>();
  for (const { pack, columns } of kept) {
    for (const [group, of] of GROUPS.entries()) {
      const [bits = 0, anchor, due] = ['bits', 'anchor', 'due'].map((name) => columns[`${name}${of.slot}`]);
      const period = asked.findIndex(
        ([first, last]) => anchor !== undefined && first <= String(anchor) && String(anchor) <= last,
      );
      if (of.pack !== pack || bits === 0 || period < 0) continue;
      const before = due !== undefined && asOf < String(due);
      const pending = (Number(bits) & (before ? 64 : 32)) !== 0;
      const at = (Number(bits) & ~96) | (pending ? 32 : 0);
      for (const column of [undefined, ...of.columns]) {
        const value = column === undefined ? null : ((columns[`s${column}`] as number | undefined) ?? null);
        const row = { group, period, ...(column === undefined ? {} : { column }), value, bits: at, count: 1 };
        const key = textOf({ ...row, count: 0 });
        const known = found.get(key) ?? { row: { ...row, count: 0 }, observations: [] };
        const observation = columns[`obs${of.slot}`];
        if (of.observed && observation !== undefined) known.observations.push(Number(observation));
        found.set(key, { ...known, row: { ...row, count: known.row.count + 1 } });
      }
    }
  }
  return [...found.values()]
    .map(({ row, observations }) => textOf({ ...row, observations: observations.sort((a, b) => a - b) }))
    .sort();
}

async function expectCounts(store: Store, kept: readonly PackedRow[], asked: Question, asOf: string) {
  const counted = await countVerdicts(store, {
    groups: GROUPS,
    periods: asked.map(([firstDay, lastDay]) => ({ firstDay, lastDay })),
    asOf,
  });
  expect(counted.map(textOf).sort()).toEqual(byHand(kept, asked, asOf));
}

onEveryStore((fixture) => {
  it('counts of kept verdicts are those of looking at each, whatever was replaced, asked and when', async () => {
    const store = await fixture.open();
    await store.transaction((transaction) => idsOfValues(transaction, new Set(['one', 'two'])));
    const kept = new Map<string, readonly PackedRow[]>();
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 1, maxLength: 4 }),
        fc.array(fc.tuple(periods, instants), { minLength: 2, maxLength: 2 }),
        async (batches, questions) => {
          // Each run goes on with what the one before left: a longer history at no cost.
          for (const one of batches) {
            for (const { id, rows: own } of one)
              kept.set(
                id,
                own.map((row) => ({ id, ...row })),
              );
            await store.transaction((transaction) =>
              replaceVerdicts(
                transaction,
                one.map(({ id }) => id),
                one.flatMap(({ id }) => kept.get(id) ?? []),
                [],
              ),
            );
          }
          for (const [asked, asOf] of questions)
            await expectCounts(store, [...kept.values()].flat(), asked, asOf);
        },
      ),
      { numRuns: fixture.kind === 'PGlite' ? 8 : 40, endOnFailure: true },
    );
    // Verdicts that were kept before there were cells: the migration makes the cells of them.
    const sql = sqlOf(store);
    const migration = await readFile('src/store/migrations/0203-verdict-cells.sql', 'utf8');
    await sql.query('DELETE FROM verdict_cell');
    await sql.query(migration.slice(migration.indexOf('INSERT INTO verdict_cell')));
    for (const asked of [
      ['2026-01-01', '2026-12-31'],
      ['2026-03-01', '2026-05-31'],
    ] as [string, string][]) {
      await expectCounts(store, [...kept.values()].flat(), [asked], '2026-06-01T12:00:00.000Z');
    }
  });
});

it('a period is its whole months and at most two rests, each day once', () => {
  fc.assert(
    fc.property(days, days, (one, other) => {
      const [firstDay, lastDay] = [one, other].sort() as [string, string];
      const { months, rest } = piecesOf({ firstDay, lastDay });
      for (let at = firstDay; at <= lastDay; at = day(at, 1)) {
        const inMonths = months.includes(spansOf(at)[0]);
        const inRest = rest.filter((days) => days.firstDay <= at && at <= days.lastDay).length;
        expect(Number(inMonths) + inRest).toBe(1);
      }
      expect(rest.length).toBeLessThanOrEqual(months.length === 0 ? 1 : 2);
      for (const days of rest) expect(firstDay <= days.firstDay && days.lastDay <= lastDay).toBe(true);
      for (const month of months)
        expect(month >= spansOf(firstDay)[0] && month <= spansOf(lastDay)[0]).toBe(true);
    }),
    { numRuns: 30 },
  );
});

it('a year stands for its months unless one of them stays apart', () => {
  const { months } = piecesOf({ firstDay: '2024-11-01', lastDay: '2027-02-28' });
  expect(withYears(months, () => false)).toEqual([202411, 202412, 202500, 202600, 202701, 202702]);
  expect(withYears(months, (month) => month === 202607)).toEqual([
    ...[202411, 202412, 202500],
    ...Array.from({ length: 12 }, (_, month) => 202601 + month),
    ...[202701, 202702],
  ]);
});
