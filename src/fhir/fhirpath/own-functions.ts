import type { UserInvocationTable } from 'fhirpath';
import { type Code, collected, Final } from './code.ts';
import { bareValue, CONTEXT, EMPTY, type Items } from './item.ts';
import { parameterOf } from './library.ts';
import type { Parameters } from './macros.ts';

const { isArray } = Array;

export type OwnFunctions = UserInvocationTable;

/** What the engine reads of a function in the table. */
interface OwnFunction {
  readonly fn: (this: unknown, ...parameters: unknown[]) => unknown;
  readonly arity?: { readonly [count: number]: readonly unknown[] | undefined };
  readonly nullable?: boolean;
  readonly internalStructures?: boolean;
  readonly variadicArity?: unknown;
}

const KINDS: ReadonlySet<unknown> = new Set([
  'Any',
  'AnyAtRoot',
  'String',
  'Integer',
  'Number',
  'Boolean',
  'Expr',
]);

/** A call of a function of the caller's; undefined when it takes what only the engine can give it. */
export function ownFunctionCode(own: unknown, source: Code, parameters: Parameters): Code | undefined {
  const { fn, arity, nullable, internalStructures, variadicArity } = own as OwnFunction;
  if (arity === undefined && parameters.count > 0) return undefined;
  const kinds = arity === undefined ? [] : arity[parameters.count];
  if (kinds === undefined || variadicArity !== undefined || !kinds.every((kind) => KINDS.has(kind)))
    return undefined;
  const codes = kinds.map((kind, at) => ({ kind: kind as string, code: parameters.code(at) }));
  const given = internalStructures === true ? (value: unknown) => value : withoutTypes;
  return {
    items: (self, env) => {
      const items = source.items(self, env);
      const values: unknown[] = [given(items)];
      let empty = items.length === 0;
      for (const { kind, code } of codes) {
        if (kind === 'Expr') values.push((data: unknown) => code.items(collected(data), env));
        else {
          const value = parameterOf(kind, code.items(self, env));
          empty ||= isArray(value) && value.length === 0;
          values.push(given(value));
        }
      }
      return nullable === true && empty ? EMPTY : collected(called(fn, values));
    },
  };
}

function withoutTypes(value: unknown): unknown {
  return isArray(value) ? (value as Items).map(bareValue) : value;
}

/** What it throws is the caller's own, and reaches the caller as it is. */
function called(fn: OwnFunction['fn'], values: unknown[]): unknown {
  try {
    return fn.apply(CONTEXT, values);
  } catch (error) {
    throw error instanceof Final ? error : new Final(error);
  }
}
