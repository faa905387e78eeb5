import deep from 'fhirpath/src/deep-equal.js';
import equality from 'fhirpath/src/equality.js';
import types from 'fhirpath/src/types.js';
import { type Code, type Env, testing } from './code.ts';
import { millisecondsOf } from './instant.ts';
import { CONTEXT, Item, type Items, operandOf } from './item.ts';
import { pointOf } from './temporal.ts';
import { textReader, walker } from './walk.ts';

type Test = (self: Items, env: Env) => boolean | undefined;

/** `=` and `!=`. */
export function equalityCode(left: Code, right: Code, negated: boolean): Code {
  const test = equalityTest(left, right);
  if (!negated) return testing(test);
  return testing((self, env) => {
    const equal = test(self, env);
    return equal === undefined ? undefined : !equal;
  });
}

function equalityTest(left: Code, right: Code): Test {
  const literal = right.constant?.length === 1 ? right.constant[0] : undefined;
  if (left.path !== undefined && (typeof literal === 'string' || typeof literal === 'boolean')) {
    return pathEquals(left.path, literal, right.constant as Items);
  }
  return (self, env) => equal(left.items(self, env), right.items(self, env));
}

/** The commonest comparison there is, `system = 'http://…'`, without a collection. */
function pathEquals(path: NonNullable<Code['path']>, literal: string | boolean, constant: Items): Test {
  const read = textReader(path);
  const walk = walker(path, false);
  return (self, env) => {
    const text = read(self);
    if (text !== undefined) return text === literal;
    const { count, raw, extra, shape } = walk(self, env);
    if (count === 0) return undefined;
    if (count > 1) return false;
    if (typeof raw === 'string' || typeof raw === 'boolean') {
      // Text that is a time is compared as a time.
      if (shape?.temporal === undefined) return raw === literal;
    }
    return equal(shape === undefined ? [raw] : [new Item(raw, extra, shape)], constant);
  };
}

function equal(left: Items, right: Items): boolean | undefined {
  if (left.length === 0 || right.length === 0) return undefined;
  if (left.length !== right.length) return false;
  if (left.length === 1) return equalMembers(left[0], right[0]);
  for (let at = left.length - 1; at >= 0; at -= 1) {
    if (!equalMembers(left[at], right[at])) return false;
  }
  return true;
}

function equalMembers(left: unknown, right: unknown): boolean | undefined {
  const a = textOf(left);
  if (a !== undefined) {
    const b = textOf(right);
    // Equal texts with extensions are as equal as those are.
    if (b !== undefined && (a !== b || (!hasExtra(left) && !hasExtra(right)))) return a === b;
  }
  return deep.deepEqual(CONTEXT, left, right);
}

/** Text that is compared as text. */
function textOf(member: unknown): string | undefined {
  if (typeof member === 'string') return member;
  return member instanceof Item && typeof member.raw === 'string' && member.shape.temporal === undefined
    ? member.raw
    : undefined;
}

/** Whether one text is among others; undefined where the engine is to be asked. */
export function plainlyAmong(one: Items, others: Items): boolean | undefined {
  if (one.length !== 1 || others.length === 0) return undefined;
  const text = textOf(one[0]);
  if (text === undefined || hasExtra(one[0])) return undefined;
  let found = false;
  for (const other of others) {
    const candidate = textOf(other);
    if (candidate === undefined || hasExtra(other)) return undefined;
    found ||= candidate === text;
  }
  return found;
}

const hasExtra = (member: unknown): boolean => member instanceof Item && member._data !== null;

/** `~` and `!~`: always true or false. */
export function equivalenceCode(left: Code, right: Code, negated: boolean): Code {
  return testing((self, env) => {
    const [a, b] = [left.items(self, env), right.items(self, env)];
    const equivalent = Boolean(deep.deepEqual(CONTEXT, a, b, { fuzzy: true }));
    return negated ? !equivalent : equivalent;
  });
}

export type Comparison = '<' | '>' | '<=' | '>=';
const COMPARE = { '<': equality.lt, '>': equality.gt, '<=': equality.lte, '>=': equality.gte };

export function comparisonCode(operator: Comparison, left: Code, right: Code): Code {
  const compare = COMPARE[operator] as NonNullable<(typeof COMPARE)[Comparison]>;
  return testing((self, env) => {
    const a = left.items(self, env);
    const b = right.items(self, env);
    if (a.length === 0 || b.length === 0) return undefined;
    if (a.length === 1 && b.length === 1) {
      const difference = fastDifference(operandOf(a[0]), operandOf(b[0]));
      if (difference !== undefined) return verdict(operator, difference);
    }
    const result = compare.call(CONTEXT, a, b);
    return typeof result === 'boolean' ? result : undefined;
  });
}

/** Less than zero, zero or more, as the engine would find; undefined where it is to be asked. */
function fastDifference(a: unknown, b: unknown): number | undefined {
  const [one, other] = [millisecondsOf(a), millisecondsOf(b)];
  if (one !== undefined && other !== undefined) return one - other;
  if (a instanceof types.FP_DateTime && b instanceof types.FP_DateTime) {
    const [x, y] = [pointOf(a), pointOf(b)];
    return x.precision === y.precision ? x.time - y.time : undefined;
  }
  const [x, y] = [smallInteger(a), smallInteger(b)];
  return x === undefined || y === undefined ? undefined : x - y;
}

/** Whole numbers that the engine's rounding to eight decimals leaves what they are. */
function smallInteger(value: unknown): number | undefined {
  const number = value instanceof types.FP_Decimal_Native ? value.value : value;
  return typeof number === 'number' && Number.isInteger(number) && Math.abs(number) < 1e6
    ? number
    : undefined;
}

function verdict(operator: Comparison, difference: number): boolean {
  switch (operator) {
    case '<':
      return difference < 0;
    case '>':
      return difference > 0;
    case '<=':
      return difference <= 0;
    case '>=':
      return difference >= 0;
  }
}
