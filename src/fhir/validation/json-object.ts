/** A JSON object, whatever it holds. */
export type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `name.exists()`: a primitive element may have nothing but what stands beside it (`_name`). */
export function has(value: Json, name: string): boolean {
  return value[name] !== undefined || value[`_${name}`] !== undefined;
}
