import type { UserInvocationTable } from 'fhirpath';
import { codesOf } from './codes-of.ts';
import { isObject, type Json } from './json-object.ts';
import { conforms } from './profile/check-profile.ts';
import type { Run } from './run.ts';

/** A rule asks for something that is not at hand here; it is then left open. One for all: each would note its stack. */
const UNKNOWN = new Error('not at hand');

/** The validation whose rule is being evaluated; evaluation is synchronous, and may nest by conformsTo(). */
let current: Run | undefined;

export function evaluateIn<T>(run: Run, evaluate: () => T): T {
  const outer = current;
  current = run;
  try {
    return evaluate();
  } finally {
    current = outer;
  }
}

function running(): Run {
  if (current === undefined) {
    throw UNKNOWN;
  }
  return current;
}

/** The functions that FHIR adds to FHIRPath for rules (R4 fhirpath.html#functions), answered from what is loaded. */
export const RULE_FUNCTIONS: UserInvocationTable = {
  conformsTo: { fn: conformsTo, arity: { 1: ['String'] } },
  memberOf: { fn: memberOf, arity: { 1: ['String'] } },
  resolve: { fn: resolve, arity: { 0: [] } },
};

function conformsTo(values: readonly unknown[], url: string): boolean[] {
  const run = running();
  return values.map((value) => {
    if (run.context.profile(url) === undefined) {
      throw UNKNOWN;
    }
    return conforms(run, url, value);
  });
}

function memberOf(values: readonly unknown[], url: string): boolean[] {
  const member = running().context.membership(url);
  return values.map((value) => {
    const answers = codesOf(value).map(([system, code]) => member?.(system, code));
    if (answers.includes(true)) {
      return true;
    }
    if (member === undefined || answers.includes(undefined)) {
      throw UNKNOWN;
    }
    return false;
  });
}

/** Finds what is contained, or in the same Bundle; a reference out of it leaves the rule open. */
function resolve(values: readonly unknown[]): unknown[] {
  const run = running();
  return values.flatMap((value) => {
    const reference = isObject(value) ? value.reference : value;
    if (typeof reference !== 'string') {
      return [];
    }
    const found = reference.startsWith('#') ? contained(run, reference) : inBundle(run, reference);
    if (found === undefined) {
      throw UNKNOWN;
    }
    return [found];
  });
}

function contained(run: Run, reference: string): unknown {
  const all: unknown[] = Array.isArray(run.root.contained) ? run.root.contained : [];
  return reference === '#'
    ? run.root
    : all.find((resource) => isObject(resource) && `#${resource.id}` === reference);
}

function inBundle(run: Run, reference: string): unknown {
  const entries: unknown[] = Array.isArray(run.outermost.entry) ? run.outermost.entry : [];
  const named = (entry: Json): boolean => {
    const resource = isObject(entry.resource) ? entry.resource : {};
    return entry.fullUrl === reference || `${resource.resourceType}/${resource.id}` === reference;
  };
  const entry = entries.find((candidate) => isObject(candidate) && named(candidate));
  return isObject(entry) ? entry.resource : undefined;
}
