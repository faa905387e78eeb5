import type { ElementDefinition, StructureDefinition } from '@medplum/fhirtypes';
import { bundleFile } from '../definitions/bundle-file.ts';

/** One spelling of an element in JSON: `value[x]` has one for each of its types. */
export interface ElementProperty {
  readonly name: string;
  /** FHIR type, or for an element with children of its own its path (`Patient.contact`). */
  readonly type: string;
  readonly repeats: boolean;
  /** The code system that a plain `code` silently has: that of its required binding. */
  readonly system?: string;
}

type Elements = ReadonlyMap<string, readonly ElementProperty[]>;

const files = [bundleFile('profiles-types'), bundleFile('profiles-resources')];
const known = new Map<string, Elements>();

const BACKBONE = new Set(['BackboneElement', 'Element']);

const VALUE_SET = 'http://hl7.org/fhir/ValueSet/';

/** R4's value sets for codes hold the whole code system of the same name. */
function impliedSystem({ binding }: ElementDefinition): { readonly system?: string } {
  const url = binding?.valueSet?.split('|')[0];
  return binding?.strength === 'required' && url?.startsWith(VALUE_SET)
    ? { system: url.replace(VALUE_SET, 'http://hl7.org/fhir/') }
    : {};
}

function properties(
  element: ElementDefinition,
  path: string,
  parents: ReadonlySet<string>,
): ElementProperty[] {
  const name = path.slice(path.lastIndexOf('.') + 1);
  const repeats = element.max !== '1' && element.max !== '0';
  if (element.contentReference !== undefined) {
    return [
      { name, type: element.contentReference.slice(element.contentReference.indexOf('#') + 1), repeats },
    ];
  }
  const types = element.type ?? [];
  if (name.endsWith('[x]')) {
    const stem = name.slice(0, -3);
    return types.map(({ code = '' }) => ({
      name: stem + code.charAt(0).toUpperCase() + code.slice(1),
      type: code,
      repeats,
    }));
  }
  const code = types[0]?.code ?? 'Element';
  if (parents.has(path) && BACKBONE.has(code)) {
    return [{ name, type: path, repeats }];
  }
  // `id` and `value` of primitives have a FHIRPath system type.
  return [
    {
      name,
      type: code.startsWith('http://hl7.org/fhirpath/System.') ? 'string' : code,
      repeats,
      ...(code === 'code' ? impliedSystem(element) : {}),
    },
  ];
}

function load(type: string): Elements {
  const definition = files
    .map((file) => file.read(`StructureDefinition/${type}`))
    .find((found) => found !== undefined) as StructureDefinition | undefined;
  const elements = definition?.snapshot?.element ?? [];
  const parents = new Set(elements.map(({ path = '' }) => path.slice(0, path.lastIndexOf('.'))));
  const found = new Map<string, ElementProperty[]>();
  for (const element of elements) {
    const path = element.path ?? '';
    if (path.includes('.')) {
      found.set(path.replace('[x]', ''), properties(element, path, parents));
    }
  }
  return found;
}

/**
 * The JSON spellings of an element: `elementProperties('Observation', 'value')` gives `valueQuantity` of type
 * Quantity and so on; `elementProperties('Patient.contact', 'name')` gives `name` of type HumanName.
 * Empty when the type has no such element.
 */
export function elementProperties(type: string, name: string): readonly ElementProperty[] {
  const root = type.split('.')[0] as string;
  let elements = known.get(root);
  if (elements === undefined) {
    elements = load(root);
    known.set(root, elements);
  }
  return elements.get(`${type}.${name}`) ?? [];
}
