import { hash } from 'node:crypto';
import type { PlanDefinition } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { compileScopedFhirPath, fhirPathItems } from '../../fhir/fhirpath.ts';
import { type AgreementAt, agreementOf, type EvaluationContext } from '../stays/context.ts';

/** What a `%name` in an expression stands for. */
export type Binding =
  | { readonly kind: 'fact'; readonly name: string }
  | { readonly kind: 'agreement'; readonly at: AgreementAt }
  | { readonly kind: 'asOf' }
  | { readonly kind: 'expression'; readonly expression: Expression };

/**
 * A compiled expression over a stay or a subject. Expressions that mean the same (same text, same bindings all the way down) are
 * one object, so that what six Measures ask of a stay is evaluated once.
 */
export interface Expression {
  readonly text: string;
  /** Equal for expressions that mean the same, in every process. */
  readonly signature: string;
  /** What the names in it stand for. */
  readonly bindings: ReadonlyMap<string, Binding>;
  readonly usesAsOf: boolean;
  /** Set when it depends on nothing but this agreement: then it is evaluated once per agreement. */
  readonly onlyAgreement?: AgreementAt;
  /** @throws Error when the expression cannot work on the data (an operator on two items) */
  evaluate(context: EvaluationContext): readonly unknown[];
}

/** Variables start from `%names`. */
const NO_FOCUS = {};

const registries = new WeakMap<UserInvocationTable, Map<string, Expression>>();

/**
 * @param text FHIRPath; each `%name` in it has a binding
 * @param focus whether the stay is the focus (criteria), or nothing is (variables, which start from `%names`)
 * @throws FhirPathError
 */
export function expressionOf(
  text: string,
  bindings: ReadonlyMap<string, Binding>,
  functions: UserInvocationTable,
  focus: boolean,
): Expression {
  let registry = registries.get(functions);
  if (registry === undefined) {
    registry = new Map();
    registries.set(functions, registry);
  }
  const bound = [...bindings].map(([name, binding]) => `${name}=${identity(binding)}`);
  const signature = hash('sha256', JSON.stringify([text, focus, ...bound]), 'base64url');
  let expression = registry.get(signature);
  if (expression === undefined) {
    expression = create(text, signature, bindings, functions, focus);
    registry.set(signature, expression);
  }
  return expression;
}

function identity(binding: Binding): string {
  switch (binding.kind) {
    case 'fact':
      return binding.name;
    case 'agreement':
      return `agreement at ${binding.at}`;
    case 'asOf':
      return 'as of';
    case 'expression':
      return `expression ${binding.expression.signature}`;
  }
}

function create(
  text: string,
  signature: string,
  bindings: ReadonlyMap<string, Binding>,
  functions: UserInvocationTable,
  focus: boolean,
): Expression {
  const readers = new Map([...bindings].map(([name, binding]) => [name, readerOf(binding)]));
  const compiled = compileScopedFhirPath<EvaluationContext>(text, functions, readers, variablesOf(readers));
  const all = [...bindings.values()];
  const usesAsOf = all.some(
    (binding) => binding.kind === 'asOf' || (binding.kind === 'expression' && binding.expression.usesAsOf),
  );
  const onlyAgreement = focus ? undefined : commonAgreement(all);
  const run = (context: EvaluationContext): readonly unknown[] =>
    fhirPathItems(compiled(focus ? context.focus : NO_FOCUS, context));
  return {
    text,
    signature,
    bindings,
    usesAsOf,
    ...(onlyAgreement === undefined ? {} : { onlyAgreement }),
    evaluate: onlyAgreement ? oncePerAgreement(onlyAgreement, run) : usesAsOf ? run : oncePerContext(run),
  };
}

/** The one agreement that all bindings depend on, and on nothing else. */
function commonAgreement(bindings: readonly Binding[]): AgreementAt | undefined {
  const agreements = bindings.map((binding) => {
    if (binding.kind === 'agreement') return binding.at;
    return binding.kind === 'expression' ? binding.expression.onlyAgreement : undefined;
  });
  const [first] = agreements;
  return agreements.every((at) => at === first) ? first : undefined;
}

/** One stay is evaluated after the other: the value for the last one is all that is asked for again. */
function oncePerContext(
  run: (context: EvaluationContext) => readonly unknown[],
): (context: EvaluationContext) => readonly unknown[] {
  let last: EvaluationContext | undefined;
  let value: readonly unknown[] = [];
  return (context) => {
    if (context !== last) {
      value = run(context);
      last = context;
    }
    return value;
  };
}

const NO_AGREEMENT: PlanDefinition = { resourceType: 'PlanDefinition', status: 'unknown' };

function oncePerAgreement(
  at: AgreementAt,
  run: (context: EvaluationContext) => readonly unknown[],
): (context: EvaluationContext) => readonly unknown[] {
  const values = new WeakMap<PlanDefinition, readonly unknown[]>();
  return (context) => {
    const agreement = agreementOf(context.agreements, at) ?? NO_AGREEMENT;
    let value = values.get(agreement);
    if (value === undefined) {
      value = run(context);
      values.set(agreement, value);
    }
    return value;
  };
}

/** The value of a name, as a collection of typed items. */
function readerOf(binding: Binding): (context: EvaluationContext) => readonly unknown[] {
  switch (binding.kind) {
    case 'fact': {
      const { name } = binding;
      return (context) => context.variables[name] ?? [];
    }
    case 'agreement': {
      const { at } = binding;
      return (context) => fhirPathItems(agreementOf(context.agreements, at));
    }
    case 'asOf':
      return (context) => context.asOf;
    case 'expression':
      return binding.expression.evaluate;
  }
}

/** The variables as an object for the engine, which asks it for a name only when the expression meets it. */
function variablesOf(
  readers: ReadonlyMap<string, (context: EvaluationContext) => readonly unknown[]>,
): (context: EvaluationContext) => Record<string, unknown> {
  return (context) => {
    const variables = Object.create(null) as Record<string, unknown>;
    for (const [name, read] of readers) Object.defineProperty(variables, name, { get: () => read(context) });
    return variables;
  };
}
