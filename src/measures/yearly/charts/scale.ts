/** Maps values to picture units. */
export type Scale = (value: number) => number;

export function linear(domain: readonly [number, number], range: readonly [number, number]): Scale {
  const [from, to] = domain;
  const width = to === from ? 1 : to - from;
  return (value) => range[0] + ((value - from) / width) * (range[1] - range[0]);
}

/** Round steps (1, 2, 5 · 10ⁿ) that cover [low, high] in at most `most` intervals, ends included. */
export function ticks(low: number, high: number, most: number): number[] {
  const rough = (high - low || 1) / most;
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = magnitude * ([1, 2, 5, 10].find((factor) => factor * magnitude >= rough * (1 - 1e-9)) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.ceil(high / step - 1e-9);
  return Array.from({ length: last - first + 1 }, (_, index) =>
    Number(((first + index) * step).toPrecision(12)),
  );
}

/** Ticks of a share axis that shows all values with some air, within [0, 1]. */
export function shareTicks(values: readonly number[], least = 0.1): number[] {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const air = Math.max((high - low) * 0.12, (least - (high - low)) / 2, 0.01);
  return ticks(Math.max(0, low - air), Math.min(1, high + air), 5).filter((tick) => tick >= 0 && tick <= 1);
}

/** A coordinate with one decimal: smaller files, the same picture. */
export function at(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** An SVG path through points; undefined values leave a gap. */
export function pathOf(points: readonly (readonly [number, number] | undefined)[]): string {
  let pen = false;
  return points
    .flatMap((point) => {
      if (point === undefined) {
        pen = false;
        return [];
      }
      const command = pen ? 'L' : 'M';
      pen = true;
      return [`${command}${at(point[0])} ${at(point[1])}`];
    })
    .join('');
}
