/**
 * The rules of NHS England's "Making data count": a point outside the 3-sigma limits, a shift (7 or more in a row on
 * one side of the centre), a trend (7 or more in a row rising, or falling), and 2 of 3 in a row in the outer third
 * of the limits on the same side. Each marks every point that takes part in it.
 */
export type PointSignal = 'outside-limits' | 'shift' | 'trend' | 'two-of-three';

const RUN_OF_SHIFT = 7;
const RUN_OF_TREND = 7;

type Values = readonly (number | undefined)[];

/** The signals of each point; a gap has none and breaks runs. */
export function pointSignals(rates: Values, centre: number, sigmas: readonly number[]): PointSignal[][] {
  const signals = rates.map((): PointSignal[] => []);
  const mark = (from: number, to: number, signal: PointSignal) => {
    for (let index = from; index <= to; index += 1) signals[index]!.push(signal);
  };
  // Distance in standard deviations. With p̄ at 0 or 1 sigma is 0: a point on the line is at no distance.
  const distances = rates.map((rate, index) => {
    if (rate === undefined) return undefined;
    return rate === centre ? 0 : (rate - centre) / sigmas[index]!;
  });
  distances.forEach((distance, index) => {
    if (distance !== undefined && Math.abs(distance) > 3 + 1e-12) mark(index, index, 'outside-limits');
  });
  for (const [from, to] of stretches(distances, (distance) => Math.sign(distance))) {
    if (to - from + 1 >= RUN_OF_SHIFT) mark(from, to, 'shift');
  }
  const steps = rates.map((rate, index) => {
    const before = rates[index - 1];
    return rate === undefined || before === undefined ? undefined : rate - before;
  });
  for (const [from, to] of stretches(steps, (step) => Math.sign(step))) {
    if (to - from + 2 >= RUN_OF_TREND) mark(from - 1, to, 'trend');
  }
  markTwoOfThree(distances, signals);
  return signals;
}

/** Longest stretches of neighbouring values with the same sign other than 0, as [first, last]. */
function* stretches(values: Values, signOf: (value: number) => number): Generator<readonly [number, number]> {
  let from = 0;
  for (let index = 0; index <= values.length; index += 1) {
    const value = values[index];
    const sign = value === undefined ? 0 : signOf(value);
    const first = values[from];
    const running = first === undefined ? 0 : signOf(first);
    if (sign === running && sign !== 0) continue;
    if (running !== 0) yield [from, index - 1];
    from = index;
  }
}

function markTwoOfThree(distances: Values, signals: PointSignal[][]): void {
  for (let last = 2; last < distances.length; last += 1) {
    for (const side of [1, -1]) {
      const window = [last - 2, last - 1, last];
      if (window.some((index) => distances[index] === undefined)) continue;
      const near = window.filter((index) => distances[index]! * side > 2);
      if (near.length < 2) continue;
      for (const index of near) {
        if (!signals[index]!.includes('two-of-three')) signals[index]!.push('two-of-three');
      }
    }
  }
}
