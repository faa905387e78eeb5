import type { ColumnMove } from './column-moves.ts';
import type { Room } from './room.ts';

/** What it costs to let all cells of one column move along, and how far they can. */
export interface Summary extends Room {
  readonly cost: number;
}

const INFINITE = Number.POSITIVE_INFINITY;

/** No room, or dearer than what is known already. */
export const IMPOSSIBLE: Summary = { up: 0, down: 0, cost: INFINITE };

/** All columns of a move together. {@link IMPOSSIBLE} when there is not as much room as needed. */
export function summaryOf(
  columns: ColumnMove,
  summary: (column: number) => Summary,
  needed: number,
): Summary {
  let up = INFINITE;
  let down = INFINITE;
  let cost = 0;
  for (const [column, sign] of columns) {
    const part = summary(column);
    const above = sign > 0 ? part.up : part.down;
    const below = sign > 0 ? part.down : part.up;
    if (above < up) up = above;
    if (below < down) down = below;
    if (part === IMPOSSIBLE || up + down < needed) return IMPOSSIBLE;
    cost += part.cost;
  }
  return { up, down, cost };
}

interface Option extends Summary {
  readonly columns: ColumnMove;
}

/**
 * The cheapest way into the shared denominator (column 0) and, of each measure, into one of its choices. There are as
 * many ways as the product of the choices; since measures share nothing but the room, a way is given up as soon as it
 * cannot become cheaper than the limit.
 */
export function cheapestColumns(
  choices: readonly (readonly ColumnMove[])[],
  summary: (column: number) => Summary,
  needed: number,
  limit: number,
): { readonly columns: ColumnMove; readonly cost: number } | undefined {
  const shared = summary(0);
  if (shared === IMPOSSIBLE || shared.up + shared.down < needed) return undefined;
  const options: Option[][] = [];
  let sum = shared.cost;
  const cheapest: number[] = [];
  for (const choice of choices) {
    const own = choice.flatMap((columns): Option[] => {
      const found = summaryOf(columns, summary, needed);
      return found === IMPOSSIBLE ? [] : [{ ...found, columns }];
    });
    const least = Math.min(...own.map(({ cost }) => cost));
    sum += least;
    // No choice at all costs infinitely much.
    if (sum >= limit) return undefined;
    options.push(own);
    cheapest.push(least);
  }
  const rest = cheapest.map((_, at) => cheapest.slice(at + 1).reduce((total, cost) => total + cost, 0));
  let best: { readonly columns: ColumnMove; readonly cost: number } | undefined;
  const chosen: ColumnMove[] = [];
  const choose = (at: number, up: number, down: number, cost: number): void => {
    if (at === options.length) {
      best = { columns: [[0, 1], ...chosen.flat()], cost };
      return;
    }
    for (const option of options[at]!) {
      const total = cost + option.cost;
      if (total + rest[at]! >= (best?.cost ?? limit)) continue;
      const room = { up: Math.min(up, option.up), down: Math.min(down, option.down) };
      if (room.up + room.down < needed) continue;
      chosen[at] = option.columns;
      choose(at + 1, room.up, room.down, total);
    }
  };
  choose(0, shared.up, shared.down, shared.cost);
  return best;
}
