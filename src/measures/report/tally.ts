import type { Verdict } from '../stays/verdict.ts';
import { BIT } from './populations.ts';

/** How many members there are with each set of population bits, at one time of asking. */
export type Cell = Map<number, number>;

/** What a report is made of: counts, whole and per stratum, and the observations of continuous variables. */
export interface GroupTally {
  readonly whole: Cell;
  /** Per stratifier of the group: value → counts. */
  readonly strata: readonly Map<string, Cell>[];
  readonly observations: number[];
  /** Per stratifier: value → observations. */
  readonly strataObservations: readonly Map<string, number[]>[];
}

export function emptyTally(stratifiers: number): GroupTally {
  return {
    whole: new Map(),
    strata: Array.from({ length: stratifiers }, () => new Map()),
    observations: [],
    strataObservations: Array.from({ length: stratifiers }, () => new Map()),
  };
}

/** The bits as they stand at the time of asking: pending is decided by whether it is before the due time. */
export function bitsAt(verdict: Pick<Verdict, 'due'>, bits: number, asOf: string): number {
  const before = verdict.due !== undefined && asOf < verdict.due;
  const pending = before ? (bits & BIT.exceptionBefore) !== 0 : (bits & BIT.exception) !== 0;
  return (bits & ~(BIT.exception | BIT.exceptionBefore)) | (pending ? BIT.exception : 0);
}

/** Adds a verdict to the tallies of its groups. */
export function count(tallies: readonly GroupTally[], verdict: Verdict, asOf: string): void {
  for (const [index, group] of verdict.groups.entries()) {
    const tally = tallies[index];
    if (tally === undefined || group.bits === 0) continue;
    const bits = bitsAt(verdict, group.bits, asOf);
    add(tally.whole, bits, 1);
    if (group.observation !== undefined) tally.observations.push(group.observation);
    for (const [stratifier, value] of group.strata.entries()) {
      const strata = tally.strata[stratifier];
      if (strata !== undefined) add(cellOf(strata, value), bits, 1);
      const observations = tally.strataObservations[stratifier];
      if (group.observation !== undefined && observations !== undefined) {
        observations.set(value, [...(observations.get(value) ?? []), group.observation]);
      }
    }
  }
}

export function cellOf(strata: Map<string, Cell>, value: string): Cell {
  let cell = strata.get(value);
  if (cell === undefined) {
    cell = new Map();
    strata.set(value, cell);
  }
  return cell;
}

export function add(cell: Cell, bits: number, members: number): void {
  cell.set(bits, (cell.get(bits) ?? 0) + members);
}

/** How many members have all of `required` and none of `forbidden`. */
export function members(cell: Cell, required: number, forbidden = 0): number {
  let sum = 0;
  for (const [bits, count] of cell) {
    if ((bits & required) === required && (bits & forbidden) === 0) sum += count;
  }
  return sum;
}
