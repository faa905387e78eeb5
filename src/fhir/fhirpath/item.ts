import r4 from 'fhirpath/fhir-context/r4';
import types, { type TypeInfo } from 'fhirpath/src/types.js';
import { resourceShape, type Shape, shapeOf, UNTYPED } from './shape.ts';
import { temporalOf } from './temporal.ts';

const { ResourceNode } = types;

export type Items = readonly unknown[];

/** Shared, so never changed. */
export const EMPTY: Items = [];

/** Thrown where the engine itself has to evaluate: on an error that it words, on data that it reads in its own way. */
export class Handover extends Error {}
export const HANDOVER = new Handover('fhirpath.js evaluates this');

/** What the engine's functions find as `this`. */
export const CONTEXT = { getDecimal: types.FP_Decimal_Native.getDecimal, model: r4 };

/**
 * An element of the data with its type. The engine's functions take it for a node of their own (`instanceof`); made in
 * a fraction of the time, it does not know its parent.
 */
export class Item {
  /** The value as JSON has it; null when there are only extensions. */
  raw: unknown;
  /** What stands in the property with the underscore. */
  readonly _data: unknown;
  readonly shape: Shape;

  constructor(raw: unknown, extra: unknown, shape: Shape) {
    this.raw = raw;
    this._data = extra;
    this.shape = shape;
  }

  /** As the engine holds it: numbers as its decimals. */
  get data(): unknown {
    if (typeof this.raw === 'number') this.raw = CONTEXT.getDecimal(this.raw);
    return this.raw;
  }

  get path(): string | null {
    return this.shape.path;
  }

  get fhirNodeDataType(): string | null {
    return this.shape.type;
  }

  get ctx(): unknown {
    return CONTEXT;
  }

  get model(): unknown {
    return r4;
  }

  get parentResNode(): null {
    return null;
  }

  get propName(): null {
    return null;
  }

  get index(): null {
    return null;
  }

  getTypeInfo(): TypeInfo {
    return this.shape.typeInfo ?? types.TypeInfo.fromValue(this.data);
  }

  /** The value for operators: dates, times and quantities as the engine's own. */
  convertData(): unknown {
    const { raw, shape } = this;
    if (shape.temporal !== undefined && typeof raw === 'string')
      return temporalOf(shape.temporal, raw, CONTEXT) ?? raw;
    if (shape.quantity || shape.temporal !== undefined) return ResourceNode.prototype.convertData.call(this);
    return this.data;
  }
}
Object.setPrototypeOf(Item.prototype, ResourceNode.prototype);

/** The item of an element; resources bring their type themselves. */
export function itemOf(raw: unknown, extra: unknown, shape: Shape): Item {
  return new Item(
    raw,
    extra || null,
    typeof raw === 'object' ? shapeWithin(raw, shape) : checked(raw, shape),
  );
}

/** The shape of an object that stands where `shape` is expected: a resource is what it says. */
export function shapeWithin(raw: object | null, shape: Shape): Shape {
  if (raw === null) return shape;
  const { resourceType } = raw as { readonly resourceType?: unknown };
  if (!resourceType) return shape;
  if (typeof resourceType !== 'string') throw HANDOVER;
  return shape.path === resourceType && shape.type === resourceType ? shape : resourceShape(resourceType);
}

function checked(raw: unknown, shape: Shape): Shape {
  // A method of a string or of the engine's objects, asked for by its name.
  if (typeof raw === 'function') throw HANDOVER;
  return shape;
}

/** Any member of a collection as an item: the engine's nodes, objects and plain values have no place in a model. */
export function asItem(member: unknown): Item {
  if (member instanceof Item) return member;
  if (member instanceof ResourceNode) {
    const { data, _data, path, fhirNodeDataType } = member;
    return new Item(data, _data, shapeOf(path, fhirNodeDataType));
  }
  return itemOf(member, null, UNTYPED);
}

/** The value without its type. */
export function bareValue(member: unknown): unknown {
  return member instanceof ResourceNode ? member.data : member;
}

/** The value for operators. */
export function operandOf(member: unknown): unknown {
  return member instanceof ResourceNode ? member.convertData() : member;
}

/** As the engine takes what a caller hands it: resources as nodes, the rest as it is. */
export function received(member: unknown): unknown {
  if (typeof member !== 'object' || member === null || member instanceof Item) return member;
  return (member as { readonly resourceType?: unknown }).resourceType
    ? itemOf(member, null, UNTYPED)
    : member;
}
