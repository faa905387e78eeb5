import { type ElementProperty, elementProperties } from './element-types.ts';

/** A value with its FHIR type: `{type: 'CodeableConcept', value: {…}}`. */
export interface TypedValue {
  readonly type: string;
  readonly value: unknown;
}

/** Finds the values of a search parameter in a resource (or element). */
export interface CompiledPath {
  readonly find: (root: unknown) => readonly TypedValue[];
  /** The types that values can have. */
  readonly types: ReadonlySet<string>;
  /** Whether there can be more than one value. */
  readonly repeats: boolean;
  /** Where all values are plain codes: the systems that their bindings imply. */
  readonly systems: ReadonlySet<string>;
}

type Record_ = Readonly<Record<string, unknown>>;
type Step = (values: readonly TypedValue[]) => readonly TypedValue[];

interface State {
  readonly types: ReadonlySet<string>;
  readonly repeats: boolean;
  readonly systems: ReadonlySet<string>;
  readonly steps: readonly Step[];
  /** The JSON names of the first step: without any of them nothing is found. */
  readonly heads?: readonly string[];
}

const NOTHING: readonly TypedValue[] = [];

/** The expression uses FHIRPath beyond what search parameters of R4 need. */
export class UnsupportedPathError extends Error {}

const isObject = (value: unknown): value is Record_ => typeof value === 'object' && value !== null;

function childStep(properties: readonly ElementProperty[]): Step {
  return (values) => {
    const found: TypedValue[] = [];
    for (const { value } of values) {
      if (!isObject(value)) {
        continue;
      }
      for (const { name, type } of properties) {
        const child = value[name];
        if (Array.isArray(child)) {
          for (const item of child) {
            if (item !== null && item !== undefined) {
              found.push({ type, value: item });
            }
          }
        } else if (child !== undefined && child !== null) {
          found.push({ type, value: child });
        }
      }
    }
    return found;
  };
}

function child(state: State, name: string, expression: string): State {
  const properties = [...state.types].flatMap((type) => elementProperties(type, name));
  if (properties.length === 0) {
    throw new UnsupportedPathError(`No element "${name}" in ${[...state.types].join(', ')} (${expression})`);
  }
  const distinct = [
    ...new Map(properties.map((property) => [property.name + property.type, property])).values(),
  ];
  const heads = state.steps.length === 0 ? distinct.map((property) => property.name) : state.heads;
  return {
    ...(heads === undefined ? {} : { heads }),
    types: new Set(distinct.map(({ type }) => type)),
    repeats: state.repeats || distinct.some(({ repeats }) => repeats),
    systems: new Set(distinct.map(({ system }) => system).filter((system) => system !== undefined)),
    steps: [...state.steps, childStep(distinct)],
  };
}

function ofType(state: State, type: string): State {
  // R4 spells one parameter `value.ofType(DateTime)`.
  const wanted = [...state.types].find((known) => known.toLowerCase() === type.toLowerCase()) ?? type;
  return {
    ...state,
    types: new Set([wanted]),
    steps: [...state.steps, (values) => values.filter((value) => value.type === wanted)],
  };
}

function referenceLeadsTo(type: string): (value: unknown) => boolean {
  const pattern = new RegExp(`(^|/)${type}/[^/]+(/_history/[^/]+)?$`);
  return (value) =>
    isObject(value) &&
    (value.type === type || (typeof value.reference === 'string' && pattern.test(value.reference)));
}

function filter(state: State, keep: (value: unknown) => boolean): State {
  return { ...state, steps: [...state.steps, (values) => values.filter(({ value }) => keep(value))] };
}

const WHERE_RESOLVE = /^where\(resolve\(\) is ([A-Za-z]+)\)$/;
const WHERE_EQUALS = /^where\(([A-Za-z]+) *= *'([^']*)'\)$/;
const OF_TYPE = /^(?:ofType|as)\(([A-Za-z]+)\)$/;
const EXTENSION = /^extension\('([^']+)'\)$/;
const INDEXED = /^([A-Za-z]+)\[(\d+)\]$/;

function step(state: State, text: string, expression: string): State {
  const [, resolved] = WHERE_RESOLVE.exec(text) ?? [];
  if (resolved !== undefined) {
    return filter(state, referenceLeadsTo(resolved));
  }
  const [, property, literal] = WHERE_EQUALS.exec(text) ?? [];
  if (property !== undefined) {
    return filter(state, (value) => isObject(value) && value[property] === literal);
  }
  const [, type] = OF_TYPE.exec(text) ?? [];
  if (type !== undefined) {
    return ofType(state, type);
  }
  const [, url] = EXTENSION.exec(text) ?? [];
  if (url !== undefined) {
    const all: State = {
      types: new Set(['Extension']),
      repeats: true,
      systems: new Set(),
      steps: [...state.steps, childStep([{ name: 'extension', type: 'Extension', repeats: true }])],
    };
    return filter(all, (value) => isObject(value) && value.url === url);
  }
  const [, indexed, index] = INDEXED.exec(text) ?? [];
  if (indexed !== undefined) {
    const at = Number(index);
    const found = child(state, indexed, expression);
    return {
      ...found,
      repeats: state.repeats,
      steps: [...found.steps, (values) => values.slice(at, at + 1)],
    };
  }
  if (/^[A-Za-z]+$/.test(text)) {
    return child(state, text, expression);
  }
  throw new UnsupportedPathError(`Cannot follow "${text}" in ${expression}`);
}

/** Splits at a separator that stands outside parentheses and quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let quoted = false;
  let part = '';
  for (const character of text) {
    if (character === "'") {
      quoted = !quoted;
    } else if (!quoted && character === '(') {
      depth++;
    } else if (!quoted && character === ')') {
      depth--;
    }
    if (character === separator && depth === 0 && !quoted) {
      parts.push(part);
      part = '';
    } else {
      part += character;
    }
  }
  parts.push(part);
  return parts.map((each) => each.trim());
}

/** `(a.b).c` and `a as T` to plain steps: `a.b.c`, `a.ofType(T)`. */
function normalise(text: string): string {
  const cast = /^\(?([^()]+) as ([A-Za-z]+)\)?$/.exec(text);
  if (cast !== null) {
    return `${cast[1]?.trim()}.ofType(${cast[2]})`;
  }
  if (!text.startsWith('(')) {
    return text;
  }
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    depth += text[at] === '(' ? 1 : text[at] === ')' ? -1 : 0;
    if (depth === 0) {
      return normalise(text.slice(1, at)) + text.slice(at + 1);
    }
  }
  return text;
}

const EXISTS_AND_NOT_FALSE = /^([A-Za-z.]+)\.exists\(\) and \1 != false$/;

/** `deceased.exists() and deceased != false` is one boolean, always present. */
function existsAndNotFalse(path: string, type: string): CompiledPath {
  const inner = compilePath(path, type);
  const find = (root: unknown): readonly TypedValue[] => [
    { type: 'boolean', value: inner.find(root).some(({ value }) => value !== false) },
  ];
  return { find, types: new Set(['boolean']), repeats: false, systems: new Set() };
}

function compileBranch(branch: string, type: string): State | undefined {
  const steps = splitOutside(normalise(branch), '.');
  const [head = ''] = steps;
  const rooted = head === type || head === 'Resource' || head === 'DomainResource' || head === '%resource';
  const otherType = !rooted && /^[A-Z]/.test(head);
  if (otherType) {
    return undefined;
  }
  const start: State = { types: new Set([type]), repeats: false, systems: new Set(), steps: [] };
  return steps.slice(rooted ? 1 : 0).reduce((state, text) => step(state, text, branch), start);
}

/** The branches of a union that belong to a type, each as the compiler reads it: equal texts find the same values. */
export function branchesOf(expression: string, type: string): readonly string[] {
  return splitOutside(expression, '|')
    .map(normalise)
    .filter((branch) => !/^[A-Z]/.test(branch) || branch.split('.')[0] === type);
}

function findBranch({ heads, steps }: State, type: string): CompiledPath['find'] {
  return (root) => {
    // Most parameters of a resource are about elements that it does not have.
    if (heads !== undefined && isObject(root) && lacksAll(root, heads)) {
      return NOTHING;
    }
    let values: readonly TypedValue[] = [{ type, value: root }];
    for (const next of steps) {
      values = next(values);
      if (values.length === 0) return NOTHING;
    }
    return values;
  };
}

function lacksAll(value: Record_, names: readonly string[]): boolean {
  for (const name of names) {
    if (value[name] !== undefined) return false;
  }
  return true;
}

/**
 * Compiles the expression of a search parameter for one resource type (or backbone path, for components of a
 * composite). Branches of a union that belong to other types are left out.
 * The language is what R4 search parameters are written in: names, `|`, `as`, `ofType()`, `where(resolve() is T)`,
 * `where(name = 'literal')`, `extension('url')`, `[n]`.
 * @throws UnsupportedPathError for anything else
 */
export function compilePath(expression: string, type: string): CompiledPath {
  const [, path] = EXISTS_AND_NOT_FALSE.exec(expression) ?? [];
  if (path !== undefined) {
    return existsAndNotFalse(path, type);
  }
  const branches = splitOutside(expression, '|')
    .map((branch) => compileBranch(branch, type))
    .filter((state) => state !== undefined);
  const finders = branches.map((branch) => findBranch(branch, type));
  const [only] = finders;
  return {
    find: only !== undefined && finders.length === 1 ? only : (root) => finders.flatMap((find) => find(root)),
    types: new Set(branches.flatMap(({ types }) => [...types])),
    systems: new Set(branches.flatMap(({ systems }) => [...systems])),
    repeats: branches.length > 1 || branches.some(({ repeats }) => repeats),
  };
}
