/** Collects the values of one statement; each gets its placeholder. */
export interface Binder {
  readonly values: readonly unknown[];
  /** `$1`, `$2` …; the same scalar is bound once. */
  bind(value: unknown): string;
  /** A PostgreSQL array of the type. */
  bindArray(values: readonly (string | number)[], type: 'text' | 'uuid' | 'bigint' | 'integer'): string;
  /** A table alias not used yet. */
  alias(): string;
}

export function createBinder(): Binder {
  const values: unknown[] = [];
  const seen = new Map<unknown, string>();
  let aliases = 0;
  const bind = (value: unknown): string => {
    const known = seen.get(value);
    if (known !== undefined) {
      return known;
    }
    const placeholder = `$${values.push(value)}`;
    seen.set(value, placeholder);
    return placeholder;
  };
  return {
    values,
    bind,
    bindArray: (items, type) => `${bind([...items])}::${type}[]`,
    alias: () => `x${++aliases}`,
  };
}
