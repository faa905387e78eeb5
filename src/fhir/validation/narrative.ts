import { XHTML_NAMESPACE } from '../xml/namespaces.ts';
import { readXml, type XmlElement } from '../xml/reader.ts';

/** R4 narrative.html: the elements of HTML 4.0 chapters 7–11 and 15, `a` with name or href, images, style attributes. */
const ELEMENTS: ReadonlySet<string> = new Set(
  (
    'a abbr acronym address b bdo big blockquote br caption center cite code col colgroup dd del dfn div dl dt em font ' +
    'h1 h2 h3 h4 h5 h6 hr i img ins kbd li ol p pre q s samp small span strike strong sub sup table tbody td tfoot th ' +
    'thead tr tt u ul var'
  ).split(' '),
);
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    'abbr accesskey align alt axis bgcolor border cellhalign cellpadding cellspacing cellvalign char charoff charset ' +
    'cite class color colspan compact coords dir face frame headers height href hreflang hspace id lang longdesc name ' +
    'noshade nowrap rel rev rowspan rules scope shape size span src start style summary tabindex title type valign ' +
    'value vspace width xml:lang xml:space xml:id'
  ).split(' '),
);
const ACTIVE = /^\s*(javascript|vbscript|data:text\/html)/i;

/**
 * What is wrong with a narrative: it must be one well-formed XHTML div of the allowed elements and attributes, with
 * some content (txt-1, txt-2). undefined when nothing is.
 */
export function narrativeFault(div: string): string | undefined {
  let root: XmlElement;
  try {
    root = readXml(div);
  } catch (error) {
    return `must be well-formed XHTML: ${error instanceof Error ? error.message : 'it cannot be read'}`;
  }
  if (root.name !== 'div' || root.namespace !== XHTML_NAMESPACE || !/^\s*<div\b/.test(div)) {
    return `must be one <div xmlns="${XHTML_NAMESPACE}">`;
  }
  return (
    forbidden(root) ?? (hasContent(root) ? undefined : 'must have some content (txt-2); leave the text out')
  );
}

function forbidden(element: XmlElement): string | undefined {
  if (element.namespace !== XHTML_NAMESPACE || !ELEMENTS.has(element.name)) {
    return `must not hold <${element.name}>; only text, tables, lists, links and images are allowed (txt-1)`;
  }
  for (const { name, value } of element.attributes) {
    if (!ATTRIBUTES.has(name) || ACTIVE.test(value)) {
      return `must not hold the attribute ${name} of <${element.name}> in this way; nothing active is allowed (txt-1)`;
    }
  }
  for (const child of element.children) {
    const fault = forbidden(child);
    if (fault !== undefined) {
      return fault;
    }
  }
  return undefined;
}

function hasContent(element: XmlElement): boolean {
  return element.text.trim() !== '' || element.name === 'img' || element.children.some(hasContent);
}
