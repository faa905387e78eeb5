/**
 * What the mark of a hidden cell tells a reader before any arithmetic.
 * - `told`: `<5` lies in 1 … t − 1; `*` is at least t.
 * - `silent`: `*` that says nothing but that it is a count.
 */
export type Marking = 'told' | 'silent';

/** How far a cell's true value is from the least and the greatest that its mark allows. */
export interface Room {
  readonly down: number;
  readonly up: number;
}

const NONE: Room = { down: 0, up: 0 };

export function isSmall(value: number, threshold: number): boolean {
  return value > 0 && value < threshold;
}

export function roomOf(value: number, threshold: number, marking: Marking): Room {
  if (marking === 'silent') return { down: value, up: Number.POSITIVE_INFINITY };
  if (value === 0) return NONE;
  if (isSmall(value, threshold)) return { down: value - 1, up: threshold - 1 - value };
  return { down: value - threshold, up: Number.POSITIVE_INFINITY };
}

/**
 * How many steps apart the least and the greatest possible value of a hidden cell must at least be: 2 (three
 * possible values), or all that the mark `<t` leaves when that is less.
 */
export function neededWidth(threshold: number, marking: Marking): number {
  return marking === 'silent' ? 2 : Math.min(2, threshold - 2);
}
