import { codesOf } from '../codes-of.ts';
import { isObject } from '../json-object.ts';
import type { Run } from '../run.ts';
import { conforms } from './check-profile.ts';
import type { Item } from './item.ts';
import type { Discriminator, Expectation, Slice, Step } from './node.ts';
import { isEqual, matchesPattern } from './pattern.ts';

/** Whether an item shows all the marks of a slice. */
export function belongsTo(run: Run, slice: Slice, item: Item): boolean {
  return (
    slice.discriminators.length > 0 &&
    slice.discriminators.every((discriminator) => shows(run, discriminator, item))
  );
}

function shows(run: Run, discriminator: Discriminator, item: Item): boolean {
  const along = walk(item, discriminator.path);
  const last = along.at(-1) ?? [];
  switch (discriminator.type) {
    case 'value':
      return (
        discriminator.expected.length > 0 &&
        discriminator.expected.every((expectation) => met(run, expectation, along[expectation.depth] ?? []))
      );
    case 'exists':
      return last.length > 0 === discriminator.exists;
    case 'type':
      return typesAt(item, discriminator, along).some((type) => discriminator.types.has(type));
    case 'profile':
      return last.some(
        (found) =>
          typesOf(found, item, discriminator).some((type) => discriminator.types.has(type)) &&
          (discriminator.path.at(-1)?.kind === 'resolve' ||
            discriminator.profiles.length === 0 ||
            discriminator.profiles.some((url) => conforms(run, url, found))),
      );
  }
}

function met(run: Run, { fixed, pattern, binding }: Expectation, values: readonly unknown[]): boolean {
  if (fixed !== undefined) {
    return values.some((value) => isEqual(value, fixed));
  }
  if (pattern !== undefined) {
    return values.some((value) => matchesPattern(value, pattern));
  }
  const member = binding === undefined ? undefined : run.context.membership(binding.valueSet);
  return (
    member !== undefined &&
    values.some((value) => codesOf(value).some(([system, code]) => member(system, code) === true))
  );
}

/** The values at each step of a path, the item first. */
function walk(item: Item, path: readonly Step[]): (readonly unknown[])[] {
  const along: (readonly unknown[])[] = [[item.value ?? item.beside]];
  for (const [index, step] of path.entries()) {
    const here = along[index] ?? [];
    along.push(here.flatMap((value) => stepInto(value, step, item, index)));
  }
  return along;
}

function stepInto(value: unknown, step: Step, item: Item, index: number): unknown[] {
  if (step.kind === 'resolve' || step.kind === 'type') {
    return [value];
  }
  // Extensions of a primitive stand beside its value.
  const holder = isObject(value) ? value : index === 0 && isObject(item.beside) ? item.beside : undefined;
  if (holder === undefined) {
    return [];
  }
  if (step.kind === 'extension') {
    return list(holder.extension).filter((extension) => isObject(extension) && extension.url === step.url);
  }
  const key =
    holder[step.name] !== undefined
      ? step.name
      : Object.keys(holder).find((name) => isTyped(name, step.name));
  return key === undefined ? [] : list(holder[key]);
}

/** `valueQuantity` for `value`. */
function isTyped(key: string, stem: string): boolean {
  return key.length > stem.length && key.startsWith(stem) && /^[A-Z]/.test(key.slice(stem.length));
}

function list(value: unknown): unknown[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

const REFERENCE = /(?:^|\/)([A-Z][A-Za-z]+)\/[A-Za-z0-9\-.]{1,64}(?:\/_history\/.*)?$/;

/** The types at the end of a path: of a choice by the property's name, of a resource by its resourceType. */
function typesAt(item: Item, discriminator: Discriminator, along: readonly (readonly unknown[])[]): string[] {
  const { path } = discriminator;
  const last = path.at(-1);
  if (last?.kind !== 'child') {
    return (along.at(-1) ?? []).flatMap((found) => typesOf(found, item, discriminator));
  }
  const holders = along[path.length - 1] ?? [];
  return holders.flatMap((holder) => {
    if (!isObject(holder)) {
      return [];
    }
    const nested = list(holder[last.name]).flatMap((found) => typesOf(found, item, discriminator));
    const suffixes = Object.keys(holder)
      .filter((key) => isTyped(key, last.name))
      .map((key) => key.slice(last.name.length));
    // `valueString` is of type string, `valueQuantity` of type Quantity.
    return [
      ...nested,
      ...suffixes,
      ...suffixes.map((suffix) => suffix.charAt(0).toLowerCase() + suffix.slice(1)),
    ];
  });
}

/** The type of a value found: of a reference's target, of a resource, or of the item itself. */
function typesOf(found: unknown, item: Item, discriminator: Discriminator): string[] {
  if (discriminator.path.at(-1)?.kind === 'resolve') {
    const { reference, type } = isObject(found) ? found : {};
    const named = typeof reference === 'string' ? REFERENCE.exec(reference)?.[1] : undefined;
    const declared = typeof type === 'string' ? type : undefined;
    return [named ?? declared ?? ''];
  }
  if (discriminator.path.length === 0) {
    return [isObject(found) && typeof found.resourceType === 'string' ? found.resourceType : item.type];
  }
  return isObject(found) && typeof found.resourceType === 'string' ? [found.resourceType] : [];
}
