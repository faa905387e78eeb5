import { badRequest, type FhirError } from '../outcome.ts';
import {
  type Namespaces,
  ROOT_NAMESPACES,
  resolveAttributes,
  resolveElement,
  type XmlAttribute,
} from './namespaces.ts';
import { decodeReferences, XML_CHARACTERS } from './references.ts';

/** An element of a parsed document; [start, end) is its place in the text. */
export interface XmlElement {
  /** The local name, without prefix. */
  readonly name: string;
  readonly prefixed: boolean;
  readonly namespace: string;
  /** Without the declarations of name-spaces and schema locations. */
  readonly attributes: readonly XmlAttribute[];
  readonly children: readonly XmlElement[];
  /** All character data directly in this element, references decoded. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** Deeper than any real resource; the reader calls itself per level. */
const DEEPEST = 100;
const NAME =
  /[A-Za-z_\u00c0-\u02ff\u0370-\u1fff\u3001-\ud7ff\uf900-\ufdcf][\w.\-\u00b7\u00c0-\u036f\u1e00-\u203f\u3001-\ud7ff]*/y;
const SPACE = /[\t\n\r ]*/y;
/** What a well-formed text may hold of XML_CHARACTERS. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/;
const ENCODING = /^<\?xml\s[^?]*?encoding\s*=\s*["']([^"']*)["']/;

/**
 * Parses a document: strict XML 1.0 with name-spaces, but without a document type, so that there are no entities
 * beyond the five of XML and no references out of the document. Comments and processing instructions are skipped.
 * @throws FhirError 400 with line and column
 */
export function readXml(text: string): XmlElement {
  const encoding = ENCODING.exec(text.slice(0, 200))?.[1];
  if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
    throw badRequest(`XML must be UTF-8, but the document says ${encoding}; send it as UTF-8 and say so`);
  }
  const bad = text.isWellFormed() && !CONTROLS.test(text) ? null : XML_CHARACTERS.exec(text);
  if (bad !== null) {
    throw xmlError(
      text,
      bad.index,
      'A character that XML does not allow (a control character or half a surrogate pair)',
    );
  }
  return new Reader(text).document();
}

/** 400 with the place of the fault. */
export function xmlError(text: string, at: number, fault: string): FhirError {
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return badRequest(`${fault} (line ${line}, column ${column} of the XML)`, undefined, 'structure');
}

/** Where a name of ASCII letters, digits and `_.-` ends; the start where there is none, or it goes on otherwise. */
function endOfPlainName(text: string, start: number): number {
  let end = start;
  for (; end < text.length; end += 1) {
    const code = text.charCodeAt(end);
    const isLetter = (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a) || code === 0x5f;
    if (isLetter) continue;
    if (code >= 0x80) return start;
    if (end === start || !((code >= 0x30 && code <= 0x39) || code === 0x2d || code === 0x2e)) return end;
  }
  return end;
}

class Reader {
  readonly text: string;
  at = 0;

  constructor(text: string) {
    this.text = text;
  }

  document(): XmlElement {
    if (this.text.charCodeAt(0) === 0xfeff) {
      this.at = 1;
    }
    this.misc();
    if (this.text[this.at] !== '<') {
      throw this.fault(this.at < this.text.length ? 'Expected an element' : 'The document has no element');
    }
    const root = this.element(ROOT_NAMESPACES, 0);
    this.misc();
    if (this.at < this.text.length) {
      throw this.fault('Nothing may follow the root element');
    }
    return root;
  }

  private element(outer: Namespaces, depth: number): XmlElement {
    if (depth >= DEEPEST) {
      throw this.fault(`Elements are nested deeper than ${DEEPEST} levels`);
    }
    const start = this.at;
    this.at += 1;
    const tag = this.qualifiedName();
    const raw = this.attributes();
    const { namespaces, attributes } = resolveAttributes(raw, outer, (fault) => this.fault(fault));
    const resolved = resolveElement(tag, namespaces, (fault) => this.fault(fault));
    const children: XmlElement[] = [];
    let text = '';
    if (this.text.startsWith('/>', this.at)) {
      this.at += 2;
    } else {
      this.expect('>');
      text = this.content(tag, namespaces, depth, children);
    }
    return { ...resolved, prefixed: tag.includes(':'), attributes, children, text, start, end: this.at };
  }

  /** Everything up to and with the end tag. */
  private content(tag: string, namespaces: Namespaces, depth: number, children: XmlElement[]): string {
    let characters = '';
    for (;;) {
      const next = this.text.indexOf('<', this.at);
      if (next < 0) {
        throw this.fault(`<${tag}> is not closed`);
      }
      if (next > this.at) {
        characters += this.characters(next);
      }
      if (this.text.startsWith('</', this.at)) {
        this.at += 2;
        const end = this.at + tag.length;
        if (this.text[end] === '>' && this.text.startsWith(tag, this.at)) {
          this.at = end + 1;
          return characters;
        }
        const closing = this.qualifiedName();
        if (closing !== tag) {
          throw this.fault(`<${tag}> is closed by </${closing}>`);
        }
        this.space();
        this.expect('>');
        return characters;
      }
      if (this.text.startsWith('<![CDATA[', this.at)) {
        const end = this.find(']]>', 'A CDATA section is not closed');
        characters += this.text.slice(this.at + 9, end);
        this.at = end + 3;
      } else if (!this.skipped()) {
        children.push(this.element(namespaces, depth + 1));
      }
    }
  }

  private characters(end: number): string {
    const from = this.at;
    const raw = this.text.slice(from, end);
    this.at = end;
    if (raw.includes(']]>')) {
      throw xmlError(this.text, from + raw.indexOf(']]>'), '"]]>" may not occur in text; write ]]&gt;');
    }
    return decodeReferences(raw, (offset, fault) => xmlError(this.text, from + offset, fault));
  }

  private attributes(): XmlAttribute[] {
    const found: XmlAttribute[] = [];
    for (;;) {
      const before = this.at;
      this.space();
      const next = this.text[this.at];
      if (next === '>' || next === '/' || next === undefined) {
        return found;
      }
      if (before === this.at) {
        throw this.fault('Expected a space before the next attribute');
      }
      const name = this.qualifiedName();
      this.space();
      this.expect('=');
      this.space();
      const quote = this.text[this.at];
      if (quote !== '"' && quote !== "'") {
        throw this.fault(`The value of the attribute ${name} must be quoted`);
      }
      const from = this.at + 1;
      const end = this.text.indexOf(quote, from);
      const raw = end < 0 ? undefined : this.text.slice(from, end);
      if (raw === undefined || raw.includes('<')) {
        throw this.fault(`The value of the attribute ${name} is not closed, or holds "<"; write &lt;`);
      }
      if (found.some((attribute) => attribute.name === name)) {
        throw this.fault(`The attribute ${name} is given twice`);
      }
      // Literal line breaks and tabs in a value are read as spaces (XML 1.0 §3.3.3); as references they stay.
      const value = decodeReferences(raw.replace(/\r\n|[\t\n\r]/g, ' '), (offset, fault) =>
        xmlError(this.text, from + offset, fault),
      );
      found.push({ name, value });
      this.at = end + 1;
    }
  }

  private qualifiedName(): string {
    const first = this.name();
    if (this.text[this.at] !== ':') {
      return first;
    }
    this.at += 1;
    return `${first}:${this.name()}`;
  }

  private name(): string {
    const end = endOfPlainName(this.text, this.at);
    if (end > this.at) {
      const name = this.text.slice(this.at, end);
      this.at = end;
      return name;
    }
    NAME.lastIndex = this.at;
    const found = NAME.exec(this.text)?.[0];
    if (found === undefined) {
      throw this.fault('Expected a name');
    }
    this.at += found.length;
    return found;
  }

  /** Space, comments and processing instructions around the root element. */
  private misc(): void {
    do {
      this.space();
    } while (this.text[this.at] === '<' && this.skipped());
  }

  /** Skips a comment or a processing instruction, if one stands here. */
  private skipped(): boolean {
    if (this.text.startsWith('<!--', this.at)) {
      const end = this.text.indexOf('--', this.at + 4);
      if (end < 0 || this.text[end + 2] !== '>') {
        throw this.fault('A comment is not closed, or holds "--"');
      }
      this.at = end + 3;
      return true;
    }
    if (this.text.startsWith('<?', this.at)) {
      this.at = this.find('?>', 'A processing instruction is not closed') + 2;
      return true;
    }
    if (this.text.startsWith('<!', this.at)) {
      throw this.fault('Document types and entities are not allowed; leave out <!DOCTYPE …>');
    }
    return false;
  }

  private find(end: string, fault: string): number {
    const found = this.text.indexOf(end, this.at);
    if (found < 0) {
      throw this.fault(fault);
    }
    return found;
  }

  private space(): void {
    SPACE.lastIndex = this.at;
    SPACE.exec(this.text);
    this.at = SPACE.lastIndex;
  }

  private expect(character: string): void {
    if (this.text[this.at] !== character) {
      throw this.fault(`Expected "${character}"`);
    }
    this.at += 1;
  }

  private fault(fault: string): FhirError {
    return xmlError(this.text, this.at, fault);
  }
}
