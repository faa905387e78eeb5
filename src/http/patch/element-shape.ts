import type { ElementDefinition } from '@medplum/fhirtypes';
import { structureDefinition } from '../../fhir/definitions.ts';

/** What R4 defines for a member of a resource, backbone element or data type. */
export interface Shape {
  /** The member may repeat: it is a list in JSON. */
  readonly list: boolean;
  /** `value[x]`: in JSON its name ends with its type. */
  readonly choice: boolean;
  /** Where the members of this member are defined: `Patient.contact`, `HumanName`; for a choice by its suffix. */
  readonly definedAt: (suffix: string) => string;
}

const STRUCTURAL: ReadonlySet<string> = new Set(['BackboneElement', 'Element']);

/** The member `name` of what is defined at `path`; undefined when R4 knows none. */
export function shapeOf(path: string, name: string): Shape | undefined {
  const elements = elementsOf(path.split('.')[0] as string);
  const plain = elements.get(`${path}.${name}`);
  const choice = plain === undefined ? elements.get(`${path}.${name}[x]`) : undefined;
  const element = plain ?? choice;
  if (element === undefined) return undefined;
  return {
    list: element.max !== '1' && element.max !== '0',
    choice: choice !== undefined,
    definedAt: (suffix) => definedAt(element, suffix),
  };
}

/** Splits `valueQuantity` of what is defined at `path` into `value` and `Quantity`. */
export function splitChoice(path: string, key: string): { readonly name: string; readonly suffix: string } {
  for (let end = key.length - 1; end > 0; end--) {
    if (/[A-Z]/.test(key[end] as string) && shapeOf(path, key.slice(0, end))?.choice === true) {
      return { name: key.slice(0, end), suffix: key.slice(end) };
    }
  }
  return { name: key, suffix: '' };
}

function definedAt({ path, type = [], contentReference }: ElementDefinition, suffix: string): string {
  if (contentReference !== undefined) return contentReference.replace(/^.*#/, '');
  if (suffix !== '') {
    return type.find(({ code }) => code?.toLowerCase() === suffix.toLowerCase())?.code ?? suffix;
  }
  const code = type[0]?.code ?? '';
  return STRUCTURAL.has(code) ? (path as string) : code;
}

const cache = new Map<string, ReadonlyMap<string, ElementDefinition>>();

function elementsOf(type: string): ReadonlyMap<string, ElementDefinition> {
  let elements = cache.get(type);
  if (elements === undefined) {
    const snapshot = structureDefinition(type)?.snapshot?.element ?? [];
    elements = new Map(snapshot.map((element) => [element.path as string, element]));
    cache.set(type, elements);
  }
  return elements;
}
