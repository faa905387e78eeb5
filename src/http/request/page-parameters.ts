import { badRequest } from '../../fhir/outcome.ts';
import type { Pairs } from './exchange.ts';

/** Entries of a page that the client did not size, and the most that one page may have. */
const DEFAULT_COUNT = 20;
const LARGEST_COUNT = 1000;

/** The parameter of our links that carries where the next page begins. */
export const CURSOR = '_cursor';

/** Parameters about the format of the answer; every interaction takes them. */
const FORMAT_PARAMETERS: ReadonlySet<string> = new Set(['_format', '_pretty']);

export function withoutFormat(query: Pairs): Pairs {
  return query.some(([name]) => FORMAT_PARAMETERS.has(name))
    ? query.filter(([name]) => !FORMAT_PARAMETERS.has(name))
    : query;
}

/**
 * The values of parameters that may stand once each.
 * @throws FhirError 400 for a parameter that is not known here, listing those that are, or a repeated one.
 */
export function singleParameters<Name extends string>(
  query: Pairs,
  known: readonly Name[],
): Partial<Record<Name, string>> {
  const values: Partial<Record<string, string>> = {};
  for (const [name, value] of withoutFormat(query)) {
    if (!(known as readonly string[]).includes(name)) {
      throw badRequest(
        `Unknown parameter. Known here: ${[...known, ...FORMAT_PARAMETERS].join(', ')}.`,
        `http.${printable(name)}`,
        'not-supported',
      );
    }
    if (values[name] !== undefined) throw badRequest('This parameter may be given once.', `http.${name}`);
    values[name] = value;
  }
  return values as Partial<Record<Name, string>>;
}

/** @throws FhirError 400 when it is no whole number; more than the largest page is cut to it. */
export function pageSize(text: string | undefined): number {
  if (text === undefined) return DEFAULT_COUNT;
  if (!/^\d{1,9}$/.test(text)) throw badRequest('_count must be a whole number.', 'http._count');
  return Math.min(Number(text), LARGEST_COUNT);
}

/** A name that is safe to repeat in an answer: an unknown one may be anything, a CPR number too. */
function printable(name: string): string {
  return /^[A-Za-z_][A-Za-z_:.-]{0,63}$/.test(name) ? name : 'parameter';
}
