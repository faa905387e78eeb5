import type { UserInvocationTable } from 'fhirpath';
import { type Expression, expressionOf } from './expression.ts';

/**
 * The parts of a criterion that `and` or `or` joins at its outermost level, each as an expression of its own with the
 * same variables; none when it is of one piece.
 */
export function operandsOf(expression: Expression, functions: UserInvocationTable): Expression[] {
  // `or` binds more loosely: only where there is none does `and` separate the parts.
  for (const operator of [' or ', ' and ']) {
    const parts = splitOutside(expression.text, operator);
    if (parts.length > 1) {
      return parts.map((part) => {
        const names = new Set([...part.matchAll(/%`?([A-Za-z_][A-Za-z0-9_]*)/g)].map(([, name]) => name));
        const bindings = new Map([...expression.bindings].filter(([name]) => names.has(name)));
        return expressionOf(part.trim(), bindings, functions, true);
      });
    }
  }
  return [];
}

/** Splits at an operator that stands in no parentheses, brackets or quotes. */
function splitOutside(text: string, operator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quote: string | undefined;
  let start = 0;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at] as string;
    if (quote !== undefined) {
      if (character === '\\') at += 1;
      else if (character === quote) quote = undefined;
    } else if (character === "'" || character === '"' || character === '`') quote = character;
    else if (character === '(' || character === '[' || character === '{') depth += 1;
    else if (character === ')' || character === ']' || character === '}') depth -= 1;
    else if (depth === 0 && text.startsWith(operator, at)) {
      parts.push(text.slice(start, at));
      start = at + operator.length;
      at = start - 1;
    }
  }
  return [...parts, text.slice(start)];
}
