import ucum from '@lhncbc/ucum-lhc';
import { tidy } from './decimal.ts';

export const UCUM = 'http://unitsofmeasure.org';

/** How a unit leads to base units: `value × factor + offset`, in `unit` (`g.m-3`). */
interface Conversion {
  readonly unit: string;
  readonly convert: (value: number) => number;
}

interface BaseUnits {
  readonly status: string;
  readonly msg: readonly string[];
  readonly magnitude: number;
  readonly unitToExp: Readonly<Record<string, number>>;
  readonly fromUnitIsSpecial: boolean;
}

const conversions = new Map<string, Conversion | undefined>();
const LIMIT = 10_000;

function baseUnits(code: string, value: number): BaseUnits | undefined {
  const result = ucum.UcumLhcUtils.getInstance().convertToBaseUnits(code, value) as BaseUnits;
  // A message says that the text was guessed at (`pound` for `[lb_av]`): not a UCUM code then.
  return result.status === 'succeeded' && result.msg.length === 0 ? result : undefined;
}

function conversion(code: string): Conversion | undefined {
  const one = baseUnits(code, 1);
  if (one === undefined) {
    return undefined;
  }
  const unit = Object.entries(one.unitToExp)
    .map(([name, power]) => (power === 1 ? name : `${name}${power}`))
    .sort()
    .join('.');
  if (!one.fromUnitIsSpecial) {
    return { unit, convert: (value) => tidyCanonical(value * one.magnitude) };
  }
  // Temperatures have an offset, decibels a logarithm: each value on its own.
  return { unit, convert: (value) => tidyCanonical(baseUnits(code, value)?.magnitude ?? Number.NaN) };
}

/** Twelve digits: factors are doubles, and 5.4 mg must equal 0.0054 g. */
function tidyCanonical(value: number): number {
  return tidy(Number(value.toPrecision(12)));
}

/**
 * A value of a UCUM unit in base units, so that 1 g and 1000 mg are one: `{low: 1, high: 1, unit: 'g'}`.
 * Undefined for what is no UCUM code and for arbitrary units (`[iU]`), which convert to nothing.
 */
export function canonicalRange(
  code: string,
  low: number,
  high: number,
): { readonly low: number; readonly high: number; readonly unit: string } | undefined {
  if (!conversions.has(code)) {
    if (conversions.size > LIMIT) {
      conversions.clear();
    }
    conversions.set(code, conversion(code));
  }
  const found = conversions.get(code);
  if (found === undefined) {
    return undefined;
  }
  const convert = (bound: number) => (Number.isFinite(bound) ? found.convert(bound) : bound);
  const one = convert(low);
  const other = high === low ? one : convert(high);
  return Number.isNaN(one) || Number.isNaN(other) ? undefined : { low: one, high: other, unit: found.unit };
}
