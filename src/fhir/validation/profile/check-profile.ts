import { checkBinding } from '../check-binding.ts';
import { checkReference } from '../check-reference.ts';
import { checkRules } from '../invariant.ts';
import { isObject, type Json } from '../json-object.ts';
import { Run } from '../run.ts';
import { checkSlicing } from './check-slicing.ts';
import { type Item, itemsOf } from './item.ts';
import type { ProfileElement, ProfileNode } from './node.ts';
import { isEqual, matchesPattern } from './pattern.ts';

/** Holds an object of the profile's type to what the profile adds; the type's own rules are checked elsewhere. */
export function checkProfile(run: Run, profile: ProfileNode, value: Json): void {
  checkRules(run, profile.root.rules, value);
  checkChildren(run, profile.root, value);
}

/** Whether a value meets a profile, without a word about it; an unknown profile is met by a claim only. */
export function conforms(run: Run, url: string, value: unknown): boolean {
  if (!isObject(value)) {
    return false;
  }
  const profile = run.context.profile(url);
  const { meta } = value;
  const claims = isObject(meta) && Array.isArray(meta.profile) && meta.profile.includes(url);
  if (profile === undefined || claims) {
    return claims;
  }
  const trial = new Run(run.context, run.resource, run.outermost);
  trial.root = run.root;
  checkProfile(trial, profile, value);
  return trial.errors === 0;
}

function checkChildren(run: Run, element: ProfileElement, object: Json): void {
  for (const child of element.children) {
    if (run.full) {
      return;
    }
    const items = itemsOf(child, object);
    run.enter(child.name);
    checkCount(run, child, items.length);
    run.leave();
    for (const item of items) {
      enterItem(run, child, item);
      checkItem(run, child, item);
      leaveItem(run, item);
    }
    if (child.slicing !== undefined) {
      checkSlicing(run, child, child.slicing, items);
    }
  }
}

function checkCount(run: Run, element: ProfileElement, count: number): void {
  if (count < element.min) {
    run.error(
      'required',
      count === 0
        ? 'is missing; the profile requires it'
        : `occurs ${count} times; the profile requires at least ${element.min}`,
    );
  }
  if (count > element.max) {
    run.error(
      'structure',
      element.max === 0
        ? 'is not allowed by the profile'
        : `occurs ${count} times; the profile allows at most ${element.max}`,
    );
  }
}

export function enterItem(run: Run, element: ProfileElement, item: Item): void {
  run.enter(element.choice ? `${element.name}.ofType(${item.type})` : element.name);
  if (item.index !== undefined) {
    run.enter(item.index);
  }
}

export function leaveItem(run: Run, item: Item): void {
  run.leave();
  if (item.index !== undefined) {
    run.leave();
  }
}

/** All that a profile says about one value of an element, or of a slice. */
export function checkItem(run: Run, element: ProfileElement, item: Item): void {
  const { value } = item;
  if (element.types !== undefined && !element.types.has(item.type)) {
    run.error('structure', `must be of type ${[...element.types].join(' or ')} by the profile`);
    return;
  }
  if (value !== undefined) {
    checkContent(run, element, value);
    checkTypeProfiles(run, element, item, value);
    checkRules(run, element.rules, value);
  }
  // What a profile says about the extensions of a primitive is said of the object beside it.
  const object = isObject(value) ? value : isObject(item.beside) ? item.beside : {};
  if (element.children.length > 0) {
    checkChildren(run, element, object);
  }
}

function checkContent(run: Run, element: ProfileElement, value: unknown): void {
  if (element.fixed !== undefined && !isEqual(value, element.fixed)) {
    run.error('value', `must be exactly ${shown(element.fixed)} by the profile`);
  }
  if (element.pattern !== undefined && !matchesPattern(value, element.pattern)) {
    run.error('value', `must have ${shown(element.pattern)} by the profile`);
  }
  if (element.binding !== undefined) {
    checkBinding(run, element.binding, value);
  }
  if (element.targets !== undefined && isObject(value)) {
    checkReference(run, value, element.targets);
  }
  if (element.maxLength !== undefined && typeof value === 'string' && [...value].length > element.maxLength) {
    run.error('value', `must not be longer than ${element.maxLength} characters by the profile`);
  }
  if (element.minValue !== undefined && isLess(value, element.minValue)) {
    run.error('value', `must be at least ${element.minValue} by the profile`);
  }
  if (element.maxValue !== undefined && isLess(element.maxValue, value)) {
    run.error('value', `must be at most ${element.maxValue} by the profile`);
  }
}

function isLess(a: unknown, b: unknown): boolean {
  return (typeof a === 'number' && typeof b === 'number') || (typeof a === 'string' && typeof b === 'string')
    ? a < b
    : false;
}

function checkTypeProfiles(run: Run, element: ProfileElement, item: Item, value: unknown): void {
  const type = isObject(value) && typeof value.resourceType === 'string' ? value.resourceType : item.type;
  const urls = element.profiles.get(type);
  if (urls === undefined || !isObject(value)) {
    return;
  }
  const profiles = urls.map((url) => run.context.profile(url));
  const [only, second] = profiles;
  if (only !== undefined && second === undefined && profiles.length === 1) {
    checkProfile(run, only, value);
  } else if (
    profiles.every((profile) => profile !== undefined) &&
    !urls.some((url) => conforms(run, url, value))
  ) {
    run.error('value', `meets none of the profiles ${urls.join(', ')}`);
  }
}

function shown(value: unknown): string {
  return JSON.stringify(value).slice(0, 300);
}
