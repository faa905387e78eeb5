import type { Reader } from '../../store/store.ts';
import { type CountRow, countVerdicts } from '../../store/verdicts/counts.ts';
import { valuesOfIds } from '../../store/verdicts/values.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import { add, cellOf, emptyTally, type GroupTally } from '../report/tally.ts';
import type { Kept } from './kept-measures.ts';

/** The tallies of a kept Measure over a period: one aggregate per group, whatever the number of stays. */
export async function storedTallies(
  reader: Reader,
  { compiled, kept }: Kept,
  period: Pick<MeasurementPeriod, 'firstDay' | 'lastDay'>,
  asOf: string,
): Promise<GroupTally[]> {
  const [tallies = []] = await storedSeries(reader, { compiled, kept }, [period], asOf);
  return tallies;
}

/** The same for consecutive periods, in order: still one aggregate per group. */
export async function storedSeries(
  reader: Reader,
  { compiled, kept }: Kept,
  periods: readonly Pick<MeasurementPeriod, 'firstDay' | 'lastDay'>[],
  asOf: string,
): Promise<GroupTally[][]> {
  const series = periods.map((): GroupTally[] => []);
  for (const [index, group] of compiled.groups.entries()) {
    const layout = kept.layout.groups[index];
    for (const tallies of series) tallies.push(emptyTally(group.stratifiers.length));
    if (layout === undefined) continue;
    const by = [[], ...layout.strata.map((column) => [column])];
    const rows = await countVerdicts(
      reader,
      { pack: kept.layout.pack, group: layout, periods, asOf, by },
      group.scoring === 'continuous-variable',
    );
    const ids = new Set(rows.flatMap(({ values }) => values).filter((id) => id !== null));
    const values = await valuesOfIds(reader, [...ids]);
    for (const row of rows) {
      const tally = series[row.period]?.[index];
      if (tally !== undefined) addRow(tally, row, layout.strata, values);
    }
  }
  return series;
}

function addRow(
  tally: GroupTally,
  row: CountRow,
  columns: readonly number[],
  values: ReadonlyMap<number, string>,
): void {
  if (row.set === 0) {
    add(tally.whole, row.bits, row.count);
    tally.observations.push(...(row.observations ?? []));
    return;
  }
  // Two stratifiers of a group that ask the same share a column, and its counts.
  const column = columns[row.set - 1];
  const id = row.values[0] ?? null;
  const value = id === null ? '' : (values.get(id) ?? '');
  for (const [stratifier, own] of columns.entries()) {
    if (own !== column) continue;
    const strata = tally.strata[stratifier];
    if (strata !== undefined) add(cellOf(strata, value), row.bits, row.count);
    const observations = tally.strataObservations[stratifier];
    if (row.observations !== undefined && observations !== undefined) {
      observations.set(value, [...(observations.get(value) ?? []), ...row.observations]);
    }
  }
}
