import type { TypedValue } from '../path.ts';

export interface Token {
  readonly system: string;
  readonly value: string;
}

/** What one element offers to a token parameter (R4 search.html#token). */
export interface TokenValues {
  readonly tokens: readonly Token[];
  /** For `:text`: displays, texts, the text of an identifier's type. */
  readonly texts: readonly string[];
  /** For `:of-type`: the identifier's value under each coding of its type. */
  readonly ofType: readonly Token[];
}

interface Coding {
  readonly system?: string;
  readonly code?: string;
  readonly display?: string;
}

interface CodeableConcept {
  readonly coding?: readonly Coding[];
  readonly text?: string;
}

const NOTHING: TokenValues = { tokens: [], texts: [], ofType: [] };

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function codings(list: readonly Coding[], text?: string): TokenValues {
  return {
    // A Coding without a code is still found by its system (`system|`).
    tokens: list
      .filter(({ system, code }) => isText(system) || isText(code))
      .map(({ system = '', code = '' }) => ({ system, value: code })),
    texts: [...list.map(({ display }) => display), text].filter(isText),
    ofType: [],
  };
}

function identifier(value: {
  readonly system?: string;
  readonly value?: string;
  readonly type?: CodeableConcept;
}): TokenValues {
  const { system = '', value: text = '', type } = value;
  const types = type?.coding ?? [];
  return {
    tokens: text === '' && system === '' ? [] : [{ system, value: text }],
    texts: [type?.text, ...types.map(({ display }) => display)].filter(isText),
    ofType: types
      .filter(({ code }) => isText(code) && text !== '')
      .map(({ system: typeSystem = '', code }) => ({ system: typeSystem, value: `${code}|${text}` })),
  };
}

/** Reads Coding, CodeableConcept, Identifier, ContactPoint and the primitive types. */
export function readToken({ type, value }: TypedValue): TokenValues {
  switch (type) {
    case 'CodeableConcept': {
      const concept = value as CodeableConcept;
      return codings(concept.coding ?? [], concept.text);
    }
    case 'Coding':
      return codings([value as Coding]);
    case 'Identifier':
      return identifier(value as Parameters<typeof identifier>[0]);
    case 'ContactPoint': {
      const point = value as { readonly system?: string; readonly value?: string };
      if (!isText(point.value)) {
        return NOTHING;
      }
      return { ...NOTHING, tokens: [{ system: point.system ?? '', value: point.value }] };
    }
    case 'string':
      return isText(value) ? { tokens: [{ system: '', value }], texts: [value], ofType: [] } : NOTHING;
    default:
      return typeof value === 'object'
        ? NOTHING
        : { ...NOTHING, tokens: [{ system: '', value: String(value) }] };
  }
}
