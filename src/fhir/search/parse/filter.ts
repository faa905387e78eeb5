import type { Condition } from '../query.ts';
import { type ParseContext, refuse } from './context.ts';

/** Turns `name` and `value` into a condition; the parser of plain parameters. */
export type NamedCondition = (
  context: ParseContext,
  types: readonly string[],
  name: string,
  text: string,
) => Condition;

type Token =
  | { readonly kind: '(' | ')' }
  | { readonly kind: 'word'; readonly text: string }
  | { readonly kind: 'string'; readonly text: string };

const TOKEN = /\s*(?:([()])|"((?:[^"\\]|\\.)*)"|([^\s()"]+))/y;

function tokenise(context: ParseContext, text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  const whole = text.trimEnd();
  while (TOKEN.lastIndex < whole.length) {
    const at = TOKEN.lastIndex;
    const match = TOKEN.exec(whole);
    if (match === null) {
      throw refuse(context, `The filter cannot be read from position ${at} on: ${whole.slice(at, at + 20)}`);
    }
    const [, bracket, quoted, word] = match;
    if (bracket !== undefined) {
      tokens.push({ kind: bracket as '(' | ')' });
    } else if (quoted !== undefined) {
      tokens.push({ kind: 'string', text: quoted.replace(/\\(.)/g, '$1') });
    } else {
      tokens.push({ kind: 'word', text: word as string });
    }
  }
  return tokens;
}

const escaped = (text: string) => text.replace(/[\\,$]/g, '\\$&');

const ORDERED: ReadonlySet<string> = new Set(['gt', 'lt', 'ge', 'le', 'ap', 'sa', 'eb']);
/** Operators that stand for a modifier. */
const BY_MODIFIER: Readonly<Record<string, string>> = {
  ss: ':below',
  sb: ':above',
  in: ':in',
  ni: ':not-in',
};
const OPERATORS = [
  'eq',
  'ne',
  'co',
  'sw',
  'gt',
  'lt',
  'ge',
  'le',
  'ap',
  'sa',
  'eb',
  'pr',
  'ss',
  'sb',
  'in',
  'ni',
  're',
];

function comparison(
  context: ParseContext,
  types: readonly string[],
  named: NamedCondition,
  [path, operator, value]: readonly [string, string, string],
): Condition {
  const code = path.split('.').at(-1) as string;
  const ordered =
    types.some((type) => {
      const kind = context.registry.of(type).get(code)?.type;
      return kind === 'date' || kind === 'number' || kind === 'quantity';
    }) || code === '_lastUpdated';
  const isString = types.some((type) => context.registry.of(type).get(code)?.type === 'string');
  if (ORDERED.has(operator)) {
    return named(context, types, path, operator + escaped(value));
  }
  const modifier = BY_MODIFIER[operator];
  if (modifier !== undefined) {
    return named(context, types, path + modifier, escaped(value));
  }
  switch (operator) {
    case 'eq':
    case 're':
      // The filter's eq on a string means the whole string (R4 search_filter.html).
      return named(context, types, isString ? `${path}:exact` : path, escaped(value));
    case 'ne':
      return ordered
        ? named(context, types, path, `ne${escaped(value)}`)
        : { kind: 'not', of: named(context, types, isString ? `${path}:exact` : path, escaped(value)) };
    case 'co':
      return named(context, types, `${path}:contains`, escaped(value));
    case 'sw':
      return named(context, types, path, escaped(value));
    case 'pr':
      if (value !== 'true' && value !== 'false') {
        throw refuse(context, 'In a filter "pr" takes true or false');
      }
      return named(context, types, `${path}:missing`, value === 'true' ? 'false' : 'true');
    default:
      throw refuse(context, `"${operator}" is no operator of a filter; known are: ${OPERATORS.join(', ')}`);
  }
}

const DEEPEST = 50;

/**
 * `_filter` (R4 search_filter.html): comparisons joined by and, or, not and parentheses; paths may chain.
 * `and` binds tighter than `or`.
 * @throws FhirError 400 naming what could not be read
 */
export function parseFilter(
  context: ParseContext,
  types: readonly string[],
  text: string,
  named: NamedCondition,
): Condition {
  const tokens = tokenise(context, text);
  let at = 0;
  const peekWord = () => {
    const token = tokens[at];
    return token?.kind === 'word' ? token.text : undefined;
  };
  const take = (): string => {
    const token = tokens[at++];
    if (token?.kind !== 'word' && token?.kind !== 'string') {
      throw refuse(
        context,
        'A filter is written as: parameter operator value, for example (status eq finished and date ge 2026)',
      );
    }
    return token.text;
  };
  const term = (depth: number): Condition => {
    if (depth > DEEPEST) {
      throw refuse(context, 'The filter is nested too deep');
    }
    if (peekWord() === 'not') {
      at++;
      return { kind: 'not', of: term(depth + 1) };
    }
    if (tokens[at]?.kind === '(') {
      at++;
      const inner = either(depth + 1);
      if (tokens[at++]?.kind !== ')') {
        throw refuse(context, 'A parenthesis of the filter is not closed');
      }
      return inner;
    }
    return comparison(context, types, named, [take(), take(), take()]);
  };
  const both = (depth: number): Condition => {
    const of = [term(depth)];
    while (peekWord() === 'and') {
      at++;
      of.push(term(depth));
    }
    return of.length === 1 ? (of[0] as Condition) : { kind: 'all', of };
  };
  const either = (depth: number): Condition => {
    const of = [both(depth)];
    while (peekWord() === 'or') {
      at++;
      of.push(both(depth));
    }
    return of.length === 1 ? (of[0] as Condition) : { kind: 'any', of };
  };
  const whole = either(0);
  if (at < tokens.length) {
    throw refuse(context, 'The filter goes on where it should end: join comparisons by and, or');
  }
  return whole;
}
