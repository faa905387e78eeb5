import type { QuantityRow } from '../index-rows.ts';
import type { TypedValue } from '../path.ts';
import { canonicalRange, UCUM } from './ucum.ts';

interface Quantity {
  readonly value?: number;
  readonly comparator?: '<' | '<=' | '>=' | '>' | 'ad';
  readonly system?: string;
  readonly code?: string;
  readonly unit?: string;
}

type Values = Omit<QuantityRow, 'parameter'>;

/** `<5` may be anything below five. */
function bounds({ value = Number.NaN, comparator }: Quantity): readonly [number, number] {
  switch (comparator) {
    case '<':
    case '<=':
      return [Number.NEGATIVE_INFINITY, value];
    case '>':
    case '>=':
      return [value, Number.POSITIVE_INFINITY];
    default:
      return [value, value];
  }
}

function values(low: number, high: number, { system, code, unit }: Quantity): Values {
  const canonical = system === UCUM && code !== undefined ? canonicalRange(code, low, high) : undefined;
  return {
    low,
    high,
    ...(system === undefined ? {} : { system }),
    ...(code === undefined ? {} : { code }),
    ...(unit === undefined ? {} : { unit }),
    ...(canonical === undefined ? {} : { canonical }),
  };
}

/** Reads Quantity and its kin (Age, Duration), Range, SampledData's origin, Money, and plain numbers. */
export function readQuantity({ type, value }: TypedValue): Values | undefined {
  if (typeof value === 'number') {
    return { low: value, high: value };
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  if (type === 'Range') {
    const { low, high } = value as { readonly low?: Quantity; readonly high?: Quantity };
    const unit = low ?? high;
    if (unit === undefined) {
      return undefined;
    }
    return values(low?.value ?? Number.NEGATIVE_INFINITY, high?.value ?? Number.POSITIVE_INFINITY, unit);
  }
  if (type === 'SampledData') {
    return readQuantity({ type: 'Quantity', value: (value as { readonly origin?: Quantity }).origin });
  }
  const quantity = value as Quantity;
  if (typeof quantity.value !== 'number') {
    return undefined;
  }
  const [low, high] = bounds(quantity);
  return values(low, high, quantity);
}
