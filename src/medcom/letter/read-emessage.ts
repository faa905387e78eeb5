import type { XmlElement } from '../../fhir/xml/reader.ts';
import { decodeLetter, parseLetter } from './decode.ts';
import { child, textAt } from './elements.ts';
import { LetterError, missingElement } from './letter-error.ts';
import { readDateTime } from './local-time.ts';
import type { LetterEnvelope } from './read-letter.ts';

/** One envelope with its letters, before any of them is believed. */
export interface Emessage {
  readonly envelope: LetterEnvelope;
  /** The sender wants a positive receipt too. */
  readonly wantsReceipt: boolean;
  readonly letters: readonly XmlElement[];
  /** The Emessage as it came: byte for byte, unless it shared a document with others. */
  readonly original: Uint8Array;
}

/** Wrappers within wrappers (SBDH around a VANS envelope around an Emessage) are as deep as it gets. */
const DEEPEST_WRAPPER = 3;

/**
 * Finds the Emessages in what was posted: an Emessage, a list of them in any wrapping element, or a VANS envelope
 * with the letter in base64.
 * @throws LetterError when there is none
 */
export function readEmessages(bytes: Uint8Array): readonly Emessage[] {
  const found = unwrap(bytes, 0);
  if (found.length === 0) {
    throw new LetterError(
      'syntaksfejl',
      'Der er ingen Emessage i det modtagne (no Emessage in the document).',
    );
  }
  return found;
}

function unwrap(bytes: Uint8Array, depth: number): readonly Emessage[] {
  const text = decodeLetter(bytes);
  const root = parseLetter(text);
  if (root.name === 'Emessage') return [readEmessage(root, bytes)];
  const data = depth < DEEPEST_WRAPPER ? dataElements(root) : [];
  if (data.length > 0) return data.flatMap((element) => unwrap(fromBase64(element), depth + 1));
  const encoder = new TextEncoder();
  return emessages(root).map((element, index) => readEmessage(element, encoder.encode(nth(text, index))));
}

/** `Data` of a VANSEnvelope: the letter in base64. */
function dataElements(root: XmlElement): readonly XmlElement[] {
  if (root.name === 'Data') return root.children.length === 0 ? [root] : [];
  return root.children.flatMap(dataElements);
}

function emessages(root: XmlElement): readonly XmlElement[] {
  return root.children.flatMap((element) => (element.name === 'Emessage' ? [element] : emessages(element)));
}

/** The n-th Emessage of a list as its own document: the text between its tags, in UTF-8. */
function nth(text: string, index: number): string {
  const pattern = /<((?:[\w.-]+:)?Emessage)[\s>][\s\S]*?<\/\1\s*>/g;
  return [...text.matchAll(pattern)][index]?.[0] ?? '';
}

function fromBase64(element: XmlElement): Uint8Array {
  const compact = element.text.replace(/\s+/g, '');
  if (compact === '' || !/^[A-Za-z0-9+/]*={0,2}$/.test(compact) || compact.length % 4 !== 0) {
    throw new LetterError('syntaksfejl', 'Data i kuverten er ikke base64 (the data is not base64).', 'Data');
  }
  return Buffer.from(compact, 'base64');
}

function readEmessage(root: XmlElement, original: Uint8Array): Emessage {
  const envelope = child(root, 'Envelope');
  if (envelope === undefined) throw missingElement('Emessage/Envelope');
  const identifier = textAt(envelope, 'Identifier');
  if (identifier === undefined) throw missingElement('Emessage/Envelope/Identifier');
  const sent = readDateTime(envelope, 'Sent');
  const letters = root.children.filter((each) => each.name !== 'Envelope' && each.name !== 'Local_Elements');
  if (letters.length === 0)
    throw new LetterError('syntaksfejl', 'Emessage har ingen breve (no letter).', 'Emessage');
  return {
    envelope: { identifier, ...(sent === undefined ? {} : { sent }) },
    wantsReceipt: textAt(envelope, 'AcknowledgementCode') === 'pluspositivkvitt',
    letters,
    original,
  };
}
