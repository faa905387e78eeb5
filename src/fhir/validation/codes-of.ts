import { isObject } from './json-object.ts';

/** The codes in a code, Coding or CodeableConcept: `[system, code]`; a plain code has no system. */
export function codesOf(value: unknown): (readonly [string | undefined, string])[] {
  if (typeof value === 'string') {
    return [[undefined, value]];
  }
  if (!isObject(value)) {
    return [];
  }
  const codings: unknown[] = Array.isArray(value.coding) ? value.coding : [value];
  return codings.flatMap((coding) =>
    isObject(coding) && typeof coding.code === 'string' && typeof coding.system === 'string'
      ? [[coding.system, coding.code] as const]
      : [],
  );
}
