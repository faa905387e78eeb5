import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { readXml, type XmlElement } from '../../src/fhir/xml/reader.ts';

/**
 * Checks documents against the part of XML Schema that MedCom's letters use: sequence, choice, group, ref, named
 * and inline types, extension and restriction, occurrence, patterns, lengths, enumerations, mixed content. An independent
 * reading of the published schemas for tests: anything it does not know is an error, not a pass.
 */
export function loadSchema(file: string): (document: XmlElement) => readonly string[] {
  const definitions = new Map<string, XmlElement>();
  const seen = new Set<string>();
  const load = (path: string): void => {
    if (seen.has(path.toLowerCase())) return;
    seen.add(path.toLowerCase());
    // Some of the schemas declare an encoding that they are in anyway for the characters that matter here.
    const root = readXml(
      readFileSync(path, 'latin1')
        .replace(/^\u00ef\u00bb\u00bf/, '')
        .replace(/<\?xml[^?]*\?>/, '')
        .trimStart(),
    );
    for (const each of root.children) {
      const location = attribute(each, 'schemaLocation');
      if (each.name === 'include' && location !== undefined) load(normalize(join(dirname(path), location)));
      const name = attribute(each, 'name');
      if (name !== undefined)
        definitions.set(`${each.name} ${name}`, definitions.get(`${each.name} ${name}`) ?? each);
    }
  };
  load(file);
  return (document) => {
    const faults: string[] = [];
    checkElement(
      document,
      definition(definitions, 'element', document.name),
      definitions,
      document.name,
      faults,
    );
    return faults;
  };
}

type Definitions = ReadonlyMap<string, XmlElement>;

function attribute(element: XmlElement, name: string): string | undefined {
  return element.attributes.find((each) => each.name === name)?.value;
}

function definition(definitions: Definitions, kind: string, name: string): XmlElement {
  const found = definitions.get(`${kind} ${name.replace(/^.*:/, '')}`);
  if (found === undefined) throw new Error(`The schema does not define ${kind} ${name}`);
  return found;
}

function checkElement(
  element: XmlElement,
  declared: XmlElement,
  all: Definitions,
  path: string,
  faults: string[],
): void {
  const ref = attribute(declared, 'ref');
  if (ref !== undefined) {
    checkElement(element, definition(all, 'element', ref), all, path, faults);
    return;
  }
  const type = attribute(declared, 'type');
  const inline = declared.children.find((each) => each.name === 'complexType' || each.name === 'simpleType');
  if (inline !== undefined) {
    checkType(element, inline, all, path, faults);
    return;
  }
  if (type === undefined) return;
  if (/^xs:|^xsd:/.test(type)) {
    checkBuiltIn(element, type, path, faults);
    return;
  }
  const complex = all.get(`complexType ${type.replace(/^.*:/, '')}`);
  checkType(element, complex ?? definition(all, 'simpleType', type), all, path, faults);
}

function checkBuiltIn(element: XmlElement, type: string, path: string, faults: string[]): void {
  if (type.endsWith(':date') && !/^\d{4}-\d{2}-\d{2}$/.test(element.text)) faults.push(`${path}: no date`);
}

function checkType(
  element: XmlElement,
  type: XmlElement,
  all: Definitions,
  path: string,
  faults: string[],
): void {
  if (type.name === 'simpleType') {
    checkSimple(element, type, all, path, faults);
    return;
  }
  const particles = particlesOf(type, all);
  const rest = [...element.children];
  for (const particle of particles) consume(particle, rest, all, path, faults);
  for (const left of rest) faults.push(`${path}: ${left.name} is not allowed here`);
  if (attribute(type, 'mixed') !== 'true' && element.text.trim() !== '')
    faults.push(`${path}: text is not allowed`);
}

/** The particles of a complex type; an extension's follow those of its base. */
function particlesOf(type: XmlElement, all: Definitions): readonly XmlElement[] {
  return type.children.flatMap((each): readonly XmlElement[] => {
    if (each.name === 'sequence' || each.name === 'choice' || each.name === 'group') return [each];
    if (each.name !== 'complexContent') return [];
    const derived = each.children[0]!;
    const own = particlesOf(derived, all);
    return derived.name === 'extension'
      ? [...particlesOf(definition(all, 'complexType', attribute(derived, 'base')!), all), ...own]
      : own;
  });
}

/** Takes from the front of `rest` what the particle allows; tells what it lacks. */
function consume(
  particle: XmlElement,
  rest: XmlElement[],
  all: Definitions,
  path: string,
  faults: string[],
): void {
  const min = Number(attribute(particle, 'minOccurs') ?? 1);
  const max =
    attribute(particle, 'maxOccurs') === 'unbounded'
      ? Infinity
      : Number(attribute(particle, 'maxOccurs') ?? 1);
  let count = 0;
  while (count < max && begins(particle, rest[0], all)) {
    count += 1;
    if (particle.name === 'element') {
      const next = rest.shift()!;
      checkElement(next, particle, all, `${path}/${next.name}`, faults);
    } else if (particle.name === 'choice') {
      consume(particle.children.find((each) => begins(each, rest[0], all))!, rest, all, path, faults);
    } else {
      for (const each of contentOf(particle, all)) consume(each, rest, all, path, faults);
    }
  }
  const isOptional =
    particle.name !== 'element' &&
    contentOf(particle, all).every((each) => attribute(each, 'minOccurs') === '0');
  if (count < min && !isOptional) {
    faults.push(
      `${path}: ${attribute(particle, 'name') ?? attribute(particle, 'ref') ?? particle.name} is missing`,
    );
  }
}

function contentOf(particle: XmlElement, all: Definitions): readonly XmlElement[] {
  const ref = attribute(particle, 'ref');
  const owner = particle.name === 'group' && ref !== undefined ? definition(all, 'group', ref) : particle;
  return owner.children.filter((each) => ['element', 'sequence', 'choice', 'group'].includes(each.name));
}

function begins(particle: XmlElement, element: XmlElement | undefined, all: Definitions): boolean {
  if (element === undefined) return false;
  if (particle.name === 'element') {
    return (attribute(particle, 'name') ?? attribute(particle, 'ref')?.replace(/^.*:/, '')) === element.name;
  }
  if (particle.name === 'choice') return contentOf(particle, all).some((each) => begins(each, element, all));
  for (const each of contentOf(particle, all)) {
    if (begins(each, element, all)) return true;
    if (attribute(each, 'minOccurs') !== '0') return false;
  }
  return false;
}

function checkSimple(
  element: XmlElement,
  type: XmlElement,
  all: Definitions,
  path: string,
  faults: string[],
): void {
  if (element.children.length > 0) faults.push(`${path}: only text is allowed`);
  const restriction = type.children.find((each) => each.name === 'restriction');
  if (restriction === undefined) return;
  const base = attribute(restriction, 'base') ?? 'xs:string';
  const parent = all.get(`simpleType ${base.replace(/^.*:/, '')}`);
  if (parent !== undefined) checkSimple(element, parent, all, path, faults);
  const facets = (name: string) =>
    restriction.children.filter((each) => each.name === name).map((each) => attribute(each, 'value')!);
  const text = element.text;
  const patterns = facets('pattern');
  if (patterns.length > 0 && !patterns.some((pattern) => new RegExp(`^(?:${pattern})$`).test(text))) {
    faults.push(`${path}: "${text}" does not match ${patterns.join(' | ')}`);
  }
  const values = facets('enumeration');
  if (values.length > 0 && !values.includes(text))
    faults.push(`${path}: "${text}" is none of ${values.join(', ')}`);
  for (const [facet, holds] of [
    ['minLength', (limit: number) => text.length >= limit],
    ['maxLength', (limit: number) => text.length <= limit],
    ['length', (limit: number) => text.length === limit],
  ] as const) {
    for (const limit of facets(facet))
      if (!holds(Number(limit))) faults.push(`${path}: ${facet} ${limit}, has ${text.length}`);
  }
}
