import { bareValue, EMPTY, HANDOVER, type Items } from './item.ts';

const { isArray } = Array;

/** One evaluation. */
export interface Env {
  /** What the expression as a whole is evaluated on. */
  readonly root: Items;
  readonly variables: Readonly<Record<string, unknown>>;
  /** What bound variables are read from. */
  readonly scope: unknown;
  /** Values of the other variables by their number, once they have been asked for. */
  readonly known: (Items | undefined)[];
  /** `$index`, `$total` and what defineVariable set; kept only in expressions that use one of them. */
  index: number | undefined;
  total: unknown;
  defined: ReadonlyMap<string, Items> | undefined;
}

/** Reads a variable from a scope: a collection as other expressions give it. */
export type Reader = (scope: never) => Items;

/** @param self `$this`: an expression starts from it */
export type Evaluate = (self: Items, env: Env) => Items;

/** A step of a path over JSON. */
export type Step =
  | { readonly kind: 'child'; readonly name: string; readonly root: 0 | 1 | 2 }
  | { readonly kind: 'extension'; readonly url: string };

/** An expression compiled. */
export interface Code {
  readonly items: Evaluate;
  /** Set on what gives one boolean or nothing: the same without a collection; undefined is nothing. */
  readonly test?: (self: Items, env: Env) => boolean | undefined;
  /** Set on literals. */
  readonly constant?: Items;
  /** Set on plain paths: what they start from (`$this` when absent) and the steps. */
  readonly path?: { readonly origin: Code | undefined; readonly steps: readonly Step[] };
}

const TRUE: Items = [true];
const FALSE: Items = [false];

const boxed = (value: boolean | undefined): Items => (value === undefined ? EMPTY : value ? TRUE : FALSE);

/** The code of what gives one boolean or nothing. */
export function testing(test: NonNullable<Code['test']>): Code {
  return { test, items: (self, env) => boxed(test(self, env)) };
}

/** As an operand of `and`, `or`, `not()`: nothing, a boolean, or any other single value, which counts as true. */
export function asBoolean({ test, items }: Code): NonNullable<Code['test']> {
  return test ?? ((self, env) => booleanOf(items(self, env)));
}

function booleanOf(items: Items): boolean | undefined {
  if (items.length === 0) return undefined;
  if (items.length > 1) throw HANDOVER;
  const value = bareValue(items[0]);
  if (value === undefined || value === null) return undefined;
  return value !== false;
}

/** As a condition of `iif`, `all`: exactly one true. */
export function asCondition({ test, items }: Code): (self: Items, env: Env) => boolean {
  if (test !== undefined) return (self, env) => test(self, env) === true;
  return (self, env) => {
    const result = items(self, env);
    return result.length === 1 && bareValue(result[0]) === true;
  };
}

/** As a criterion of `where`: the engine keeps what gives anything that is not a plain false. */
export function asCriterion({ test, items }: Code): (self: Items, env: Env) => boolean {
  if (test !== undefined) return (self, env) => test(self, env) === true;
  return (self, env) => Boolean(items(self, env)[0]);
}

/** As the engine makes a collection of what a function gives. */
export function collected(result: unknown): Items {
  if (isArray(result)) return result;
  if (result === undefined || result === null) return EMPTY;
  if (result === true) return TRUE;
  if (result === false) return FALSE;
  if (result instanceof Promise) throw HANDOVER;
  return [result];
}

/** Holds an error that the engine would throw as it is, and that is the caller's to see. */
export class Final {
  readonly error: unknown;

  constructor(error: unknown) {
    this.error = error;
  }
}
