import type { Resource } from '@medplum/fhirtypes';
import { type Property, type Shape, shapeOf } from '../definitions/shape.ts';
import { numberText } from '../json.ts';
import { errorIssue, type FhirError, unprocessable } from '../outcome.ts';
import { FHIR_NAMESPACE, XHTML_NAMESPACE } from './namespaces.ts';
import { readXml } from './reader.ts';
import { escapeAttribute, XML_CHARACTERS } from './references.ts';

type Json = Record<string, unknown>;

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>';

/**
 * A resource as FHIR XML (R4 xml.html): elements in the order of the specification, ids and extensions of
 * primitives with their values, the narrative's div as it is.
 * @param options.pretty one element a line, indented by two spaces; the narrative stays as it is
 * @throws FhirError 422 when the resource has what XML cannot say: unknown elements, control characters, a div
 *   that is not XHTML. A valid resource has none of it.
 */
export function toXml(resource: Resource, options: { readonly pretty?: boolean } = {}): string {
  const lines = new Writer(options.pretty === true);
  lines.add(DECLARATION, 0);
  writeResource(lines, resource as unknown as Json, ` xmlns="${FHIR_NAMESPACE}"`, 0, resource.resourceType);
  return lines.text();
}

class Writer {
  private out = '';
  private readonly pretty: boolean;

  constructor(pretty: boolean) {
    this.pretty = pretty;
  }

  add(piece: string, depth: number): void {
    this.out += this.pretty && this.out !== '' ? `\n${'  '.repeat(depth)}${piece}` : piece;
  }

  text(): string {
    return this.out;
  }
}

function writeResource(writer: Writer, resource: Json, namespace: string, depth: number, path: string): void {
  const type = resource.resourceType;
  const shape = typeof type === 'string' ? shapeOf(type) : undefined;
  if (shape === undefined) {
    throw cannot(path, 'resourceType is not a type of FHIR R4');
  }
  writeObject(writer, shape, shape.name, resource, namespace, depth, path);
}

/** `extra` are attributes already written out. */
function writeObject(
  writer: Writer,
  shape: Shape,
  tag: string,
  object: Json,
  extra: string,
  depth: number,
  path: string,
): void {
  let attributes = extra;
  const children: Property[] = [];
  for (const key of Object.keys(object)) {
    const property = shape.properties.get(key.startsWith('_') ? key.slice(1) : key);
    if (property === undefined) {
      if (key !== 'resourceType') {
        throw cannot(`${path}.${key}`, `${shape.name} has no element ${key}`);
      }
    } else if (property.kind === 'attribute') {
      attributes += attribute(property.name, object[key], `${path}.${key}`);
    } else if (!children.includes(property)) {
      children.push(property);
    }
  }
  if (children.length === 0) {
    writer.add(`<${tag}${attributes}/>`, depth);
    return;
  }
  writer.add(`<${tag}${attributes}>`, depth);
  for (const property of children.sort((a, b) => a.order - b.order)) {
    writeProperty(writer, property, object, depth + 1, `${path}.${property.name}`);
  }
  writer.add(`</${tag}>`, depth);
}

function writeProperty(writer: Writer, property: Property, object: Json, depth: number, path: string): void {
  const given = object[property.name];
  const value = typeof given === 'number' ? numberText(object, property.name) : given;
  const beside = property.kind === 'primitive' ? object[`_${property.name}`] : undefined;
  if (!Array.isArray(value) && !Array.isArray(beside)) {
    writeItem(writer, property, value, beside, depth, path);
    return;
  }
  const values: unknown[] = Array.isArray(value) ? value : [];
  const besides: unknown[] = Array.isArray(beside) ? beside : [];
  for (let index = 0; index < Math.max(values.length, besides.length); index += 1) {
    writeItem(writer, property, values[index], besides[index], depth, `${path}[${index}]`);
  }
}

function writeItem(
  writer: Writer,
  property: Property,
  value: unknown,
  beside: unknown,
  depth: number,
  path: string,
): void {
  if (property.kind === 'xhtml') {
    writer.add(narrative(value, path), depth);
  } else if (property.kind === 'primitive') {
    const element = (beside ?? {}) as Json;
    const own = value === undefined || value === null ? '' : attribute('value', value, path);
    // The id comes before the value, as FHIR's own examples have it.
    const { id, ...rest } = element;
    const attributes = `${id === undefined ? '' : attribute('id', id, `${path}.id`)}${own}`;
    writeObject(writer, primitiveShape(), property.name, rest, attributes, depth, path);
  } else if (typeof value !== 'object' || value === null) {
    throw cannot(path, 'an object is expected');
  } else if (property.kind === 'resource') {
    writer.add(`<${property.name}>`, depth);
    writeResource(writer, value as Json, '', depth + 1, path);
    writer.add(`</${property.name}>`, depth);
  } else {
    writeObject(writer, property.shape(), property.name, value as Json, '', depth, path);
  }
}

function primitiveShape(): Shape {
  const shape = shapeOf('Element');
  if (shape === undefined) {
    throw new Error('R4 defines Element');
  }
  return shape;
}

function attribute(name: string, value: unknown, path: string): string {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') {
    throw cannot(path, 'a single value is expected');
  }
  const text = String(value);
  if (XML_CHARACTERS.test(text)) {
    throw cannot(path, 'the value holds a control character, which XML does not allow; remove it');
  }
  return ` ${name}="${escapeAttribute(text)}"`;
}

function narrative(value: unknown, path: string): string {
  if (typeof value !== 'string') {
    throw cannot(path, 'the narrative must be a text');
  }
  const root = readXml(value);
  if (root.name !== 'div' || root.namespace !== XHTML_NAMESPACE) {
    throw cannot(path, `the narrative must be one <div xmlns="${XHTML_NAMESPACE}">`);
  }
  return value.slice(root.start, root.end);
}

function cannot(path: string, why: string): FhirError {
  return unprocessable([errorIssue('structure', `Cannot be written as XML: ${why}`, path)]);
}
