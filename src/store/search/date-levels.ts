import type { DateLeaf } from '../../fhir/search/query.ts';
import { instant } from '../write/arrays.ts';
import type { Binder } from './binder.ts';

type DateTerm = Pick<DateLeaf, 'prefix' | 'low' | 'high'>;

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/**
 * The longest interval of each level, as migration 0270 has them: an instant written to the second, an
 * hour, a day with a change of clocks, a month, a year, ten years.
 */
const LONGEST = [1_000, HOUR, 25 * HOUR, 32 * DAY, 367 * DAY, 3_660 * DAY] as const;
/** Longer than all of those. */
const LONG = LONGEST.length;
const OPEN_START = LONG + 1;
const OPEN_END = LONG + 2;
/** Ends before it begins: nobody knows what that means, but it is compared as it stands. */
const BACKWARDS = LONG + 3;
/** So many levels there are, from 0. */
export const LEVELS = BACKWARDS + 1;

const START = instant(Number.NEGATIVE_INFINITY);
const END = instant(Number.POSITIVE_INFINITY);

/** Whole milliseconds that the ends of an interval must lie between, both included. */
interface Ends {
  readonly low: readonly [number, number];
  readonly high: readonly [number, number];
}

/** What must hold of the ends of an interval for it to meet the term; necessary, not sufficient. */
function endsOf({ prefix, low, high }: DateTerm): Ends {
  const [from, to] = [instant(low), instant(high)];
  const any = [START, END] as const;
  switch (prefix) {
    case 'eq':
      return { low: [from, END], high: [START, to] };
    case 'ne':
      return { low: any, high: any };
    case 'gt':
      return { low: any, high: [to + 1, END] };
    case 'lt':
      return { low: [START, from - 1], high: any };
    case 'ge':
      return { low: any, high: [from, END] };
    case 'le':
      return { low: [START, to], high: any };
    case 'sa':
      return { low: [to, END], high: any };
    case 'eb':
      return { low: any, high: [START, from] };
    case 'ap':
      return { low: [START, to - 1], high: [from + 1, END] };
  }
}

function both(one: readonly [number, number], other: readonly [number, number]): [number, number] {
  return [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
}

/** Where an interval of a level that meets the ends may begin; undefined when none can. */
function beginOf(level: number, { low, high }: Ends): readonly [number, number] | undefined {
  if (level === OPEN_START) {
    return low[0] > START ? undefined : [START, END];
  }
  if (level === BACKWARDS) {
    return [START, END];
  }
  if (level === OPEN_END || level === LONG) {
    return level === OPEN_END && high[1] < END ? undefined : low;
  }
  const shorter = level === 0 ? -1 : (LONGEST[level - 1] as number);
  // All intervals of the level are too long to fit between.
  if (high[1] - low[0] <= shorter) {
    return undefined;
  }
  return both(low, [high[0] - (LONGEST[level] as number), high[1]]);
}

/**
 * That an interval has a level, and begins where one of that level can that meets all terms: a narrow scan of the index
 * (parameter, level, low, high, seq) a level, however many intervals there are before and behind. '' when the terms
 * say nothing about the ends.
 */
export function levelCondition(x: string, terms: readonly DateTerm[], binder: Binder): string {
  const ends = terms
    .map(endsOf)
    .reduce((one, other) => ({ low: both(one.low, other.low), high: both(one.high, other.high) }));
  if (ends.low[0] === START && ends.low[1] === END && ends.high[0] === START && ends.high[1] === END) {
    return '';
  }
  // Levels with the same range are one scan.
  const ranges = new Map<string, { readonly levels: number[]; readonly range: readonly [number, number] }>();
  for (let level = 0; level <= BACKWARDS; level++) {
    const range = beginOf(level, ends);
    if (range !== undefined && range[0] <= range[1]) {
      const known = ranges.get(range.join());
      if (known === undefined) ranges.set(range.join(), { levels: [level], range });
      else known.levels.push(level);
    }
  }
  const scans = [...ranges.values()].map(({ levels, range: [first, last] }) => {
    const of = levels.length === 1 ? `= ${levels[0]}` : `IN (${levels.join(', ')})`;
    const bounds = [
      ...(first === START ? [] : [`${x}.low >= ${binder.bind(first)}::bigint`]),
      ...(last === END ? [] : [`${x}.low <= ${binder.bind(last)}::bigint`]),
    ];
    return [`${x}.level ${of}`, ...bounds].join(' AND ');
  });
  return scans.length === 0 ? 'false' : `(${scans.map((scan) => `(${scan})`).join(' OR ')})`;
}
