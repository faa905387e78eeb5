import { createHash } from 'node:crypto';
import type { SearchParameter } from '@medplum/fhirtypes';
import { bundleFile } from '../definitions/bundle-file.ts';
import { isSupportedType, SUPPORTED_TYPES } from '../types.ts';
import { evaluatedPath } from './evaluated-path.ts';
import { type CompiledPath, compilePath, UnsupportedPathError } from './path.ts';
import { type SharedRows, sameRows, sharedRowsOf } from './shared-rows.ts';

type ParameterType = 'token' | 'string' | 'reference' | 'date' | 'number' | 'quantity' | 'uri' | 'composite';

/** A search parameter as one resource type has it. */
export interface Parameter {
  /** Number that index rows carry: a hash of `Type.code`, the same on every server. */
  readonly id: number;
  readonly resourceType: string;
  readonly code: string;
  readonly type: ParameterType;
  readonly url: string;
  /** Types that a reference may lead to; empty for other parameters. */
  readonly targets: readonly string[];
  /** Finds the values; for a composite the elements whose parts belong together. */
  readonly path: CompiledPath;
  readonly components: readonly Component[];
  readonly definition: SearchParameter;
  /** Codes of the parameters of the type under which its values are indexed: its own, unless others have the same values. */
  readonly under: readonly string[];
  /** Of those rows, only the ones that lead to this type. */
  readonly only?: string;
  /** R4's own, with rows of its own only because a definition of others took the place of one that shared them. */
  readonly apart: boolean;
}

export interface Component {
  readonly code: string;
  readonly type: Exclude<ParameterType, 'composite'>;
  readonly targets: readonly string[];
  /** Relative to the element that the composite's path finds, by the type of that element. */
  readonly find: (element: {
    readonly type: string;
    readonly value: unknown;
  }) => ReturnType<CompiledPath['find']>;
}

/** Second indexes of one parameter, beside its plain values. */
export type Aspect =
  | 'identifier'
  | 'of-type'
  | 'text'
  /** Of a reference without rows of its own: the value there is leads to another type. */
  | 'elsewhere';

const INDEXED: ReadonlySet<string> = new Set([
  'token',
  'string',
  'reference',
  'date',
  'number',
  'quantity',
  'uri',
  'composite',
]);

const ids = new Map<string, number>();

function hashId(name: string): number {
  let id = ids.get(name);
  if (id === undefined) {
    id = createHash('sha256').update(name).digest().readInt32BE(0);
    ids.set(name, id);
  }
  return id;
}

/** The id of a parameter's index rows, or of a second index beside it; for codes that are known, since ids are remembered. */
export function parameterId(resourceType: string, code: string, aspect?: Aspect): number {
  return hashId(aspect === undefined ? `${resourceType}.${code}` : `${resourceType}.${code}:${aspect}`);
}

/** The ids under which the values of a parameter, or what a second index has beside them, are to be found. */
export function indexedUnder({ resourceType, under }: Parameter, aspect?: Aspect): readonly number[] {
  return under.map((code) => parameterId(resourceType, code, aspect));
}

const file = bundleFile('search-parameters');
const standardUrls = new Map<string, SearchParameter>();
const standardByType = new Map<string, SearchParameter[]>();

function loadStandard(): void {
  if (standardUrls.size > 0) {
    return;
  }
  for (const key of file.keys()) {
    const definition = file.read(key) as SearchParameter;
    standardUrls.set(definition.url as string, definition);
    for (const base of definition.base ?? []) {
      const list = standardByType.get(base) ?? [];
      list.push(definition);
      standardByType.set(base, list);
    }
  }
}

/** All search parameters of the types that this server stores; immutable. */
export interface ParameterRegistry {
  /** By code, `_tag`, `_profile`, `_security`, `_source` among them. Empty for a type that is not supported. */
  of(resourceType: string): ReadonlyMap<string, Parameter>;
  /** Codes that are known but not served yet: the resources there are have to be indexed by them first. */
  waiting?(resourceType: string): ReadonlySet<string>;
  /** Parameters that cannot be served, each type by itself. */
  refused?(): readonly RefusedParameter[];
}

interface RefusedParameter {
  readonly resourceType: string;
  readonly code: string;
  readonly url: string;
  readonly reason: string;
}

/** Compiles the expression of a parameter; what is beyond R4's own ones is left to an evaluator. */
function pathOf(expression: string, type: string): CompiledPath {
  try {
    return compilePath(expression, type);
  } catch (error) {
    if (error instanceof UnsupportedPathError) {
      return evaluatedPath(expression, type);
    }
    throw error;
  }
}

function components(
  definition: SearchParameter,
  byUrl: (url: string) => SearchParameter | undefined,
): Component[] {
  return (definition.component ?? []).map((component) => {
    const target = byUrl(component.definition ?? '');
    const expression = component.expression ?? '';
    const compiled = new Map<string, CompiledPath>();
    return {
      code: target?.code ?? expression,
      type: (target?.type ?? 'token') as Component['type'],
      targets: target?.target ?? [],
      find: ({ type, value }) => {
        let path = compiled.get(type);
        if (path === undefined) {
          path = componentPath(expression, type);
          compiled.set(type, path);
        }
        return path.find(value);
      },
    };
  });
}

/** What a component's expression cannot find in an element of this type, it does not find. */
function componentPath(expression: string, type: string): CompiledPath {
  try {
    return compilePath(expression, type);
  } catch (error) {
    if (error instanceof UnsupportedPathError) {
      return { find: () => [], types: new Set(), repeats: false, systems: new Set() };
    }
    throw error;
  }
}

/** Whether a parameter is of a type, by its `base`. */
function isOf({ base = [] }: SearchParameter, resourceType: string): boolean {
  return base.some(
    (each: string) => each === resourceType || each === 'Resource' || each === 'DomainResource',
  );
}

/**
 * Why a parameter, of a package or a stored one, cannot be served for a type; undefined when it can.
 * The text is for operators: it names the parameter's own expression.
 */
function parameterFault(definition: SearchParameter, resourceType: string): string | undefined {
  const { code, type, expression } = definition;
  loadStandard();
  if (code === '_id' || code === '_lastUpdated' || !/^[A-Za-z_][\w-]*$/.test(code ?? '')) {
    return 'its code is none that a search can name';
  }
  const standard = [...(standardByType.get('Resource') ?? []), ...(standardByType.get(resourceType) ?? [])];
  const own = standard.find((each) => each.code === code);
  if (own !== undefined && own.url !== definition.url) {
    return `FHIR R4 defines ${code} for ${resourceType} already`;
  }
  if (!INDEXED.has(type ?? '')) return 'its type is special, which needs a program';
  if (expression === undefined) return 'it has no expression';
  try {
    pathOf(expression, resourceType);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const sharedInR4 = new Map<string, ReadonlyMap<string, SharedRows>>();

function sharedRowsInR4(
  resourceType: string,
  standard: readonly SearchParameter[],
): ReadonlyMap<string, SharedRows> {
  let shared = sharedInR4.get(resourceType);
  if (shared === undefined) {
    const indexed = standard.filter(
      ({ type, code, expression }) =>
        INDEXED.has(type as string) && expression !== undefined && code !== '_id' && code !== '_lastUpdated',
    );
    const repeats = (code: string): boolean => {
      const { expression = '' } = indexed.find((each) => each.code === code) ?? {};
      return pathOf(expression, resourceType).repeats;
    };
    shared = sharedRowsOf(indexed, resourceType, repeats);
    sharedInR4.set(resourceType, shared);
  }
  return shared;
}

/**
 * Says where the values of each parameter are indexed. R4's parameters share rows; one that others define anew, and
 * those that shared rows with it, have their own.
 */
function withSharedRows(
  resourceType: string,
  found: ReadonlyMap<string, Omit<Parameter, 'under' | 'only' | 'apart'>>,
  standard: readonly SearchParameter[],
  isReady: (resourceType: string, code: string) => boolean,
): ReadonlyMap<string, Parameter> {
  const isAsInR4 = (code: string): boolean => {
    const own = standard.find((each) => each.code === code);
    const now = found.get(code)?.definition;
    return own !== undefined && now !== undefined && sameRows(own, now);
  };
  const all = sharedRowsInR4(resourceType, standard);
  const result = new Map<string, Parameter>();
  for (const [code, parameter] of found) {
    const rows = all.get(code);
    const holds = rows !== undefined && [code, ...rows.under].every(isAsInR4);
    if (rows === undefined || holds) {
      result.set(code, { ...parameter, under: [code], apart: false, ...(holds ? rows : {}) });
    } else if (isReady(resourceType, code)) {
      result.set(code, { ...parameter, under: [code], apart: standard.includes(parameter.definition) });
    }
  }
  return result;
}

/**
 * Opens a registry of R4's parameters and the given further ones, which win over R4's of the same code.
 * Parameters of a type are compiled at the first question for it; those with a {@link parameterFault} are left out.
 * @param isReady whether a further parameter can be searched by already
 */
export function createParameterRegistry(
  further: readonly SearchParameter[] = [],
  isReady: (resourceType: string, code: string) => boolean = () => true,
): ParameterRegistry {
  const byType = new Map<string, ReadonlyMap<string, Parameter>>();
  const byUrl = (url: string) => further.find((each) => each.url === url) ?? standardUrls.get(url);
  const build = (resourceType: string): ReadonlyMap<string, Parameter> => {
    loadStandard();
    const found = new Map<string, Omit<Parameter, 'under' | 'only' | 'apart'>>();
    const mine = further.filter((each) => isOf(each, resourceType));
    const standard = [...(standardByType.get('Resource') ?? []), ...(standardByType.get(resourceType) ?? [])];
    const definitions = [...standard, ...mine];
    for (const definition of definitions) {
      const code = definition.code as string;
      // `_id` and `_lastUpdated` are columns; what has no expression has its own rules.
      if (
        definition.expression === undefined ||
        !INDEXED.has(definition.type as string) ||
        code === '_id' ||
        code === '_lastUpdated' ||
        (mine.includes(definition) && parameterFault(definition, resourceType) !== undefined)
      ) {
        continue;
      }
      if (mine.includes(definition) && !isReady(resourceType, code)) {
        found.delete(code);
        continue;
      }
      found.set(code, {
        id: parameterId(resourceType, code),
        resourceType,
        code,
        type: definition.type as ParameterType,
        url: definition.url as string,
        targets: definition.target ?? [],
        path: pathOf(definition.expression, resourceType),
        components: components(definition, byUrl),
        definition,
      });
    }
    return withSharedRows(resourceType, found, standard, isReady);
  };
  return {
    of(resourceType) {
      let found = byType.get(resourceType);
      if (found === undefined) {
        found = isSupportedType(resourceType) ? build(resourceType) : new Map();
        byType.set(resourceType, found);
      }
      return found;
    },
    waiting: (resourceType) =>
      new Set(
        further
          .filter((each) => isOf(each, resourceType) && !isReady(resourceType, each.code ?? ''))
          .filter((each) => parameterFault(each, resourceType) === undefined)
          .map(({ code = '' }) => code),
      ),
    refused: () =>
      further.flatMap((each) =>
        SUPPORTED_TYPES.filter((type) => isOf(each, type)).flatMap((resourceType) => {
          const reason = parameterFault(each, resourceType);
          const { code = '', url = '' } = each;
          return reason === undefined ? [] : [{ resourceType, code, url, reason }];
        }),
      ),
  };
}

/** R4's own parameters. */
export const STANDARD_PARAMETERS: ParameterRegistry = createParameterRegistry();
