import { asBoolean, type Code, collected, Final, testing } from './code.ts';
import { bareValue, EMPTY, HANDOVER, type Items } from './item.ts';
import { libraryCode } from './library.ts';
import { failing } from './literals.ts';
import { MACROS, type Parameters } from './macros.ts';
import { childrenCode, descendantsCode } from './navigation.ts';
import { united } from './operators.ts';
import { walked } from './walk.ts';

/** The code of a function of FHIRPath; undefined for what is left to the engine. */
export function functionCode(name: string, source: Code, parameters: Parameters): Code | undefined {
  if (Object.hasOwn(MACROS, name)) return MACROS[name]?.(source, parameters);
  if (parameters.count === 0) {
    const simple = SIMPLE.get(name);
    if (simple !== undefined) return { items: (self, env) => simple(source.items(self, env)) };
    const question = QUESTIONS.get(name);
    if (question !== undefined) return question(source);
  }
  if (parameters.count === 1) {
    const combination = COMBINATIONS.get(name);
    if (combination !== undefined) {
      const other = parameters.code(0);
      return { items: (self, env) => combination(source.items(self, env), other.items(self, env)) };
    }
    const constant = parameters.code(0).constant;
    const [literal] = constant ?? [];
    if (constant?.length === 1 && typeof literal === 'string') {
      if (name === 'extension') return extensionCode(source, literal);
      if (name === 'matches') return matchesCode(source, literal);
    }
  }
  return libraryCode(name, source, parameters);
}

const SIMPLE: ReadonlyMap<string, (items: Items) => Items> = new Map([
  ['first', (items: Items) => collected(items[0])],
  ['last', (items: Items) => collected(items[items.length - 1])],
  ['tail', (items: Items) => (items.length < 2 ? EMPTY : items.slice(1))],
  ['count', (items: Items) => [items.length]],
  [
    'single',
    (items: Items) => {
      if (items.length > 1) throw HANDOVER;
      return items;
    },
  ],
]);

const QUESTIONS: ReadonlyMap<string, (source: Code) => Code> = new Map([
  [
    'empty',
    (source: Code) => {
      const exists = MACROS.exists?.(source, { count: 0, code: () => failing })?.test;
      return testing((self, env) => !exists?.(self, env));
    },
  ],
  [
    'not',
    (source: Code) => {
      const test = asBoolean(source);
      return testing((self, env) => {
        const value = test(self, env);
        return value === undefined ? undefined : !value;
      });
    },
  ],
  ['children', childrenCode],
  ['descendants', descendantsCode],
]);

const COMBINATIONS: ReadonlyMap<string, (left: Items, right: Items) => Items> = new Map([
  ['union', united],
  ['combine', (left: Items, right: Items) => (right.length === 0 ? left : [...left, ...right])],
]);

function extensionCode(source: Code, url: string): Code {
  if (url === '') return { items: (self, env) => source.items(self, env).slice(0, 0) };
  const { origin, steps } = source.path ?? { origin: source, steps: [] };
  const path = { origin, steps: [...steps, { kind: 'extension' as const, url }] };
  return { path, items: walked(path) };
}

/** A pattern that is the same each time is compiled once; a wrong one is an error when it meets text, not before. */
function matchesCode(source: Code, pattern: string): Code {
  const { expression, error } = compiledPattern(pattern);
  return testing((self, env) => {
    const items = source.items(self, env);
    if (items.length === 0) return undefined;
    const value = bareValue(items[0]);
    if (items.length > 1 || (typeof value !== 'string' && value !== null && value !== undefined))
      throw HANDOVER;
    if (typeof value !== 'string') return undefined;
    if (expression === undefined) throw new Final(error);
    return expression.test(value);
  });
}

function compiledPattern(pattern: string): { readonly expression?: RegExp; readonly error?: unknown } {
  try {
    return { expression: new RegExp(pattern, 'us') };
  } catch (error) {
    return { error };
  }
}
