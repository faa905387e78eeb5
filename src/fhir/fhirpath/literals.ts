import types from 'fhirpath/src/types.js';
import type { Code } from './code.ts';
import { CONTEXT, EMPTY, HANDOVER, type Items } from './item.ts';
import type { FhirPathNode } from './parse.ts';

/** The code of a literal; one that names no possible date is an error of the evaluation. */
export function literalCode(node: FhirPathNode): Code | undefined {
  const [literal] = node.children ?? [];
  if (literal === undefined) return constant([node.text]);
  const text = literal.text ?? '';
  switch (literal.type) {
    case 'NullLiteral':
      return constant(EMPTY);
    case 'BooleanLiteral': {
      const value = text === 'true';
      return { ...constant([value]), test: () => value };
    }
    case 'StringLiteral':
      return constant([unquoted(text, "'")]);
    case 'NumberLiteral':
      return constant([CONTEXT.getDecimal(text)]);
    case 'LongNumberLiteral':
      return constant([BigInt(text.slice(0, -1))]);
    case 'DateLiteral':
      return temporal(types.FP_Date.checkString(CONTEXT, text.slice(1)));
    case 'DateTimeLiteral':
      return temporal(types.FP_DateTime.checkString(CONTEXT, text.slice(1)));
    case 'TimeLiteral':
      return temporal(types.FP_Time.checkString(CONTEXT, text.slice(1)));
    case 'QuantityLiteral': {
      const { value, unit } = literal as { readonly value?: string; readonly unit?: string };
      return constant([new types.FP_Quantity(CONTEXT, CONTEXT.getDecimal(value), unit)]);
    }
    default:
      return undefined;
  }
}

function constant(items: Items): Code {
  return { items: () => items, constant: items };
}

function temporal(value: object | null): Code {
  return value === null ? failing : constant([value]);
}

/** What is an error when the evaluation comes to it. */
export const failing: Code = {
  items: () => {
    throw HANDOVER;
  },
};

const ESCAPES: { readonly [letter: string]: string } = { r: '\r', n: '\n', t: '\t', f: '\f' };

/** The text between quotes, its escapes resolved; text without these quotes as it is. */
export function unquoted(text: string, quote: "'" | '`'): string {
  if (!text.startsWith(quote) || !text.endsWith(quote)) return text;
  return text
    .slice(1, -1)
    .replace(/\\(u[0-9a-fA-F]{4}|.)/g, (_, sequence: string) =>
      sequence.length > 1
        ? String.fromCharCode(Number.parseInt(sequence.slice(1), 16))
        : (ESCAPES[sequence] ?? sequence),
    );
}
