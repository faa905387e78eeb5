import types from 'fhirpath/src/types.js';
import { type Env, Final, type Reader } from './code.ts';
import { compileTree } from './compile.ts';
import { EMPTY, Handover, type Items, itemOf, received } from './item.ts';
import type { OwnFunctions } from './own-functions.ts';
import type { FhirPathNode } from './parse.ts';
import { baseShape } from './shape.ts';

const { isArray } = Array;

/**
 * Evaluates an expression; what it answers is what fhirpath.js would answer.
 * @throws Handover when only fhirpath.js can tell, which includes every error but those of own functions
 */
export type Native = (
  context: unknown,
  variables: Readonly<Record<string, unknown>>,
  scope?: unknown,
) => readonly unknown[];

/**
 * Compiles an expression to functions over plain JSON.
 * @returns undefined when it uses what is left to fhirpath.js
 */
export function compileNative(
  tree: FhirPathNode,
  functions: OwnFunctions | undefined,
  base: string | undefined,
  readers?: ReadonlyMap<string, Reader>,
): Native | undefined {
  const compiled = compileTree(tree, functions, readers);
  if (compiled === undefined) return undefined;
  const { code, names } = compiled;
  const shape = base === undefined || base === '' ? undefined : baseShape(base);
  const rooted = (member: unknown): unknown =>
    shape === undefined || member instanceof types.ResourceNode
      ? received(member)
      : itemOf(member, null, shape);
  return (context, variables, scope) => {
    const env: Env = {
      root: isArray(context) ? context.map(rooted) : context == null ? EMPTY : [rooted(context)],
      variables,
      scope,
      known: names === 0 ? NONE : new Array(names),
      index: undefined,
      total: undefined,
      defined: undefined,
    };
    try {
      return resultOf(code.items(env.root, env));
    } catch (error) {
      if (error instanceof Final) throw error.error;
      throw error instanceof Handover ? error : handoverOf(error);
    }
  };
}

const NONE: (Items | undefined)[] = [];

/** An error of one of the engine's own functions: evaluated again, the engine words it with its place. */
function handoverOf(error: unknown): Handover {
  const handover = new Handover('fhirpath.js evaluates this');
  handover.cause = error;
  return handover;
}

/** As the engine answers: elements with their type, and no values that are none. */
function resultOf(items: Items): Items {
  for (const item of items) {
    if (item === null || item === undefined) return items.filter((one) => one !== null && one !== undefined);
  }
  return items;
}
