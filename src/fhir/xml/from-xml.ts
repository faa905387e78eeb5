import type { Resource } from '@medplum/fhirtypes';
import { type Property, type Shape, shapeOf } from '../definitions/shape.ts';
import { setNumberText } from '../json.ts';
import { FhirError } from '../outcome.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './namespaces.ts';
import { readXml, type XmlElement, xmlError } from './reader.ts';

type Json = Record<string, unknown>;

const INTEGER = /^[+-]?\d{1,18}$/;
const DECIMAL = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * Reads a resource from FHIR XML (R4 xml.html). What XML cannot tell from JSON's point of view is taken from the
 * definitions: arrays, numbers, booleans. Elements may come in any order, since order has no meaning between
 * different elements. Decimals keep their precision.
 * @throws FhirError 400 with line, column and expression
 */
export function fromXml(text: string): Resource {
  return readResource(text, readXml(text), undefined) as unknown as Resource;
}

function readResource(text: string, element: XmlElement, path: string | undefined): Json {
  if (element.namespace !== FHIR_NAMESPACE) {
    throw xmlError(
      text,
      element.start,
      `The resource must be in the name-space ${FHIR_NAMESPACE}; write <${element.name} xmlns="${FHIR_NAMESPACE}">`,
    );
  }
  const shape = shapeOf(element.name);
  if (shape === undefined || !shape.properties.has('implicitRules')) {
    throw xmlError(text, element.start, `${element.name} is not a resource type of FHIR R4`);
  }
  return { resourceType: element.name, ...readObject(text, element, shape, path ?? element.name) };
}

function readObject(text: string, element: XmlElement, shape: Shape, path: string): Json {
  if (element.text.trim() !== '') {
    throw at(text, element, path, `<${element.name}> may hold elements only, no text`);
  }
  const object: Json = {};
  for (const { name, value } of element.attributes) {
    if (shape.properties.get(name)?.kind !== 'attribute') {
      throw at(text, element, path, `<${element.name}> has no attribute ${name}`);
    }
    object[name] = value;
  }
  const seen = new Map<Property, XmlElement[]>();
  for (const child of element.children) {
    const property = shape.properties.get(child.name);
    const right = property?.kind === 'xhtml' ? XHTML_NAMESPACE : FHIR_NAMESPACE;
    if (property === undefined || property.kind === 'attribute' || child.namespace !== right) {
      throw at(text, child, `${path}.${child.name}`, unknown(child, shape, right));
    }
    const before = seen.get(property);
    if (before === undefined) {
      seen.set(property, [child]);
    } else if (property.array) {
      before.push(child);
    } else {
      throw at(text, child, `${path}.${child.name}`, `<${child.name}> may occur only once here`);
    }
  }
  for (const [property, children] of seen) {
    readProperty(text, property, children, object, `${path}.${property.name}`);
  }
  return object;
}

function unknown(child: XmlElement, shape: Shape, namespace: string): string {
  return shape.properties.has(child.name)
    ? `<${child.name}> must be in the name-space ${namespace}`
    : `${shape.name} has no element ${child.name}; it has ${[...shape.properties.keys()].slice(0, 40).join(', ')}`;
}

function readProperty(
  text: string,
  property: Property,
  elements: readonly XmlElement[],
  object: Json,
  path: string,
): void {
  const place = (index: number) => (property.array ? `${path}[${index}]` : path);
  if (property.kind !== 'primitive') {
    const values = elements.map((element, index) => readValue(text, property, element, place(index)));
    object[property.name] = property.array ? values : values[0];
    return;
  }
  const values = elements.map((element, index) => readPrimitive(text, property, element, place(index)));
  if (values.some(({ value }) => value !== undefined)) {
    object[property.name] = property.array ? values.map(({ value }) => value ?? null) : values[0]?.value;
    if (property.json === 'number' && !property.array) {
      setNumberText(
        object,
        property.name,
        elements[0]?.attributes.find(({ name }) => name === 'value')?.value,
      );
    }
  }
  if (values.some(({ beside }) => beside !== undefined)) {
    object[`_${property.name}`] = property.array
      ? values.map(({ beside }) => beside ?? null)
      : values[0]?.beside;
  }
}

function readValue(text: string, property: Property, element: XmlElement, path: string): unknown {
  if (property.kind === 'xhtml') {
    return readNarrative(text, element, path);
  }
  if (property.kind === 'complex') {
    return readObject(text, element, property.shape(), path);
  }
  const [inner, second] = element.children;
  if (inner === undefined || second !== undefined || element.attributes.length > 0) {
    throw at(text, element, path, `<${element.name}> must hold exactly one resource`);
  }
  return readResource(text, inner, path);
}

/** The div as it stands in the document. */
function readNarrative(text: string, element: XmlElement, path: string): string {
  const raw = text.slice(element.start, element.end);
  if (element.prefixed || !/^<div[^>]*\sxmlns\s*=/.test(raw)) {
    throw at(
      text,
      element,
      path,
      `The narrative must declare its name-space itself: <div xmlns="${XHTML_NAMESPACE}">`,
    );
  }
  return raw;
}

function readPrimitive(
  text: string,
  property: Property,
  element: XmlElement,
  path: string,
): { value: unknown; beside: Json | undefined } {
  const value = element.attributes.find(({ name }) => name === 'value')?.value;
  const shape = shapeOf('Element') as Shape;
  const rest = { ...element, attributes: element.attributes.filter(({ name }) => name !== 'value') };
  const beside =
    rest.attributes.length + rest.children.length > 0 || rest.text !== ''
      ? readObject(text, rest, shape, path)
      : {};
  if (value === undefined && Object.keys(beside).length === 0) {
    throw at(text, element, path, `<${element.name}> needs a value attribute or an extension`);
  }
  return {
    value: value === undefined ? undefined : convert(text, property, element, value, path),
    beside: Object.keys(beside).length > 0 ? beside : undefined,
  };
}

function convert(
  text: string,
  property: Property,
  element: XmlElement,
  value: string,
  path: string,
): unknown {
  if (property.json === 'boolean') {
    if (value !== 'true' && value !== 'false') {
      throw at(text, element, path, 'The value must be true or false');
    }
    return value === 'true';
  }
  if (property.json === 'number') {
    if (!INTEGER.test(value) && !DECIMAL.test(value)) {
      throw at(text, element, path, 'The value must be a number');
    }
    return Number(value);
  }
  return value;
}

function at(text: string, element: XmlElement, path: string, fault: string): FhirError {
  const error = xmlError(text, element.start, fault);
  return new FhirError(
    error.status,
    error.outcome.issue.map((issue) => ({ ...issue, expression: [path] })),
  );
}
