import { FhirError } from '../../fhir/outcome.ts';
import { readXml, type XmlElement } from '../../fhir/xml/reader.ts';
import { LetterError } from './letter-error.ts';

const DECLARED = /^<\?xml\s[^?]*?encoding\s*=\s*["']([^"']*)["'][^?]*\?>/;
/** Encodings that MedCom's letters come in (danish-domain C.2), by the label that TextDecoder knows. */
const ENCODINGS: ReadonlyMap<string, string> = new Map([
  ['utf-8', 'utf-8'],
  ['utf8', 'utf-8'],
  ['us-ascii', 'utf-8'],
  ['windows-1252', 'windows-1252'],
  ['cp1252', 'windows-1252'],
  ['iso-8859-1', 'windows-1252'],
  ['latin1', 'windows-1252'],
  ['iso-8859-15', 'iso-8859-15'],
]);

/** Marks of formatted text: breaks and spaces become characters, emphasis is left out, the words stay. */
const BREAK = /<(?:[\w.-]+:)?Break\s*(?:\/>|>\s*<\/(?:[\w.-]+:)?Break\s*>)/g;
const SPACE = /<(?:[\w.-]+:)?Space\s*(?:\/>|>\s*<\/(?:[\w.-]+:)?Space\s*>)/g;
const EMPHASIS = /<\/?(?:[\w.-]+:)?(?:Right|Center|Bold|Italic|Underline|FixedFont)\s*\/?>/g;

/**
 * The text of a letter in the encoding that its XML declaration names (UTF-8 without one).
 * @throws LetterError for an unknown encoding, or bytes that are not in the named one
 */
export function decodeLetter(bytes: Uint8Array): string {
  const head = new TextDecoder('windows-1252')
    .decode(bytes.subarray(0, 200))
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const declared = (DECLARED.exec(head)?.[1] ?? 'utf-8').toLowerCase();
  const encoding = ENCODINGS.get(declared);
  if (encoding === undefined) {
    throw new LetterError(
      'syntaksfejl',
      `Tegnsættet ${declared.slice(0, 40)} kendes ikke; brug UTF-8, windows-1252 eller ISO-8859-1 (unknown encoding).`,
    );
  }
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new LetterError(
      'syntaksfejl',
      `Brevet er ikke i det tegnsæt, som det angiver: ${declared} (the bytes are not in the declared encoding).`,
    );
  }
}

const EMPHASES = ['Right', 'Center', 'Bold', 'Italic', 'Underline', 'FixedFont'];

/** Most letters have few marks: the patterns, which look at every tag, are for those. */
function withoutMarks(text: string): string {
  let flat = text;
  if (flat.includes('Break')) flat = flat.replace(BREAK, '\n');
  if (flat.includes('Space')) flat = flat.replace(SPACE, ' ');
  return EMPHASES.some((mark) => flat.includes(mark)) ? flat.replace(EMPHASIS, '') : flat;
}

/**
 * The elements of a letter. Strict XML without document type: no entities, no references out of the letter.
 * @throws LetterError with line and column
 */
export function parseLetter(text: string): XmlElement {
  const flat = withoutMarks(text.replace(DECLARED, '')).trimStart();
  try {
    return readXml(flat);
  } catch (error) {
    if (error instanceof FhirError) {
      throw new LetterError('syntaksfejl', `Brevet er ikke velformet XML: ${error.message}`);
    }
    throw error;
  }
}
