/** An attribute by its qualified name. */
export interface XmlAttribute {
  readonly name: string;
  readonly value: string;
}

export const FHIR_NAMESPACE = 'http://hl7.org/fhir';
export const XHTML_NAMESPACE = 'http://www.w3.org/1999/xhtml';
const SCHEMA_INSTANCE = 'http://www.w3.org/2001/XMLSchema-instance';

/** Prefix (empty for the default) to name-space. */
export type Namespaces = Readonly<Record<string, string>>;

export const ROOT_NAMESPACES: Namespaces = { '': '', xml: 'http://www.w3.org/XML/1998/namespace' };

type Fault = (what: string) => Error;

/** The name-spaces in force in an element, and its attributes without declarations and schema hints. */
export function resolveAttributes(
  raw: readonly XmlAttribute[],
  outer: Namespaces,
  fault: Fault,
): { namespaces: Namespaces; attributes: readonly XmlAttribute[] } {
  if (!raw.some(({ name }) => name.includes(':') || name === 'xmlns')) {
    return { namespaces: outer, attributes: raw };
  }
  const namespaces: Record<string, string> = { ...outer };
  for (const { name, value } of raw) {
    if (name === 'xmlns') {
      namespaces[''] = value;
    } else if (name.startsWith('xmlns:')) {
      namespaces[name.slice('xmlns:'.length)] = value;
    }
  }
  const attributes = raw.filter(({ name }) => {
    const prefix = name.includes(':') ? name.slice(0, name.indexOf(':')) : undefined;
    if (name === 'xmlns' || prefix === 'xmlns') {
      return false;
    }
    if (prefix !== undefined && !Object.hasOwn(namespaces, prefix)) {
      throw fault(`The prefix ${prefix} is not declared`);
    }
    return prefix === undefined || namespaces[prefix] !== SCHEMA_INSTANCE;
  });
  return { namespaces, attributes };
}

/** Splits a qualified name of an element. */
export function resolveElement(
  tag: string,
  namespaces: Namespaces,
  fault: Fault,
): { name: string; namespace: string } {
  const colon = tag.indexOf(':');
  const prefix = colon < 0 ? '' : tag.slice(0, colon);
  if (!Object.hasOwn(namespaces, prefix)) {
    throw fault(`The prefix ${prefix} is not declared`);
  }
  return { name: tag.slice(colon + 1), namespace: namespaces[prefix] ?? '' };
}
