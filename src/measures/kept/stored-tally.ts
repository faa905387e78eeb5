import type { Store } from '../../store/store.ts';
import { type CountRow, countVerdicts } from '../../store/verdicts/counts.ts';
import { knownIds, valuesOfIds } from '../../store/verdicts/values.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import { BIT } from '../report/populations.ts';
import { add, cellOf, emptyTally, type GroupTally } from '../report/tally.ts';
import type { Kept } from './kept-measures.ts';

type Days = Pick<MeasurementPeriod, 'firstDay' | 'lastDay'>;

/** A kept Measure, and the stratifiers of it that are wanted. */
export interface Wanted {
  readonly kept: Kept;
  /** Whether the stratifier at that place of a group is, or which of its values alone; all when absent. */
  readonly stratified?: (group: number, stratifier: number) => boolean | ReadonlySet<string>;
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
      const asked = strata.map((_, at) => stratified(index, at));
      const columns = strata.map((column, at) => (asked[at] === false ? undefined : column));
      const tallies = periods.map(() => emptyTally(group.stratifiers.length));
      const observed = group.scoring === 'continuous-variable';
      return { measure, pack: kept.layout.pack, slot, observed, strata: columns, asked, tallies };
    }),
  );
  const named = new Set(groups.flatMap(({ asked }) => asked.flatMap((one) => (isSet(one) ? [...one] : []))));
  const idOf = await knownIds(store, [...named]);
  const rows = await countVerdicts(store, {
    groups: groups.map(({ strata, asked, ...group }) => ({
      ...group,
      columns: [...new Set(strata.filter((column) => column !== undefined))],
      only: onlyValues(strata, asked, idOf),
    })),
    periods,
    asOf,
  });
  const ids = new Set(rows.map(({ value }) => value).filter((id) => id !== null));
  const values = await valuesOfIds(store, ids);
  for (const row of rows) {
    const { tallies, strata } = groups[row.group] as (typeof groups)[number];
    addRow(tallies[row.period] as GroupTally, row, strata, values);
  }
  return wanted.map((_, measure) => {
    const own = groups.filter((group) => group.measure === measure);
    return periods.map((_period, at) => own.map(({ tallies }) => tallies[at] as GroupTally));
  });
}

type Asked = boolean | ReadonlySet<string>;

function isSet(asked: Asked | undefined): asked is ReadonlySet<string> {
  return typeof asked === 'object';
}

/** Of the columns of which some values alone are wanted the ids of those that there are. */
function onlyValues(
  columns: readonly (number | undefined)[],
  asked: readonly Asked[],
  idOf: ReadonlyMap<string, number>,
): ReadonlyMap<number, readonly number[]> {
  const only = new Map<number, readonly number[]>();
  for (const column of columns) {
    if (column === undefined) continue;
    const own = asked.filter((_, at) => columns[at] === column);
    // Who has no value has no id: it is the whole without all the others.
    if (!own.every((one) => isSet(one) && !one.has(''))) continue;
    const values = own.flatMap((one) => (isSet(one) ? [...one] : []));
    only.set(
      column,
      [...new Set(values)].flatMap((value) => idOf.get(value) ?? []),
    );
  }
  return only;
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
