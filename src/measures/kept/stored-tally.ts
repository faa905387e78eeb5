import type { Store } from '../../store/store.ts';
import { type CountRow, countVerdicts } from '../../store/verdicts/counts.ts';
import { valuesOfIds } from '../../store/verdicts/values.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import { BIT } from '../report/populations.ts';
import { add, cellOf, emptyTally, type GroupTally } from '../report/tally.ts';
import type { Kept } from './kept-measures.ts';

type Days = Pick<MeasurementPeriod, 'firstDay' | 'lastDay'>;

/** A kept Measure, and the stratifiers of it that are wanted. */
export interface Wanted {
  readonly kept: Kept;
  /** Of the stratifier at that place of a group; all when absent. */
  readonly stratified?: (group: number, stratifier: number) => boolean;
}

/**
 * The tallies of kept Measures (none twice) over periods, in order: for each Measure and period one a group. All are
 * counted together, at one moment.
 */
export async function storedSeries(
  store: Store,
  wanted: readonly Wanted[],
  periods: readonly Days[],
  asOf: string,
): Promise<readonly (readonly (readonly GroupTally[])[])[]> {
  const groups = wanted.flatMap(({ kept: { compiled, kept }, stratified = () => true }, measure) =>
    compiled.groups.map((group, index) => {
      const { slot, strata } = kept.layout.groups[index] as (typeof kept.layout.groups)[number];
      const columns = strata.map((column, at) => (stratified(index, at) ? column : undefined));
      const tallies = periods.map(() => emptyTally(group.stratifiers.length));
      const observed = group.scoring === 'continuous-variable';
      return { measure, pack: kept.layout.pack, slot, observed, strata: columns, tallies };
    }),
  );
  const rows = await countVerdicts(store, {
    groups: groups.map(({ strata, ...group }) => ({
      ...group,
      columns: [...new Set(strata.filter((column) => column !== undefined))],
    })),
    periods,
    asOf,
  });
  const ids = new Set(rows.map(({ value }) => value).filter((id) => id !== null));
  const values = await valuesOfIds(store, [...ids]);
  for (const row of rows) {
    const { tallies, strata } = groups[row.group] as (typeof groups)[number];
    addRow(tallies[row.period] as GroupTally, row, strata, values);
  }
  return wanted.map((_, measure) => {
    const own = groups.filter((group) => group.measure === measure);
    return periods.map((_period, at) => own.map(({ tallies }) => tallies[at] as GroupTally));
  });
}

function addRow(
  tally: GroupTally,
  row: CountRow,
  strata: readonly (number | undefined)[],
  values: ReadonlyMap<number, string>,
): void {
  if (row.column === undefined) {
    add(tally.whole, row.bits, row.count);
    for (const observation of row.observations ?? []) tally.observations.push(observation);
    return;
  }
  // Who is not in the initial population (a failure) is in no stratum, whatever other Measures say of the stay.
  if ((row.bits & BIT.initialPopulation) === 0) return;
  const value = row.value === null ? '' : (values.get(row.value) ?? '');
  // Two stratifiers of a group that ask the same share a column, and its counts.
  for (const [stratifier, column] of strata.entries()) {
    if (column !== row.column) continue;
    add(cellOf(tally.strata[stratifier] as Map<string, Map<number, number>>, value), row.bits, row.count);
    const observations = tally.strataObservations[stratifier];
    if (row.observations !== undefined && observations !== undefined) {
      const before = observations.get(value);
      observations.set(
        value,
        before === undefined ? [...row.observations] : [...before, ...row.observations],
      );
    }
  }
}
