import { binomialQuantile } from './binomial-quantile.ts';
import { median } from './quantile.ts';
import { type Runs, runsAround } from './runs.ts';

/** Below this many useful points the rules say nothing (Anhøj: tabulated from 10; Danish practice asks for 12). */
const FEWEST_USEFUL_POINTS = 12;

/** A run chart with the two Anhøj rules (Anhøj & Olesen, PLoS ONE 9(11):e113825, 2014). */
export interface RunChart extends Runs {
  readonly median: number;
  /** Longest run that chance explains: round(log2 n) + 3 of the useful points n. */
  readonly longestRunLimit: number;
  /** Fewest crossings that chance explains: 5 % quantile of binomial(n − 1, ½). */
  readonly crossingsLimit: number;
  /** False when there are too few useful points to judge: no signal then, whatever the series looks like. */
  readonly judged: boolean;
  readonly signals: readonly ('long-run' | 'few-crossings')[];
}

/** round(log2 n + 3), which equals round(log2 n) + 3. */
export function longestRunLimit(useful: number): number {
  return Math.round(Math.log2(useful)) + 3;
}

export function crossingsLimit(useful: number): number {
  return binomialQuantile(0.05, useful - 1, 0.5);
}

/**
 * The run chart of a series in time order; undefined values are gaps. Undefined when there is no value at all.
 * @param options.line a line fixed beforehand (the median of a baseline period) instead of the series' own median
 * @param options.fewest useful points below which nothing is judged; 12 unless told
 */
export function runChart(
  values: readonly (number | undefined)[],
  options: { readonly line?: number; readonly fewest?: number } = {},
): RunChart | undefined {
  const line = options.line ?? median(values.filter((value) => value !== undefined));
  if (line === undefined) return undefined;
  const runs = runsAround(values, line);
  const judged = runs.useful >= (options.fewest ?? FEWEST_USEFUL_POINTS);
  const limits = {
    longestRunLimit: runs.useful === 0 ? 0 : longestRunLimit(runs.useful),
    crossingsLimit: runs.useful === 0 ? 0 : crossingsLimit(runs.useful),
  };
  const signals: ('long-run' | 'few-crossings')[] = [];
  if (judged && runs.longestRun > limits.longestRunLimit) signals.push('long-run');
  if (judged && runs.crossings < limits.crossingsLimit) signals.push('few-crossings');
  return { median: line, ...runs, ...limits, judged, signals };
}
