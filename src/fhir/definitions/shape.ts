import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { structureDefinition } from '../definitions.ts';

/**
 * The bare shape of a type, as both formats need it: its properties by JSON name, in the order of the
 * specification, choice types spelled out (`valueString`, `valueQuantity`).
 */
export interface Shape {
  /** `Patient`, `HumanName`, or the path of a backbone element (`Patient.contact`). */
  readonly name: string;
  readonly properties: ReadonlyMap<string, Property>;
}

export interface Property {
  /** The JSON property, and the XML element or attribute. */
  readonly name: string;
  /** Place in the specification's order, from 0; the types of one choice share it. */
  readonly order: number;
  readonly array: boolean;
  /**
   * - `attribute`: a plain string that XML writes as attribute (Element.id, Extension.url)
   * - `primitive`: a value that may have an id and extensions beside it (`_name`)
   * - `xhtml`: the narrative's div
   * - `resource`: any resource (contained, Bundle.entry.resource)
   * - `complex`: an object of the shape below
   */
  readonly kind: 'attribute' | 'primitive' | 'xhtml' | 'resource' | 'complex';
  /** For primitives: how JSON writes them. */
  readonly json: 'string' | 'number' | 'boolean';
  /** For `complex`; made on demand, since types refer to themselves. */
  shape(): Shape;
}

const SYSTEM_TYPE = 'http://hl7.org/fhirpath/System.';
const NUMBERS: ReadonlySet<string> = new Set(['integer', 'decimal', 'positiveInt', 'unsignedInt']);

const shapes = new Map<string, Shape | undefined>();

/** The shape of a resource type or data type; undefined when R4 knows no such type. */
export function shapeOf(type: string): Shape | undefined {
  if (!shapes.has(type)) {
    const definition = structureDefinition(type);
    const known = definition?.snapshot !== undefined && definition.derivation !== 'constraint';
    shapes.set(type, known ? build(definition, type) : undefined);
  }
  return shapes.get(type);
}

function build(definition: StructureDefinition, path: string): Shape {
  const elements = definition.snapshot?.element ?? [];
  const depth = path.split('.').length + 1;
  const properties = new Map<string, Property>();
  let order = 0;
  for (const element of elements) {
    if (
      element.path.startsWith(`${path}.`) &&
      element.path.split('.').length === depth &&
      element.max !== '0'
    ) {
      for (const property of propertiesOf(definition, element, order)) {
        properties.set(property.name, property);
      }
      order += 1;
    }
  }
  return { name: path, properties };
}

function propertiesOf(
  definition: StructureDefinition,
  element: ElementDefinition,
  order: number,
): Property[] {
  const name = element.path.slice(element.path.lastIndexOf('.') + 1);
  const array = (element.base?.max ?? element.max) !== '1';
  if (element.contentReference !== undefined) {
    const path = element.contentReference.slice(element.contentReference.indexOf('#') + 1);
    return [{ name, order, array, kind: 'complex', json: 'string', shape: inner(definition, path) }];
  }
  const types = element.type ?? [];
  if (!name.endsWith('[x]')) {
    return [property(definition, element, types[0]?.code ?? 'Element', name, order, array)];
  }
  return types.map(({ code = 'Element' }) => {
    const spelled = `${name.slice(0, -3)}${code.charAt(0).toUpperCase()}${code.slice(1)}`;
    return property(definition, element, code, spelled, order, array);
  });
}

function property(
  definition: StructureDefinition,
  element: ElementDefinition,
  type: string,
  name: string,
  order: number,
  array: boolean,
): Property {
  const json = NUMBERS.has(type) ? 'number' : type === 'boolean' ? 'boolean' : 'string';
  const base = { name, order, array, json } as const;
  if (element.representation?.includes('xmlAttr') === true) {
    return { ...base, kind: 'attribute', shape: none };
  }
  if (type.startsWith(SYSTEM_TYPE)) {
    // Resource.id
    return { ...base, kind: 'primitive', shape: none };
  }
  if (type === 'xhtml') {
    return { ...base, kind: 'xhtml', shape: none };
  }
  if (type === 'Resource') {
    return { ...base, kind: 'resource', shape: none };
  }
  if (type === 'BackboneElement' || type === 'Element') {
    return { ...base, kind: 'complex', shape: inner(definition, element.path) };
  }
  if (/^[a-z]/.test(type)) {
    return { ...base, kind: 'primitive', shape: none };
  }
  return { ...base, kind: 'complex', shape: () => required(type) };
}

/** A backbone element, or the element that a content reference points to. */
function inner(definition: StructureDefinition, path: string): () => Shape {
  let shape: Shape | undefined;
  return () => {
    shape ??= build(definition, path);
    return shape;
  };
}

function required(type: string): Shape {
  const shape = shapeOf(type);
  if (shape === undefined) {
    throw new Error(`R4 has no definition of the type ${type}`);
  }
  return shape;
}

function none(): Shape {
  throw new Error('A value has no properties');
}
