/** Whether two JSON values are the same (fixed[x]): order in arrays counts, order of properties does not. */
export function isEqual(a: unknown, b: unknown): boolean {
  if (a === b) {
    return true;
  }
  if (
    typeof a !== 'object' ||
    typeof b !== 'object' ||
    a === null ||
    b === null ||
    Array.isArray(a) !== Array.isArray(b)
  ) {
    return false;
  }
  const keys = Object.keys(a);
  const other = b as Record<string, unknown>;
  return (
    keys.length === Object.keys(b).length &&
    keys.every((key) => Object.hasOwn(b, key) && isEqual((a as Record<string, unknown>)[key], other[key]))
  );
}

/**
 * Whether a value has all that a pattern has (pattern[x], R4 elementdefinition.html#ElementDefinition.pattern_x_):
 * it may have more; each item of a pattern's array must be met by some item of the value's.
 */
export function matchesPattern(value: unknown, pattern: unknown): boolean {
  if (Array.isArray(pattern)) {
    return Array.isArray(value) && pattern.every((part) => value.some((item) => matchesPattern(item, part)));
  }
  if (typeof pattern === 'object' && pattern !== null) {
    return (
      typeof value === 'object' &&
      value !== null &&
      Object.entries(pattern).every(([key, part]) =>
        matchesPattern((value as Record<string, unknown>)[key], part),
      )
    );
  }
  return value === pattern;
}
