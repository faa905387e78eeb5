/** How a series lies around its centre line. */
export interface Runs {
  /** Points that are neither missing nor on the line; only these count. */
  readonly useful: number;
  readonly longestRun: number;
  readonly crossings: number;
  /** Indexes (of the whole series) of the useful points of the longest run; the first one when several tie. */
  readonly longest: readonly number[];
}

/** Runs and crossings of a series around a line; points on the line neither break nor lengthen a run. */
export function runsAround(values: readonly (number | undefined)[], line: number): Runs {
  let useful = 0;
  let crossings = 0;
  let side = 0;
  let run: number[] = [];
  let longest: number[] = [];
  values.forEach((value, index) => {
    const here = value === undefined ? 0 : Math.sign(value - line);
    if (here === 0) return;
    useful += 1;
    if (here !== side && side !== 0) crossings += 1;
    run = here === side ? [...run, index] : [index];
    side = here;
    if (run.length > longest.length) longest = run;
  });
  return { useful, longestRun: longest.length, crossings, longest };
}
