import { carryTexts } from '../../fhir/json.ts';

/**
 * Links between the entries of a transaction (R4 http.html#trules): an entry is named by its fullUrl, and all
 * references to that name become references to the resource as it is stored.
 */

/** fullUrl → `Type/id`. */
export type LinkMap = ReadonlyMap<string, string>;

const LOCAL_NAME = /^urn:(uuid|oid):/;
const CONDITIONAL = /^([A-Z][A-Za-z]*)\?./;
/** Text that happens to look like a name: an identifier's value stays what it is. */
const NEVER_A_LINK: ReadonlySet<string> = new Set([
  'value',
  'valueString',
  'display',
  'id',
  'system',
  'code',
  'fullUrl',
]);

/**
 * A copy in which links are replaced; parts without links are shared with the original, which is not changed.
 * @param base of relative references: the part of the entry's fullUrl before `Type/id`, if it has one
 */
export function replaceLinks<T>(value: T, links: LinkMap, base: string | undefined): T {
  return links.size === 0 ? value : (replaceIn(value, '', links, base) as T);
}

function replaceIn(value: unknown, name: string, links: LinkMap, base: string | undefined): unknown {
  if (typeof value === 'string') return replaceText(value, name, links, base);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) {
    let copy: unknown[] | undefined;
    for (let index = 0; index < value.length; index++) {
      const replaced = replaceIn(value[index], name, links, base);
      if (replaced !== value[index]) {
        copy ??= [...value];
        copy[index] = replaced;
      }
    }
    return copy ?? value;
  }
  // A Bundle within has its own names for its own entries.
  if (name !== '' && (value as { resourceType?: unknown }).resourceType === 'Bundle') return value;
  let copy: Record<string, unknown> | undefined;
  for (const [key, child] of Object.entries(value)) {
    const replaced = replaceIn(child, key, links, base);
    if (replaced !== child) {
      copy ??= carryTexts(value, { ...value });
      copy[key] = replaced;
    }
  }
  return copy ?? value;
}

function replaceText(text: string, name: string, links: LinkMap, base: string | undefined): string {
  if (name === 'div') return replaceInNarrative(text, links);
  if (name === 'reference') {
    return links.get(text) ?? (base === undefined ? undefined : links.get(`${base}${text}`)) ?? text;
  }
  if (!LOCAL_NAME.test(text) || NEVER_A_LINK.has(name)) return text;
  return links.get(text) ?? text;
}

function replaceInNarrative(html: string, links: LinkMap): string {
  return html.replace(/\b(href|src)="([^"]+)"/g, (whole, attribute: string, url: string) => {
    const target = links.get(url);
    return target === undefined ? whole : `${attribute}="${target}"`;
  });
}

/** A reference that the transaction has to resolve, or cannot. */
export interface OpenReference {
  /** As written: `Patient?identifier=…` or `urn:uuid:…`. */
  readonly reference: string;
  /** Path below the resource, such as `subject.reference`. */
  readonly path: string;
}

/** Conditional references, and names of entries that were not replaced; not those within a Bundle in the resource. */
export function openReferences(resource: unknown): {
  conditional: OpenReference[];
  dangling: OpenReference[];
} {
  const found = { conditional: [] as OpenReference[], dangling: [] as OpenReference[] };
  const walk = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        walk(item, `${path}[${index}]`);
      });
      return;
    }
    if (path !== '' && (value as { resourceType?: unknown }).resourceType === 'Bundle') return;
    for (const [key, child] of Object.entries(value)) {
      const at = path === '' ? key : `${path}.${key}`;
      if (key !== 'reference' || typeof child !== 'string') walk(child, at);
      else if (CONDITIONAL.test(child)) found.conditional.push({ reference: child, path: at });
      else if (LOCAL_NAME.test(child)) found.dangling.push({ reference: child, path: at });
    }
  };
  walk(resource, '');
  return found;
}

/** The type that a conditional reference names. */
export function conditionalType(reference: string): string {
  return (CONDITIONAL.exec(reference) as RegExpExecArray)[1] as string;
}

/** `https://x.dk/fhir/` of `https://x.dk/fhir/Patient/1`; undefined for a name that is no address of a resource. */
export function referenceBase(fullUrl: string | undefined): string | undefined {
  return /^(https?:\/\/.+\/)[A-Z][A-Za-z]*\/[A-Za-z0-9\-.]{1,64}$/.exec(fullUrl ?? '')?.[1];
}
