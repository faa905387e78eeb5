import type { ElementDefinitionConstraint } from '@medplum/fhirtypes';
import { type CompiledFhirPath, compileFhirPath, FhirPathError } from '../fhirpath.ts';
import { FhirError } from '../outcome.ts';
import { NATIVE_RULES } from './native-rules.ts';
import { evaluateIn, RULE_FUNCTIONS } from './rule-functions.ts';
import type { Run } from './run.ts';

/** A constraint of a definition, ready to be evaluated. */
export interface Invariant {
  readonly key: string;
  readonly severity: 'error' | 'warning';
  readonly human: string;
  /** True or false; undefined when the data does not decide it (FHIRPath's empty collection). */
  holds(run: Run, value: unknown): boolean | undefined;
}

/** What the checker itself looks after: values or children, extensions, references, contained, narrative. */
const STRUCTURAL: ReadonlySet<string> = new Set(
  'ele-1 ext-1 ref-1 dom-2 dom-3 dom-4 dom-5 txt-1 txt-2'.split(' '),
);
/** Advice that resources should have a narrative: said to every client of every write, it only hides real findings. */
const ADVICE: ReadonlySet<string> = new Set(['dom-6']);

const MOST_MESSAGE = 400;

/**
 * Compiles the constraints of an element, without those that the structure check covers.
 * @param path the element they are evaluated on (`Patient.contact`); a resource or a type by its name
 * @param untrusted they may have been stored by a client
 */
export function compileInvariants(
  constraints: readonly ElementDefinitionConstraint[] | undefined,
  path: string,
  untrusted = false,
): readonly Invariant[] {
  return (constraints ?? []).flatMap((constraint) => {
    const key = constraint.key ?? '';
    if (constraint.expression === undefined || STRUCTURAL.has(key) || ADVICE.has(key)) {
      return [];
    }
    const holds =
      NATIVE_RULES.get(constraint.expression) ?? byFhirPath(constraint.expression, path, untrusted);
    const severity = constraint.severity === 'warning' ? ('warning' as const) : ('error' as const);
    const human = (constraint.human ?? constraint.expression).slice(0, MOST_MESSAGE);
    return [{ key, severity, human, holds }];
  });
}

/** Compiled at the first evaluation: most rules of most types are never needed. */
function byFhirPath(expression: string, path: string, untrusted: boolean): Invariant['holds'] {
  let compiled: CompiledFhirPath | null | undefined;
  return (run, value) => {
    if (compiled === undefined) {
      compiled = tryCompile(expression, path, untrusted);
    }
    if (compiled === null) {
      return undefined;
    }
    let result: unknown[];
    try {
      result = evaluateIn(
        run,
        () => compiled?.(value, { resource: run.resource, rootResource: run.root }) ?? [],
      );
    } catch (error) {
      if (error instanceof FhirError) throw error;
      // An operator met several values where it takes one (the structure check has said what is wrong with them), or
      // the rule asks for a profile, a value set or a resource that is not at hand.
      return undefined;
    }
    return result.length === 0 ? undefined : result.length > 1 || result[0] !== false;
  };
}

function tryCompile(expression: string, path: string, untrusted: boolean): CompiledFhirPath | null {
  try {
    return compileFhirPath(expression, { base: path, functions: RULE_FUNCTIONS, untrusted });
  } catch (error) {
    if (error instanceof FhirPathError) {
      return null;
    }
    throw error;
  }
}

/** Evaluates the rules on a value and reports the broken ones. */
export function checkRules(run: Run, rules: readonly Invariant[], value: unknown): void {
  for (const rule of rules) {
    if (rule.holds(run, value) === false) {
      run.add(rule.severity, 'invariant', `breaks the rule ${rule.key}: ${rule.human}`);
    }
  }
}
