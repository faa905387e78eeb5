/** A tree of XML to write: children are elements, or text whose line breaks become `<Break/>`. */
export interface XmlNode {
  readonly name: string;
  readonly text?: string;
  readonly children?: readonly XmlNode[];
  /** Write line breaks as `<Break/>` (MedCom's FormattedText). */
  readonly formatted?: boolean;
}

/** An element with text; undefined when there is none to write. */
export function leaf(name: string, text: string | undefined, formatted = false): XmlNode | undefined {
  return text === undefined || text === '' ? undefined : { name, text, ...(formatted ? { formatted } : {}) };
}

/** An element with those of the children that are there; undefined when none is. */
export function branch(name: string, children: readonly (XmlNode | undefined)[]): XmlNode | undefined {
  const present = children.filter((each) => each !== undefined);
  return present.length === 0 ? undefined : { name, children: present };
}

/** A document in one name-space, UTF-8. */
export function writeXml(root: XmlNode, namespace: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, ` xmlns="${escapeText(namespace)}"`)}\n`;
}

function write(node: XmlNode, attributes = ''): string {
  const content =
    node.children === undefined
      ? escapeText(node.text ?? '').replaceAll('\n', node.formatted === true ? '<Break/>' : ' ')
      : node.children.map((each) => write(each)).join('');
  return `<${node.name}${attributes}>${content}</${node.name}>`;
}

/** Most texts of a letter: nothing in them is written otherwise. */
const PLAIN = /^[\t\n !#-%'-;=?-\ud7ff\ue000-\ufffd]*$/;

/** Characters that XML 1.0 does not allow are left out; they cannot be written in any way. */
function escapeText(text: string): string {
  if (PLAIN.test(text)) return text;
  return text
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '');
}
