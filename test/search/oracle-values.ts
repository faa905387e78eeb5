/** Slow, plain readings of values, written apart from src/fhir/search: what the differential test compares with. */

export interface Span {
  readonly low: number;
  readonly high: number;
}

const lastSunday = (year: number, month: number): number => {
  const end = new Date(Date.UTC(year, month, 0));
  return end.getUTCDate() - end.getUTCDay();
};

/** Minutes that Copenhagen is ahead of UTC at a local midnight: summer from the last Sunday of March to that of October. */
function ahead(year: number, month: number, day: number): number {
  const after = (m: number, from: number) => month > m || (month === m && day > from);
  return after(3, lastSunday(year, 3)) && !after(10, lastSunday(year, 10)) ? 120 : 60;
}

const midnight = (year: number, month: number, day: number) =>
  Date.UTC(year, month - 1, day) - ahead(year, month, day) * 60_000;

/** `YYYY[-MM[-DD]]` in Copenhagen (years since the rule holds), or `YYYY-MM-DDThh:mm:ssZ`. */
export function span(text: string): Span {
  if (text.includes('T')) {
    const low = Date.parse(text);
    return { low, high: low + 1_000 };
  }
  const [year = 0, month, day] = text.split('-').map(Number);
  if (month === undefined) {
    return { low: midnight(year, 1, 1), high: midnight(year + 1, 1, 1) };
  }
  if (day === undefined) {
    const next = month === 12 ? ([year + 1, 1] as const) : ([year, month + 1] as const);
    return { low: midnight(year, month, 1), high: midnight(next[0], next[1], 1) };
  }
  const next = new Date(Date.UTC(year, month - 1, day + 1));
  return {
    low: midnight(year, month, day),
    high: midnight(next.getUTCFullYear(), next.getUTCMonth() + 1, next.getUTCDate()),
  };
}

/** The sentences of R4 search.html#prefix, one by one. */
export function compareSpans(prefix: string, value: Span, search: Span): boolean {
  const contained = search.low <= value.low && value.high <= search.high;
  const reachesAbove = value.high > search.high;
  const reachesBelow = value.low < search.low;
  switch (prefix) {
    case 'ne':
      return !contained;
    case 'gt':
      return reachesAbove;
    case 'lt':
      return reachesBelow;
    case 'ge':
      return reachesAbove || contained;
    case 'le':
      return reachesBelow || contained;
    case 'sa':
      return value.low >= search.high;
    case 'eb':
      return value.high <= search.low;
    case 'ap': {
      const slack = Math.abs(Date.now() - search.low) / 10;
      return value.low < search.high + slack && value.high > search.low - slack;
    }
    default:
      return contained;
  }
}

/** A point against a number with one decimal: `5.4` stands for 5.35 up to 5.45; gt and its kin compare with 5.4 itself. */
export function compareNumbers(prefix: string, value: number, search: number): boolean {
  const hundredths = Math.round(value * 100);
  const middle = Math.round(search * 100);
  const same = middle - 5 <= hundredths && hundredths < middle + 5;
  switch (prefix) {
    case 'ne':
      return !same;
    case 'gt':
    case 'sa':
      return hundredths > middle;
    case 'lt':
    case 'eb':
      return hundredths < middle;
    case 'ge':
      return hundredths >= middle;
    case 'le':
      return hundredths <= middle;
    case 'ap':
      return 10 * Math.abs(hundredths - middle) <= Math.abs(middle);
    default:
      return same;
  }
}

const LETTERS: Readonly<Record<string, string>> = { å: 'a', é: 'e', ü: 'u' };

/** One URI is the other, or a part of its path further up. */
export const isAbove = (one: string, other: string) => other === one || other.startsWith(`${one}/`);

export const plain = (text: string) =>
  [...text.toLowerCase()].map((letter) => LETTERS[letter] ?? letter).join('');
