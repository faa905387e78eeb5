import r4 from 'fhirpath/fhir-context/r4';
import types, { type TemporalClass, type TypeInfo } from 'fhirpath/src/types.js';

/** The parts of the engine's R4 model that give the type of an element. */
const MODEL = r4 as unknown as {
  readonly choiceTypePaths: { readonly [path: string]: readonly string[] | undefined };
  readonly pathsDefinedElsewhere: { readonly [path: string]: string | undefined };
  readonly path2Type: { readonly [path: string]: string | undefined };
  readonly path2TypeWithoutElements: { readonly [path: string]: string | undefined };
  readonly availableTypes: ReadonlySet<string>;
};

/** One JSON property that may hold a child element. */
export interface Property {
  readonly name: string;
  /** The property with the id and the extensions of a primitive value. */
  readonly extra: string;
  readonly shape: Shape;
}

/** How an element's child of some name is found in JSON. */
export interface Child {
  /** More than one for a choice (`value[x]`): the first that is there. */
  readonly properties: readonly Property[];
  readonly choice: boolean;
  /** The same by the names that may stand in JSON, set on choices of many types. */
  readonly byName?: ReadonlyMap<string, Property>;
  /** The name is the resource's own type (`Patient.name` on a Patient). */
  readonly ownName: boolean;
  /** The name is the element's type or a supertype of it. */
  readonly ownType: boolean;
}

/**
 * What the engine knows of an element by where it stands: its path in the model and its type. Elements of one kind
 * share one shape, so that names are looked up in the model once.
 */
export class Shape {
  readonly path: string | null;
  readonly type: string | null;
  /** Set when text in it is a date or a time. */
  readonly temporal: TemporalClass | undefined;
  readonly quantity: boolean;
  readonly typeInfo: TypeInfo | undefined;
  private readonly children = new Map<string, Child>();

  constructor(path: string | null, type: string | null) {
    this.path = path;
    this.type = type;
    this.temporal =
      path !== null && Object.hasOwn(types.TypeInfo.typeToClassWithCheckString, path)
        ? types.TypeInfo.typeToClassWithCheckString[path]
        : undefined;
    this.quantity = types.TypeInfo.isType(path, 'Quantity', r4);
    this.typeInfo = type === null ? undefined : typeInfoOf(type);
  }

  child(name: string): Child {
    let child = this.children.get(name);
    if (child === undefined) {
      child = this.find(name);
      // `children()` asks for whatever names the data have.
      if (this.children.size < MOST_CHILDREN) this.children.set(name, child);
    }
    return child;
  }

  private find(name: string): Child {
    const own = {
      ownName: name === this.path,
      ownType: this.typeInfo?.is(new types.TypeInfo({ name }), r4) ?? false,
    };
    if (this.path === null) {
      return { ...own, choice: false, properties: [property(name, UNTYPED)] };
    }
    const direct = `${this.path}.${name}`;
    const path = MODEL.pathsDefinedElsewhere[direct] ?? direct;
    const choices = MODEL.choiceTypePaths[path];
    if (choices !== undefined) {
      const properties = choices.map((type) => property(`${name}${type}`, elementShape(`${path}${type}`)));
      if (properties.length <= FEW_CHOICES) return { ...own, choice: true, properties };
      const byName = new Map(
        properties.flatMap((one) => [[one.name, one] as const, [one.extra, one] as const]),
      );
      return { ...own, choice: true, properties, byName };
    }
    const shape = elementShape(name === 'extension' ? 'Extension' : path);
    return { ...own, choice: false, properties: [property(name, shape)] };
  }
}

/** So many are tried one by one as fast. */
const FEW_CHOICES = 4;

const property = (name: string, shape: Shape): Property => ({ name, extra: `_${name}`, shape });

function typeInfoOf(type: string): TypeInfo {
  const [, system] = /^System\.(.*)$/.exec(type) ?? [];
  return new types.TypeInfo(
    system === undefined ? { namespace: 'FHIR', name: type } : { namespace: 'System', name: system },
  );
}

const shapes = new Map<string, Shape>();
const MOST_SHAPES = 20_000;
const MOST_CHILDREN = 500;

/** @param type the FHIR type of the element, when the model has it */
export function shapeOf(path: string | null, type: string | null): Shape {
  const key = `${path}|${type}`;
  let shape = shapes.get(key);
  if (shape === undefined) {
    shape = new Shape(path, type);
    // Text that clients choose (a made-up resource type) must not fill the memory.
    if (path === null || MODEL.availableTypes.has(path) || shapes.size < MOST_SHAPES) shapes.set(key, shape);
  }
  return shape;
}

function elementShape(path: string): Shape {
  return shapeOf(MODEL.path2TypeWithoutElements[path] ?? path, MODEL.path2Type[path] ?? null);
}

/** What stands outside the model. */
export const UNTYPED: Shape = shapeOf(null, null);
/** What `extension(url)` gives. */
export const EXTENSION: Shape = shapeOf('Extension', 'Extension');

const ofResources = new Map<string, Shape>();

export function resourceShape(resourceType: string): Shape {
  const known = ofResources.get(resourceType);
  if (known !== undefined) return known;
  const shape = shapeOf(resourceType, resourceType);
  if (MODEL.availableTypes.has(resourceType)) ofResources.set(resourceType, shape);
  return shape;
}

/** The shape of an element by its path, as the engine takes a base: `Patient.contact`, `Period`. */
export function baseShape(base: string): Shape {
  let path = base.replace(/\[\d*\]/g, '');
  const elsewhere = Object.entries(MODEL.pathsDefinedElsewhere) as [string, string][];
  for (;;) {
    const found = elsewhere.find(([defined]) => path.startsWith(defined));
    if (found === undefined) break;
    path = found[1] + path.slice(found[0].length);
  }
  const type = MODEL.availableTypes.has(path) ? path : MODEL.path2Type[path];
  const inline = type === 'BackboneElement' || type === 'Element';
  return shapeOf(inline ? path : (type ?? path), type ?? null);
}
