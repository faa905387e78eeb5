import { compileFhirPath } from '../../fhir/fhirpath.ts';

/** Items of FHIRPath results: made, and made plain. Inside a Measure they keep the engine's types (`typed`). */

// The engine's class is not exported; a literal is an instance of it.
const literal = compileFhirPath('@2026-01-01T00:00:00Z', { typed: true })({})[0] as object;
const DateTime = literal.constructor as new (context: unknown, text: string) => object;

/** A FHIRPath dateTime of an ISO text with time and offset. */
export function dateTime(text: string): unknown {
  return new DateTime(null, text);
}

interface Node {
  readonly data: unknown;
  readonly fhirNodeDataType: unknown;
}

/** An item as JSON has it: text for dates and times, numbers, booleans, objects of the data themselves. */
export function plain(item: unknown): unknown {
  if (typeof item !== 'object' || item === null) return item;
  if ('fhirNodeDataType' in item) return plain((item as Node).data);
  if ('toJSON' in item && typeof item.toJSON === 'function') return item.toJSON();
  return item;
}

/** The first item as text; undefined for an empty collection. */
export function textOf(items: readonly unknown[]): string | undefined {
  return items.length === 0 ? undefined : String(plain(items[0]));
}
