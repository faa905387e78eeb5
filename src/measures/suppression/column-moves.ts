import { columnOf, ofColumn } from './grid.ts';
import { type Component, PARTS, type Part } from './table.ts';

/** +1 and −1 on columns of a row. */
export type ColumnMove = readonly (readonly [column: number, sign: 1 | -1])[];

/** Moves that raise a column and keep the sums of its row. */
export interface ColumnMoves {
  /** From one part to another of the same measure. */
  readonly within: readonly ColumnMove[];
  /**
   * From outside, into the shared denominator: every measure of the group must take the observation into one of its
   * parts, by one of its choices here.
   */
  readonly choices: readonly (readonly ColumnMove[])[];
}

export function columnMoves(measures: number, column: number): ColumnMoves {
  const { measure, component } = ofColumn(column);
  const own = component === 'denominator' ? PARTS : partsOf(component);
  return {
    within: component === 'denominator' ? [] : exchanges(measure, component),
    choices: Array.from({ length: measures }, (_, index) =>
      (index === measure ? own : PARTS).map((part) =>
        columnPath(index, part).map((each) => [each, 1] as const),
      ),
    ),
  };
}

function exchanges(measure: number, component: Exclude<Component, 'denominator'>): ColumnMove[] {
  const inside = partsOf(component);
  return inside.flatMap((to) =>
    PARTS.filter((from) => !inside.includes(from)).map((from) => {
      const rising = columnPath(measure, to);
      const falling = columnPath(measure, from);
      return [
        ...rising.filter((column) => !falling.includes(column)).map((column) => [column, 1] as const),
        ...falling.filter((column) => !rising.includes(column)).map((column) => [column, -1] as const),
      ];
    }),
  );
}

/** The parts of a row that a component adds up. */
function partsOf(component: Exclude<Component, 'denominator'>): readonly Part[] {
  return component === 'scored' ? ['met', 'notMet'] : [component];
}

function columnPath(measure: number, part: Part): number[] {
  const column = columnOf(measure, part);
  return part === 'met' || part === 'notMet' ? [column, columnOf(measure, 'scored')] : [column];
}
