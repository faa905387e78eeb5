import { badRequest } from '../../fhir/outcome.ts';
import { jsonFault } from './json-fault.ts';

/** FHIR resources nest a handful of levels; recursion elsewhere may rely on this bound. */
const DEEPEST = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Parses JSON, naming line and column of a mistake.
 * @throws FhirError 400 when it is not JSON, or nested deeper than {@link DEEPEST} levels.
 */
export function parseJson(text: string): unknown {
  checkDepth(text);
  try {
    return JSON.parse(text);
  } catch {
    throw badRequest(`The body is not valid JSON: ${describe(text)}`, undefined, 'structure');
  }
}

function checkDepth(text: string): void {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) {
      index = endOfString(text, index);
    } else if (code === 0x7b || code === 0x5b) {
      depth++;
      if (depth > DEEPEST) {
        throw badRequest(`The body nests deeper than ${DEEPEST} levels.`, undefined, 'too-costly');
      }
    } else if (code === 0x7d || code === 0x5d) {
      depth--;
    }
  }
}

/** Index of the closing quote; of the last character when the string never ends. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text.charCodeAt(end - 1 - backslashes) === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return text.length;
}

/** Says where, never what: the text around a mistake may hold a CPR number. */
function describe(text: string): string {
  if (text.trim() === '') return 'it is empty. Send a FHIR resource.';
  const at = jsonFault(text) ?? text.length;
  if (at === text.length) return 'it ends too early. Is it complete?';
  const before = text.slice(0, at);
  const line = before.split('\n').length;
  const column = at - before.lastIndexOf('\n');
  return `line ${line}, column ${column} (position ${at}).`;
}
