import type { TypedValue } from '../path.ts';

const NAME_PARTS = ['text', 'family', 'given', 'prefix', 'suffix'] as const;
const ADDRESS_PARTS = ['text', 'line', 'city', 'district', 'state', 'postalCode', 'country'] as const;

function parts(value: object, names: readonly string[]): string[] {
  const fields = value as Readonly<Record<string, unknown>>;
  return names.flatMap((name) => fields[name]).filter((part): part is string => typeof part === 'string');
}

/** The texts that a string parameter looks at: any part of a HumanName or an Address (R4 search.html#string). */
export function readStrings({ type, value }: TypedValue): readonly string[] {
  if (typeof value === 'string') {
    return value === '' ? [] : [value];
  }
  if (typeof value !== 'object' || value === null) {
    return [];
  }
  if (type === 'HumanName') {
    return parts(value, NAME_PARTS);
  }
  if (type === 'Address') {
    return parts(value, ADDRESS_PARTS);
  }
  return parts(value, ['text', 'display']);
}
