import { parseJsonText } from '../../fhir/json.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { jsonFault } from './json-fault.ts';

/** FHIR resources nest a handful of levels; recursion elsewhere may rely on this bound. */
const DEEPEST = 100;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const MINUS = 0x2d;
const ZERO = 0x30;
const NINE = 0x39;

/**
 * Parses JSON, decimals with their precision, naming line and column of a mistake.
 * @throws FhirError 400 when it is not JSON, or nested deeper than {@link DEEPEST} levels.
 */
export function parseJson(text: string): unknown {
  const exact = checkDepth(text);
  try {
    return parseJsonText(text, exact);
  } catch {
    throw badRequest(`The body is not valid JSON: ${describe(text)}`, undefined, 'structure');
  }
}

/** Whether all numbers are as JavaScript writes them; on the way, since no other pass looks at every character. */
function checkDepth(text: string): boolean {
  let depth = 0;
  let exact = true;
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
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = endOfNumber(text, index);
      exact &&= end - index < 2 || isExact(text.slice(index, end));
      index = end - 1;
    }
  }
  return exact;
}

/** Short whole numbers need no closer look. */
function isExact(number: string): boolean {
  return /^[1-9]\d{0,14}$/.test(number) || String(Number(number)) === number;
}

function endOfNumber(text: string, start: number): number {
  let end = start + 1;
  for (; end < text.length; end++) {
    const code = text.charCodeAt(end);
    // Digits, sign, full stop, e and E.
    if (
      !(
        (code >= ZERO && code <= NINE) ||
        code === 0x2e ||
        (code | 0x20) === 0x65 ||
        code === 0x2b ||
        code === MINUS
      )
    ) {
      break;
    }
  }
  return end;
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
