import type { Json } from '../json-object.ts';
import type { ProfileElement } from './node.ts';

/** One value of an element, as JSON has it. */
export interface Item {
  readonly type: string;
  /** undefined when a primitive has only extensions. */
  readonly value: unknown;
  /** id and extensions of a primitive. */
  readonly beside: unknown;
  /** undefined when the element does not repeat. */
  readonly index: number | undefined;
}

/** The values of a profile's element in an object. */
export function itemsOf(element: ProfileElement, object: Json): readonly Item[] {
  for (const { key, besideKey, type } of element.keys) {
    const value = object[key];
    const beside = object[besideKey];
    if (value !== undefined || beside !== undefined) {
      return listed(type, value, beside);
    }
  }
  return NONE;
}

const NONE: readonly Item[] = [];

function listed(type: string, value: unknown, beside: unknown): Item[] {
  if (!Array.isArray(value) && !Array.isArray(beside)) {
    return [{ type, value, beside, index: undefined }];
  }
  const values: unknown[] = Array.isArray(value) ? value : [];
  const besides: unknown[] = Array.isArray(beside) ? beside : [];
  const items: Item[] = [];
  for (let index = 0; index < values.length || index < besides.length; index += 1) {
    items.push({ type, value: values[index] ?? undefined, beside: besides[index] ?? undefined, index });
  }
  return items;
}
