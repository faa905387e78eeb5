import type { ElementDefinition, ElementDefinitionType, StructureDefinition } from '@medplum/fhirtypes';
import { structureDefinition } from '../definitions.ts';
import { compileInvariants } from './invariant.ts';
import { PRIMITIVES } from './primitives.ts';
import type { Binding, Field, TypeNode } from './type-node.ts';

const nodes = new Map<string, TypeNode | undefined>();

/** The compiled rules of a resource type or data type of R4; undefined when there is no such type. */
export function typeNode(type: string): TypeNode | undefined {
  if (!nodes.has(type)) {
    const definition = structureDefinition(type);
    const known = definition?.snapshot !== undefined && definition.derivation !== 'constraint';
    nodes.set(type, known ? compile(definition, definition.type) : undefined);
  }
  return nodes.get(type);
}

const resources = new Map<string, TypeNode>();

/** The node of a concrete resource type: not of `Patient.contact`, `Period`, `Resource` or what R4 does not know. */
export function resourceNode(type: string): TypeNode | undefined {
  const known = resources.get(type);
  if (known !== undefined || !/^[A-Z][A-Za-z]+$/.test(type)) {
    return known;
  }
  const definition = structureDefinition(type);
  const node = definition?.kind === 'resource' && !definition.abstract ? typeNode(type) : undefined;
  if (node !== undefined) {
    resources.set(type, node);
  }
  return node;
}

/** Some definitions constrain a type under their own name (SimpleQuantity); lineage follows base definitions. */
function lineageOf(definition: StructureDefinition): string[] {
  const base =
    definition.baseDefinition === undefined ? undefined : structureDefinition(definition.baseDefinition);
  return [definition.type, ...(base === undefined ? [] : lineageOf(base))];
}

function compile(definition: StructureDefinition, path: string): TypeNode {
  const elements = definition.snapshot?.element ?? [];
  const depth = path.split('.').length + 1;
  const children = elements.filter(
    (element) =>
      element.path.startsWith(`${path}.`) && element.path.split('.').length === depth && element.max !== '0',
  );
  const fields = new Map<string, Field>();
  const required: { name: string; keys: string[]; besides: string[] }[] = [];
  const choices: string[][] = [];
  for (const element of children) {
    const made = fieldsOf(definition, element, 1 << choices.length);
    for (const field of made) {
      fields.set(field.key, field);
    }
    const keys = made.map(({ key }) => key);
    if ((element.min ?? 0) > 0) {
      required.push({
        name: lastStep(element.path).replace('[x]', ''),
        keys,
        besides: keys.map((key) => `_${key}`),
      });
    }
    if (keys.length > 1) {
      choices.push(keys);
    }
  }
  const root = elements.find((element) => element.path === path);
  const whole = path === definition.type;
  return {
    name: path,
    resource: definition.kind === 'resource' && whole,
    lineage: whole ? lineageOf(definition) : [path, 'BackboneElement', 'Element'],
    fields,
    required,
    choices,
    rules: whole ? compileInvariants(root?.constraint, path) : [],
  };
}

function lastStep(path: string): string {
  return path.slice(path.lastIndexOf('.') + 1);
}

function fieldsOf(definition: StructureDefinition, element: ElementDefinition, choice: number): Field[] {
  const name = lastStep(element.path);
  if (element.contentReference !== undefined) {
    const path = element.contentReference.slice(element.contentReference.indexOf('#') + 1);
    return [field(definition, element, { code: 'BackboneElement' }, name, name, path)];
  }
  const types = element.type ?? [];
  if (!name.endsWith('[x]')) {
    return [field(definition, element, types[0] ?? { code: 'Element' }, name, name, element.path)];
  }
  const stem = name.slice(0, -3);
  return types.map((type) => {
    const code = type.code ?? '';
    const key = `${stem}${code.charAt(0).toUpperCase()}${code.slice(1)}`;
    const made = field(definition, element, type, key, `${stem}.ofType(${code})`, element.path);
    return types.length > 1 ? { ...made, choice } : made;
  });
}

function field(
  definition: StructureDefinition,
  element: ElementDefinition,
  typing: ElementDefinitionType,
  key: string,
  step: string,
  nodePath: string,
): Field {
  const system = typing.code?.startsWith('http://hl7.org/fhirpath/System.') === true;
  const attribute = element.representation?.includes('xmlAttr') === true;
  // The definitions type Resource.id, Element.id and Extension.url as FHIRPath strings.
  const type = !system ? (typing.code ?? 'Element') : key === 'url' ? 'uri' : attribute ? 'string' : 'id';
  const kind = kindOf(type, attribute);
  let node: TypeNode | undefined;
  return {
    key,
    besideKey: `_${key}`,
    step,
    path: element.path.replace('[x]', ''),
    type,
    array: element.max !== '1',
    choice: 0,
    kind,
    primitive: kind === 'primitive' || kind === 'plain' ? primitive(type) : undefined,
    binding: bindingOf(element, type),
    targets: targetsOf(typing),
    rules: compileInvariants(element.constraint, element.path.replace('[x]', '')),
    node() {
      if (node === undefined) {
        const inline = type === 'BackboneElement' || type === 'Element';
        node = inline ? compile(definition, nodePath) : typeNode(type);
        if (node === undefined) {
          throw new Error(`R4 has no definition of the type ${type}`);
        }
      }
      return node;
    },
  };
}

function kindOf(type: string, attribute: boolean): Field['kind'] {
  if (attribute) {
    return 'plain';
  }
  if (type === 'xhtml') {
    return 'xhtml';
  }
  if (type === 'Resource') {
    return 'resource';
  }
  return /^[a-z]/.test(type) ? 'primitive' : 'complex';
}

function primitive(type: string) {
  const check = PRIMITIVES[type];
  if (check === undefined) {
    throw new Error(`No check for the primitive type ${type}`);
  }
  return check;
}

const CODED: ReadonlySet<string> = new Set([
  'code',
  'Coding',
  'CodeableConcept',
  'Quantity',
  'uri',
  'string',
]);

function bindingOf(element: ElementDefinition, type: string): Binding | undefined {
  const { strength, valueSet } = element.binding ?? {};
  return (strength === 'required' || strength === 'extensible') && valueSet !== undefined && CODED.has(type)
    ? { valueSet, type, required: strength === 'required' }
    : undefined;
}

const ANY = 'http://hl7.org/fhir/StructureDefinition/Resource';

function targetsOf(typing: ElementDefinitionType): ReadonlySet<string> | undefined {
  const targets = typing.targetProfile ?? [];
  if (typing.code !== 'Reference' || targets.length === 0 || targets.includes(ANY)) {
    return undefined;
  }
  return new Set(targets.map((url) => url.slice(url.lastIndexOf('/') + 1)));
}
