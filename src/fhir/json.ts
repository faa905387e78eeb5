/**
 * JSON as FHIR wants it (R4 json.html#primitive, datatypes.html#decimal): the precision of a decimal is kept, so 1.50
 * stays 1.50. Values are plain numbers for everybody who computes; the text of a number that JavaScript would write
 * otherwise hangs on the object that holds it, and JSON.stringify writes that text as long as the value is still the
 * same. Who copies such an object member by member takes the texts along with {@link carryTexts}.
 */

declare global {
  interface JSON {
    /** ECMAScript, JSON.parse source text access; in Node.js since version 21. */
    rawJSON(text: string): unknown;
  }
}

type Members = Record<string, unknown>;
type Texts = Record<string, string>;

const textsOf = new WeakMap<object, Texts>();

/** A member whose number may be written otherwise than JavaScript writes it; sometimes too many, never too few. */
const WRITTEN_OTHERWISE =
  /"\s*:\s*-?(?:\d+\.(?:\d*0(?!\d)|0{6})|(?=[\d.]{16})|\d+(?:\.\d+)?[eE]|(?<=-)0\s*[,}])/;

/** The grammar of JSON (RFC 8259 §6), which is also that of FHIR's decimal. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * As JSON.parse, with the texts of numbers kept.
 * @param exact whether no number of the text can be written otherwise; worked out when absent
 */
export function parseJsonText(text: string, exact = !WRITTEN_OTHERWISE.test(text)): unknown {
  return exact ? JSON.parse(text) : JSON.parse(text, keepTexts as (this: unknown) => unknown);
}

function keepTexts(this: object, key: string, value: unknown, { source }: { readonly source?: string }) {
  if (typeof value === 'number' && source !== undefined && !Array.isArray(this)) {
    setNumberText(this, key, source);
  }
  return value;
}

/** The text of a number in its object: as it came, or as JavaScript writes it. */
export function numberText(holder: object, key: string): string {
  const value = (holder as Members)[key];
  const text = textsOf.get(holder)?.[key];
  return text !== undefined && Number(text) === value ? text : String(value);
}

/** Says how a member that was just set to a number is written; without a text it is written as JavaScript does. */
export function setNumberText(holder: object, key: string, text: string | undefined): void {
  let texts = textsOf.get(holder);
  if (text === undefined || !NUMBER.test(text) || text === JSON.stringify(Number(text))) {
    if (texts !== undefined) delete texts[key];
    return;
  }
  if (texts === undefined) {
    texts = Object.create(null) as Texts;
    textsOf.set(holder, texts);
    // Hidden, so that the object looks like any other; writers that know nothing of it still write it right.
    Object.defineProperty(holder, 'toJSON', { value: withTexts, configurable: true, writable: true });
  }
  texts[key] = text;
}

/** Takes the texts along to a copy, or to an object that holds some of the same members. */
export function carryTexts<T extends object>(from: object, to: T): T {
  const texts = textsOf.get(from);
  for (const key in texts) if (Object.hasOwn(to, key)) setNumberText(to, key, texts[key]);
  return to;
}

/** A deep copy of what was parsed. */
export function copyJson<T>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copyJson) as T;
  const copy = Object.fromEntries(Object.entries(value).map(([key, member]) => [key, copyJson(member)]));
  return carryTexts(value, copy) as T;
}

function withTexts(this: Members): Members {
  const copy = { ...this };
  for (const [key, text] of Object.entries(textsOf.get(this) ?? {})) {
    if (Number(text) === copy[key]) copy[key] = JSON.rawJSON(text);
  }
  return copy;
}
