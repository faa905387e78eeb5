import type { UserInvocationTable } from 'fhirpath';
import r4 from 'fhirpath/fhir-context/r4';
// The CommonJS build: the compiler shares its classes, and the package has another copy of them in its other build.
import fhirpath from 'fhirpath/src/fhirpath.js';
import { bareValue, Handover } from './fhirpath/item.ts';
import { limited } from './fhirpath/limited.ts';
import { compileNative } from './fhirpath/native.ts';
import { type FhirPathNode, parseFhirPath } from './fhirpath/parse.ts';
import { mayRunLong } from './fhirpath/runs-long.ts';

export { dateTimeAt, millisecondsOf } from './fhirpath/instant.ts';
export { bareValue as fhirPathValue } from './fhirpath/item.ts';
export { FhirPathError, parseFhirPath } from './fhirpath/parse.ts';
/** The value of a variable, resources with their type: made once for all expressions that ask for it. */
export { receivedAll as fhirPathItems } from './fhirpath/variables.ts';

export interface FhirPathOptions {
  /** Functions of our own, or replacements; they run synchronously. */
  readonly functions?: UserInvocationTable;
  /** Allow `today()`, `now()` and `timeOfDay()`. Without it an expression depends on its data alone. */
  readonly allowClock?: boolean;
  /** The path of the element that the expression is evaluated on (`Patient.contact`), when it is not a resource. */
  readonly base?: string;
  /**
   * Hand back the engine's own items instead of plain values: as a variable of another expression they keep their
   * type (a dateTime stays a dateTime).
   */
  readonly typed?: boolean;
  /** Written by a client: what may run long by its form gets a second, and a minute's rest when that was not enough. */
  readonly untrusted?: boolean;
}

/**
 * @param context a resource, an element (then say `base`), or an array of them; it is not changed
 * @param variables values of `%name`, without the percent sign; read by name, and only when the expression asks
 * @returns the collection as plain values: objects, strings (also dates), numbers, booleans
 * @throws Error when the expression meets data it cannot work on (an operator on two items, an unset variable);
 *   FhirError 422 too-costly when an untrusted one takes too long
 */
export type CompiledFhirPath = (context: unknown, variables?: Record<string, unknown>) => unknown[];

const CLOCK: ReadonlySet<string> = new Set(['today', 'now', 'timeOfDay']);
/** These ask servers in the network or write to the console; an own function of that name may take their place. */
const OUTSIDE: ReadonlySet<string> = new Set([
  'resolve',
  'memberOf',
  'subsumes',
  'subsumedBy',
  'validateVS',
  'conformsTo',
]);

/** Keeps `trace()` quiet: what is traced may be a citizen's data. */
const traceFn = () => {};

/** An expression whose variables are read from a scope, and only when it comes to them. */
export type ScopedFhirPath<Scope> = (context: unknown, scope: Scope) => readonly unknown[];

/**
 * Compiles an expression for one whose variables are read in its own way, and who keeps what is compiled. Results are
 * typed, and nobody changes them.
 * @param readers of every variable: gives a collection as other expressions give it
 * @param variables the same as an object, for the engine
 * @throws FhirPathError
 */
export function compileScopedFhirPath<Scope>(
  expression: string,
  functions: UserInvocationTable,
  readers: ReadonlyMap<string, (scope: Scope) => readonly unknown[]>,
  variables: (scope: Scope) => Record<string, unknown>,
): ScopedFhirPath<Scope> {
  const options = { functions, typed: true };
  const tree = parseFhirPath(expression, (node) => refuse(node, options));
  const native = compileNative(tree, functions, undefined, readers);
  const names = Object.fromEntries([...readers.keys()].map((name) => [name, undefined]));
  let engine: CompiledFhirPath | undefined;
  return (context, scope) => {
    if (native !== undefined) {
      try {
        return native(context, names, scope);
      } catch (error) {
        if (!(error instanceof Handover)) throw error;
      }
    }
    engine ??= byEngine(expression, options);
    return engine(context, variables(scope));
  };
}

const plain = new Map<string, CompiledFhirPath>();
const withFunctions = new WeakMap<UserInvocationTable, Map<string, CompiledFhirPath>>();

/**
 * Compiles FHIRPath (http://hl7.org/fhirpath, with the R4 additions) once per expression and options; the same
 * evaluator is given to all who ask. Compiling takes 1 to 50 ms, evaluating 5 to 50 µs.
 * @throws FhirPathError with message and position on a syntax error, and on a function that is not allowed here
 */
export function compileFhirPath(expression: string, options: FhirPathOptions = {}): CompiledFhirPath {
  const cache = cacheFor(options.functions);
  const { allowClock = false, typed = false, untrusted = false, base = '' } = options;
  const key = [allowClock, typed, untrusted, base, expression].join('|');
  let compiled = cache.get(key);
  if (compiled === undefined) {
    compiled = compile(expression, options);
    cache.set(key, compiled);
  }
  return compiled;
}

function cacheFor(functions: UserInvocationTable | undefined): Map<string, CompiledFhirPath> {
  if (functions === undefined) {
    return plain;
  }
  let cache = withFunctions.get(functions);
  if (cache === undefined) {
    cache = new Map();
    withFunctions.set(functions, cache);
  }
  return cache;
}

function compile(expression: string, options: FhirPathOptions): CompiledFhirPath {
  const tree = parseFhirPath(expression, (node) => refuse(node, options));
  const native = compileNative(tree, options.functions, options.base);
  let engine: CompiledFhirPath | undefined;
  const unlimited: CompiledFhirPath = (context, variables = {}) => {
    if (native !== undefined) {
      try {
        return native(context, variables) as unknown[];
      } catch (error) {
        if (!(error instanceof Handover)) throw error;
      }
    }
    engine ??= byEngine(expression, options);
    return engine(context, variables);
  };
  const evaluate = options.untrusted === true && mayRunLong(tree) ? limited(unlimited) : unlimited;
  return options.typed === true
    ? evaluate
    : (context, variables) => evaluate(context, variables).map(toPlain);
}

/** fhirpath.js itself, for what is not compiled and to word errors. Its items come with their type. */
function byEngine(expression: string, options: FhirPathOptions): CompiledFhirPath {
  const evaluate = fhirpath.compile(
    options.base === undefined ? expression : { base: options.base, expression },
    r4,
    {
      async: false,
      // The engine would otherwise mark every object it returns with its context, which a later evaluation of
      // that object then takes up, old variables included. Values are made plain below.
      resolveInternalTypes: false,
      traceFn,
      ...(options.functions === undefined ? {} : { userInvocationTable: options.functions }),
    },
  );
  return (context, variables) => evaluate(context, variables ?? {});
}

function refuse(node: FhirPathNode, options: FhirPathOptions): string | undefined {
  if (node.type !== 'FunctionInvocation' || node.text === undefined) {
    return undefined;
  }
  if (options.functions !== undefined && Object.hasOwn(options.functions, node.text)) {
    return undefined;
  }
  if (CLOCK.has(node.text) && options.allowClock !== true) {
    return `${node.text}() is not allowed here: the result must depend on the data alone; compare with a given date (for example %asOf) instead`;
  }
  if (OUTSIDE.has(node.text)) {
    return `${node.text}() is not available here`;
  }
  return undefined;
}

/** Objects of the data are handed back themselves; the engine's own dates, decimals and quantities as JSON has them. */
function toPlain(item: unknown): unknown {
  const value: unknown = bareValue(item);
  if (typeof value === 'bigint') {
    return value.toString();
  }
  if (
    typeof value === 'object' &&
    value !== null &&
    'toJSON' in value &&
    typeof value.toJSON === 'function'
  ) {
    return value.toJSON();
  }
  return value;
}
