/** An object of a resource, as it was parsed. */
export type JsonObject = Readonly<Record<string, unknown>>;

/** `name.exists()`: a primitive element may have nothing but what stands beside it (`_name`). */
export function has(value: JsonObject, name: string): boolean {
  return value[name] !== undefined || value[`_${name}`] !== undefined;
}
