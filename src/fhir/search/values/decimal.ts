/** A number as written in a search, with the range its digits imply: `5.4` is [5.35, 5.45), `100` is [99.5, 100.5). */
export interface ImpliedRange {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const DECIMAL = /^([+-]?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d{1,3}))?$/;

/** Fifteen significant digits: what a double holds exactly of a decimal. */
export function tidy(value: number): number {
  return Number(value.toPrecision(15));
}

/** Undefined when the text is not a decimal (R4 datatypes.html#decimal, exponents allowed). */
export function impliedRange(text: string): ImpliedRange | undefined {
  const match = DECIMAL.exec(text);
  if (match === null) {
    return undefined;
  }
  const [, sign, whole = '0', fraction = '', exponent = '0'] = match;
  const power = Number(exponent) - fraction.length;
  // Counted in halves of the last digit, so that both bounds are exact integers before they become decimals.
  const digits = BigInt(whole + fraction) * (sign === '-' ? -1n : 1n);
  const scaled = (halves: bigint) => Number(`${halves * 5n}e${power - 1}`);
  const value = Number(text);
  if (!Number.isFinite(value)) {
    return undefined;
  }
  return { value, low: scaled(digits * 2n - 1n), high: scaled(digits * 2n + 1n) };
}
