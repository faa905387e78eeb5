import type { Coding, ElementDefinition, Resource } from '@medplum/fhirtypes';
import { structureDefinition } from '../../fhir/definitions.ts';
import { carryTexts, parseJsonText } from '../../fhir/json.ts';
import { badRequest } from '../../fhir/outcome.ts';
import type { Summary } from '../../fhir/search/query.ts';

/** Which part of each resource is answered (R4 search.html#summary, #elements). */
export interface Subset {
  readonly summary?: Summary;
  readonly elements?: readonly string[];
}

const SUBSETTED: Coding = {
  system: 'http://terminology.hl7.org/CodeSystem/v3-ObservationValue',
  code: 'SUBSETTED',
  display: 'Resource encoded in summary mode',
};
const SUMMARIES: ReadonlySet<string> = new Set(['true', 'text', 'data', 'count', 'false']);
const ALWAYS: ReadonlySet<string> = new Set(['resourceType', 'id', 'meta']);

type Element = Pick<ElementDefinition, 'path' | 'min' | 'isSummary' | 'isModifier'>;

/** Whether a subset leaves resources as they are. */
function isWhole({ summary, elements }: Subset): boolean {
  return elements === undefined && (summary === undefined || summary === 'false' || summary === 'count');
}

/** @throws FhirError 400 when `_summary` is none of the five values. */
export function parseSubset(summary: string | undefined, elements: string | undefined): Subset {
  if (summary !== undefined && !SUMMARIES.has(summary)) {
    throw badRequest(`_summary is one of ${[...SUMMARIES].join(', ')}.`, 'http._summary');
  }
  return {
    ...(summary === undefined ? {} : { summary: summary as Summary }),
    ...(elements === undefined
      ? {}
      : {
          elements: elements
            .split(',')
            .map((name) => name.trim())
            .filter(Boolean),
        }),
  };
}

/** JSON text of the part of a resource, tagged SUBSETTED; the text itself when all of it is wanted. */
export function subsetText(content: string, subset: Subset): string {
  if (isWhole(subset)) return content;
  return JSON.stringify(subsetResource(parseJsonText(content) as Resource, subset));
}

function subsetResource(resource: Resource, { summary, elements }: Subset): Resource {
  const type = resource.resourceType;
  const defined = elementsOf(type);
  const keep = (element: Element): boolean => {
    if (elements !== undefined) return mandatory(element) || elements.includes(topName(element, type));
    if (summary === 'text') return mandatory(element) || element.path === `${type}.text`;
    if (summary === 'data') return element.path !== `${type}.text`;
    return element.isSummary === true;
  };
  const nested = elements === undefined && summary === 'true';
  const part = pick(resource as unknown as JsonObject, type, defined, keep, nested) as JsonObject & {
    meta?: Resource['meta'];
  };
  const tags = part.meta?.tag ?? [];
  part.meta = { ...part.meta, tag: [...tags.filter(({ code }) => code !== SUBSETTED.code), SUBSETTED] };
  return part as unknown as Resource;
}

type JsonObject = { [name: string]: unknown };

/** Only the elements that `keep` says, and within backbone elements too when `nested`. */
function pick(
  value: JsonObject,
  path: string,
  defined: ReadonlyMap<string, Element>,
  keep: (element: Element) => boolean,
  nested: boolean,
): JsonObject {
  const part: JsonObject = {};
  for (const [name, child] of Object.entries(value)) {
    const element = find(defined, path, name.startsWith('_') ? name.slice(1) : name);
    if (!ALWAYS.has(name) && (element === undefined || !keep(element))) continue;
    part[name] = nested && element !== undefined ? within(child, element.path, defined, keep) : child;
  }
  return carryTexts(value, part);
}

function within(
  child: unknown,
  path: string,
  defined: ReadonlyMap<string, Element>,
  keep: (element: Element) => boolean,
): unknown {
  // Data types have no paths of their own in a resource's snapshot: they are kept whole.
  if (typeof child !== 'object' || child === null || !hasChildren(defined, path)) return child;
  if (Array.isArray(child)) return child.map((item) => within(item, path, defined, keep));
  return pick(child as JsonObject, path, defined, keep, true);
}

function hasChildren(defined: ReadonlyMap<string, Element>, path: string): boolean {
  for (const key of defined.keys()) if (key.startsWith(`${path}.`) && !key.endsWith('.id')) return true;
  return false;
}

function find(defined: ReadonlyMap<string, Element>, path: string, name: string): Element | undefined {
  const exact = defined.get(`${path}.${name}`);
  if (exact !== undefined) return exact;
  // valueQuantity is defined as value[x].
  for (let end = name.length - 1; end > 0; end--) {
    if (!/[A-Z]/.test(name[end] as string)) continue;
    const choice = defined.get(`${path}.${name.slice(0, end)}[x]`);
    if (choice !== undefined) return choice;
  }
  return undefined;
}

function mandatory(element: Element): boolean {
  return (element.min ?? 0) > 0 || element.isModifier === true;
}

function topName(element: Element, type: string): string {
  return element.path.slice(type.length + 1).replace('[x]', '');
}

const cache = new Map<string, ReadonlyMap<string, Element>>();

function elementsOf(type: string): ReadonlyMap<string, Element> {
  let elements = cache.get(type);
  if (elements === undefined) {
    const snapshot = structureDefinition(type)?.snapshot?.element ?? [];
    elements = new Map(snapshot.map((element) => [element.path, element]));
    cache.set(type, elements);
  }
  return elements;
}
