import type { Code, Env, Evaluate, Step } from './code.ts';
import { asItem, CONTEXT, EMPTY, HANDOVER, Item, type Items, shapeWithin } from './item.ts';
import { type Child, EXTENSION, type Property, type Shape } from './shape.ts';

// A global is dear to look up in a context of its own, as tests have it.
const { isArray } = Array;
const { getPrototypeOf, prototype: PLAIN } = Object;

/** Where a walk along a path arrives. */
interface Arrivals {
  count: number;
  /** The first one. */
  raw: unknown;
  extra: unknown;
  shape: Shape | undefined;
  /** Gathers all of them, when they are wanted. */
  items: unknown[] | undefined;
}

interface Stage {
  readonly step: Step;
  /** The last shape that was met here, and its child: nearly always the same one. */
  shape: Shape | undefined;
  child: Child | undefined;
}

type Object = Readonly<Record<string, unknown>>;

export type Walk = (self: Items, env: Env) => Arrivals;

/** Follows a path from each item, without making items of what lies between. The arrivals hold until the next walk. */
export function walker({ origin, steps }: NonNullable<Code['path']>, gather: boolean): Walk {
  const stages: Stage[] = steps.map((step) => ({ step, shape: undefined, child: undefined }));
  return (self, env) => {
    const from = origin === undefined ? self : origin.items(self, env);
    const arrivals: Arrivals = {
      count: 0,
      raw: undefined,
      extra: undefined,
      shape: undefined,
      items: gather && from.length > 0 ? [] : undefined,
    };
    for (let at = 0; at < from.length; at += 1) {
      const item = asItem(from[at]);
      follow(item.raw, item._data, item.shape, stages, 0, arrivals, item);
    }
    return arrivals;
  };
}

export function walked(path: NonNullable<Code['path']>): Evaluate {
  const walk = walker(path, true);
  return (self, env) => walk(self, env).items ?? EMPTY;
}

/**
 * For a path of one name: reads it off one item when it is a single text there, which it nearly always is. Undefined
 * for anything else, which takes a walk.
 */
export function textReader({
  origin,
  steps,
}: NonNullable<Code['path']>): (self: Items) => string | undefined {
  const [step, ...more] = steps;
  if (origin !== undefined || more.length > 0 || step?.kind !== 'child') return () => undefined;
  let shape: Shape | undefined;
  let simple = false;
  return (self) => {
    const item = self[0];
    if (self.length !== 1 || !(item instanceof Item)) return undefined;
    if (item.shape !== shape) {
      shape = item.shape;
      const { choice, ownName, ownType, properties } = shape.child(step.name);
      simple = !choice && !ownName && !ownType && properties[0]?.shape.temporal === undefined;
    }
    if (!simple || typeof item.raw !== 'object' || item.raw === null) return undefined;
    const value = (item.raw as Object)[step.name];
    return typeof value === 'string' ? value : undefined;
  };
}

/** @param member the item where the walk starts: it may be the result itself */
function follow(
  raw: unknown,
  extra: unknown,
  shape: Shape,
  stages: readonly Stage[],
  at: number,
  arrivals: Arrivals,
  member?: Item,
): void {
  const stage = stages[at];
  if (stage === undefined) {
    arrivals.count += 1;
    if (arrivals.items !== undefined) arrivals.items.push(member ?? new Item(raw, extra, shape));
    else if (arrivals.count === 1) {
      arrivals.raw = raw;
      arrivals.extra = extra;
      arrivals.shape = shape;
    }
    return;
  }
  const { step } = stage;
  if (step.kind === 'extension') {
    extensions(raw, extra, step.url, stages, at + 1, arrivals);
    return;
  }
  let { child } = stage;
  if (stage.shape !== shape || child === undefined) {
    child = shape.child(step.name);
    stage.shape = shape;
    stage.child = child;
  }
  if (child.ownName || (child.ownType && step.root > 0)) {
    if (child.ownName && (raw as Object | null)?.resourceType === step.name) {
      follow(raw, extra, shape, stages, at + 1, arrivals, member);
      return;
    }
    if (child.ownType && step.root === 1) {
      follow(raw, extra, shape, stages, at + 1, arrivals, member);
      return;
    }
    // In a parameter, it depends on whether `$this` is the root.
    if (child.ownType && step.root === 2) throw HANDOVER;
  }
  // Numbers are the engine's decimals there, which have properties of their own.
  const data = (typeof raw === 'number' ? CONTEXT.getDecimal(raw) : raw) as Object | null | undefined;
  let value: unknown;
  let valueExtra: unknown;
  let inner = shape;
  if (child.choice) {
    const property = chosen(child, data);
    value = data?.[property.name];
    valueExtra = data?.[property.extra];
    inner = property.shape;
  } else {
    const property = child.properties[0] as Child['properties'][number];
    value = data?.[property.name];
    valueExtra = data?.[property.extra];
    inner = property.shape;
    if (value === undefined && valueExtra === undefined && extra) value = (extra as Object)[step.name];
  }
  if (value === undefined && valueExtra === undefined) return;
  enter(value, valueExtra, inner, stages, at + 1, arrivals);
}

/** The property that holds a choice: the first that is there, the last when none is. */
function chosen({ properties, byName }: Child, data: Object | null | undefined): Property {
  const last = properties[properties.length - 1] as Property;
  if (data === null || data === undefined) return last;
  if (byName !== undefined && getPrototypeOf(data) === PLAIN) {
    // Fifty types may stand in an extension, and two members do.
    let found: Property | undefined;
    for (const name in data) {
      const property = byName.get(name);
      if (property === undefined || property === found || data[name] === undefined) continue;
      if (found !== undefined) return firstOf(properties, data);
      found = property;
    }
    return found ?? last;
  }
  return firstOf(properties, data);
}

function firstOf(properties: readonly Property[], data: Object): Property {
  return (
    properties.find(({ name, extra }) => data[name] !== undefined || data[extra] !== undefined) ??
    (properties[properties.length - 1] as Property)
  );
}

/** Goes on with the values of a property: one or an array, with what belongs to them in the other property. */
function enter(
  value: unknown,
  extra: unknown,
  shape: Shape,
  stages: readonly Stage[],
  at: number,
  arrivals: Arrivals,
): void {
  if (isArray(value)) {
    const extras = extra as readonly unknown[] | undefined | null;
    for (let index = 0; index < value.length; index += 1)
      arrive(value[index], extras?.[index], shape, stages, at, arrivals);
    if (!extras) return;
    for (let index = value.length; index < (extras.length || 0); index += 1)
      arrive(null, extras[index], shape, stages, at, arrivals);
    return;
  }
  if (value === undefined || value === null) {
    if (extra === undefined || extra === null) return;
    if (isArray(extra)) {
      for (const one of extra) arrive(null, one, shape, stages, at, arrivals);
      return;
    }
  }
  arrive(value, extra, shape, stages, at, arrivals);
}

function arrive(
  raw: unknown,
  extra: unknown,
  shape: Shape,
  stages: readonly Stage[],
  at: number,
  arrivals: Arrivals,
): void {
  if (typeof raw === 'function') throw HANDOVER;
  const own = typeof raw === 'object' ? shapeWithin(raw, shape) : shape;
  follow(raw, extra || null, own, stages, at, arrivals);
}

function extensions(
  raw: unknown,
  extra: unknown,
  url: string,
  stages: readonly Stage[],
  at: number,
  arrivals: Arrivals,
): void {
  const found = (raw as Object | null | undefined)?.extension || (extra as Object | null)?.extension;
  if (!found) return;
  if (!isArray(found)) throw HANDOVER;
  for (const extension of found as Object[]) {
    if (extension === null || extension === undefined) throw HANDOVER;
    if (extension.url === url)
      follow(extension, null, shapeWithin(extension, EXTENSION), stages, at, arrivals);
  }
}
