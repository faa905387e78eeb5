/**
 * Finds where a text stops being JSON (RFC 8259). JSON.parse tells it for some mistakes only, and quotes the text,
 * which may hold personal data.
 * @returns the index of the first character that does not fit; the length when the text ends too early
 */
export function jsonFault(text: string): number | undefined {
  const end = afterValue(text, afterSpace(text, 0));
  if (end < 0) return faultOf(end);
  const rest = afterSpace(text, end);
  return rest === text.length ? undefined : rest;
}

const SPACE = /[ \t\n\r]*/y;
const LITERAL = /true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
// biome-ignore lint/suspicious/noControlCharactersInRegex: JSON forbids them in strings
const STRING_PART = /(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*/y;

/** A fault at index i is passed on as -1 - i, so that it cannot be taken for an end. */
const fault = (index: number): number => -1 - index;
const faultOf = (passed: number): number => -1 - passed;

function match(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

function afterSpace(text: string, at: number): number {
  return match(SPACE, text, at);
}

function afterValue(text: string, at: number): number {
  const first = text[at];
  if (first === '{') return afterMembers(text, at, '}');
  if (first === '[') return afterMembers(text, at, ']');
  if (first === '"') return afterString(text, at);
  const end = match(LITERAL, text, at);
  return end === at ? fault(at) : end;
}

function afterString(text: string, at: number): number {
  if (text[at] !== '"') return fault(at);
  const end = match(STRING_PART, text, at + 1);
  return text[end] === '"' ? end + 1 : fault(end);
}

function afterMembers(text: string, start: number, close: '}' | ']'): number {
  let at = afterSpace(text, start + 1);
  if (text[at] === close) return at + 1;
  for (;;) {
    if (close === '}') {
      const name = afterString(text, at);
      if (name < 0) return name;
      at = afterSpace(text, name);
      if (text[at] !== ':') return fault(at);
      at = afterSpace(text, at + 1);
    }
    const value = afterValue(text, at);
    if (value < 0) return value;
    at = afterSpace(text, value);
    if (text[at] === close) return at + 1;
    if (text[at] !== ',') return fault(at);
    at = afterSpace(text, at + 1);
  }
}
