import type { XmlElement } from '../../fhir/xml/reader.ts';
import { missingElement } from './letter-error.ts';

/** Letters are read by local name: their name-spaces change with every package (danish-domain C.2). */
export function child(element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined {
  let current = element;
  for (const name of path) current = current?.children.find((each) => each.name === name);
  return current;
}

export function childrenNamed(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element?.children.filter((each) => each.name === name) ?? [];
}

/** The trimmed text at a path; undefined when absent or blank. Line breaks stay. */
export function textAt(element: XmlElement | undefined, ...path: readonly string[]): string | undefined {
  return tidy(child(element, ...path)?.text);
}

/** @throws LetterError when there is none */
export function requiredText(element: XmlElement, ...path: readonly string[]): string {
  const found = textAt(element, ...path);
  if (found === undefined) throw missingElement(`${element.name}/${path.join('/')}`);
  return found;
}

/** Blanks at the ends of lines and around the whole are layout, not content. */
export function tidy(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  const tidied = (LAYOUT.test(text) ? text.replace(/[\t ]+/g, ' ').replace(/ *\r?\n */g, '\n') : text).trim();
  return tidied === '' ? undefined : tidied;
}

/** Most texts are one line without blanks to tidy. */
const LAYOUT = /[\t\n]| {2}/;

/** The leaves below an element by their path (`Terminology.Code`), in document order; repeated ones numbered. */
export function leaves(element: XmlElement, prefix = ''): Record<string, string> {
  const found: Record<string, string> = {};
  for (const each of element.children) {
    const path = `${prefix}${each.name}`;
    if (each.children.length > 0) {
      for (const [name, value] of Object.entries(leaves(each, `${path}.`))) found[free(found, name)] = value;
    } else {
      const value = tidy(each.text);
      if (value !== undefined) found[free(found, path)] = value;
    }
  }
  return found;
}

function free(found: Readonly<Record<string, string>>, name: string): string {
  if (!(name in found)) return name;
  let number = 2;
  while (`${name}#${number}` in found) number += 1;
  return `${name}#${number}`;
}
