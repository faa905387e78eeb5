import type { Io } from './io.ts';

type Paint = (text: string) => string;

export interface Style {
  readonly bold: Paint;
  readonly dim: Paint;
  readonly good: Paint;
  readonly bad: Paint;
}

const paint =
  (on: number, off: number): Paint =>
  (text) =>
    `\u001b[${on}m${text}\u001b[${off}m`;
const plain: Paint = (text) => text;

/** Colour for a person at a terminal who has not switched it off (https://no-color.org); plain text for all others. */
export function styleFor(io: Io): Style {
  const colour = io.interactive && (io.environment.NO_COLOR ?? '') === '' && io.environment.TERM !== 'dumb';
  return colour
    ? { bold: paint(1, 22), dim: paint(2, 22), good: paint(32, 39), bad: paint(31, 39) }
    : { bold: plain, dim: plain, good: plain, bad: plain };
}
