import { badRequest, errorIssue, FhirError, notFound } from '../../fhir/outcome.ts';
import { isSupportedType } from '../../fhir/types.ts';
import type { Method } from './exchange.ts';

export type InteractionName =
  | 'capabilities'
  | 'batch'
  | 'search-system'
  | 'history-system'
  | 'create'
  | 'search-type'
  | 'search-compartment'
  | 'history-type'
  | 'update-conditional'
  | 'patch-conditional'
  | 'delete-conditional'
  | 'read'
  | 'update'
  | 'patch'
  | 'delete'
  | 'history-instance'
  | 'vread'
  | 'operation'
  | 'options';

/** What a method and a path ask for. */
export interface Route {
  readonly interaction: InteractionName;
  readonly type?: string;
  readonly id?: string;
  /** As written; a version that is no number of ours simply does not exist. */
  readonly version?: string;
  /** Without the `$`. */
  readonly operation?: string;
  /** The type searched within the compartment of type/id; `*` for all. */
  readonly compartmentType?: string;
}

/** R4 datatypes.html#id */
const ID = /^[A-Za-z0-9\-.]{1,64}$/;
const TYPE_LIKE = /^[A-Z][A-Za-z]*$/;

type ByMethod = Partial<Record<Method, InteractionName>>;

const SYSTEM: ByMethod = { GET: 'search-system', POST: 'batch' };
const TYPE: ByMethod = {
  GET: 'search-type',
  POST: 'create',
  PUT: 'update-conditional',
  PATCH: 'patch-conditional',
  DELETE: 'delete-conditional',
};
const INSTANCE: ByMethod = { GET: 'read', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };
const OPERATION: ByMethod = { GET: 'operation', POST: 'operation' };

/**
 * Finds the interaction (R4 http.html) for a path below the base, without surrounding slashes.
 * @throws FhirError 404 for a path that is none, or a type not served; 405 (with the methods allowed).
 */
export function route(method: Method, path: string): Route {
  const segments = path === '' ? [] : path.split('/');
  const [first, second, third, fourth] = segments;
  if (first === undefined) return pick(method, SYSTEM, {});
  if (first === 'metadata' && segments.length === 1) return pick(method, { GET: 'capabilities' }, {});
  if (first === '_history' && segments.length === 1) return pick(method, { GET: 'history-system' }, {});
  if (first === '_search' && segments.length === 1) return pick(method, { POST: 'search-system' }, {});
  if (first.startsWith('$') && segments.length === 1) {
    return pick(method, OPERATION, { operation: first.slice(1) });
  }
  const type = knownType(first);
  if (second === undefined) return pick(method, TYPE, { type });
  if (segments.length === 2) {
    if (second === '_search') return pick(method, { POST: 'search-type' }, { type });
    if (second === '_history') return pick(method, { GET: 'history-type' }, { type });
    if (second.startsWith('$')) return pick(method, OPERATION, { type, operation: second.slice(1) });
    return pick(method, INSTANCE, { type, id: validId(second) });
  }
  const id = validId(second);
  if (third === '_history' && segments.length === 3) {
    return pick(method, { GET: 'history-instance' }, { type, id });
  }
  if (third === '_history' && fourth !== undefined && segments.length === 4) {
    return pick(method, { GET: 'vread' }, { type, id, version: validId(fourth) });
  }
  if (third?.startsWith('$') && segments.length === 3) {
    return pick(method, OPERATION, { type, id, operation: third.slice(1) });
  }
  if (third !== undefined && (third === '*' || TYPE_LIKE.test(third))) {
    const target = { type, id, compartmentType: third === '*' ? third : knownType(third) };
    if (segments.length === 3) return pick(method, { GET: 'search-compartment' }, target);
    if (fourth === '_search' && segments.length === 4) {
      return pick(method, { POST: 'search-compartment' }, target);
    }
  }
  throw notFound('There is no interaction at this path. See metadata for what is served.');
}

function pick(method: Method, allowed: ByMethod, target: Omit<Route, 'interaction'>): Route {
  if (method === 'OPTIONS') return { interaction: 'options', ...target };
  const interaction = allowed[method === 'HEAD' ? 'GET' : method];
  if (interaction !== undefined) return { interaction, ...target };
  const methods = Object.keys(allowed);
  if (methods.includes('GET')) methods.push('HEAD');
  throw new MethodNotAllowed([...methods, 'OPTIONS']);
}

/** 405, with the methods for the `Allow` header. */
export class MethodNotAllowed extends FhirError {
  readonly allow: string;

  constructor(methods: readonly string[]) {
    super(405, [
      errorIssue('not-supported', `This method is not served here; allowed: ${methods.join(', ')}.`),
    ]);
    this.allow = methods.join(', ');
  }
}

function knownType(name: string): string {
  if (isSupportedType(name)) return name;
  throw notFound(
    TYPE_LIKE.test(name) && name.length <= 64
      ? `The resource type ${name} is not served here. See metadata for the types that are.`
      : 'There is no interaction at this path. See metadata for what is served.',
  );
}

function validId(text: string): string {
  if (ID.test(text)) return text;
  throw badRequest(
    'An id has 1 to 64 of the characters A-Z a-z 0-9 - and . (R4 datatypes.html#id).',
    'http.id',
  );
}
