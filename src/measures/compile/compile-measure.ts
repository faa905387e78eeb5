import type { Extension, Measure, OperationOutcomeIssue } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { errorIssue, unprocessable } from '../../fhir/outcome.ts';
import type { AgreementAt } from '../stays/context.ts';
import { FACTS } from '../stays/stay-context.ts';
import { MEASURE_EXTENSION } from '../vocabulary.ts';
import { compileGroups } from './compile-groups.ts';
import type { CompiledGroup, CompiledMeasure } from './compiled-measure.ts';
import type { Expression } from './expression.ts';
import { canonicalOf, labelOf } from './measure-elements.ts';
import { namedExpressions } from './named-expressions.ts';
import { namespaceOf } from './namespace.ts';

/** Whether the Measure is evaluated stay by stay: it names the instant that decides a stay's measurement period. */
export function isStayMeasure(measure: Measure): boolean {
  return (measure.extension ?? []).some((extension) => extension.url === MEASURE_EXTENSION.anchor);
}

/**
 * Compiles a stay Measure: every expression parses, every `%name` is known.
 * @throws FhirError 422 with one issue per thing that is wrong, each with its path; `not-supported` for criteria in
 * another language than FHIRPath
 */
export function compileMeasure(measure: Measure, functions: UserInvocationTable): CompiledMeasure {
  const issues: OperationOutcomeIssue[] = [];
  const agreementAt = agreementAtOf(measure, issues);
  const namespace = namespaceOf(
    new Set(FACTS),
    namedExpressions(measure, issues),
    agreementAt,
    functions,
    issues,
  );
  const own = (url: string): Expression | undefined => {
    const found = extensionOf(measure, url);
    return (
      found &&
      namespace.compile({ expression: found.extension.valueExpression, path: `${found.path}.value` }, false)
    );
  };
  const anchor = own(MEASURE_EXTENSION.anchor);
  const due = own(MEASURE_EXTENSION.due);
  const actual = own(MEASURE_EXTENSION.actual);
  const evidence = own(MEASURE_EXTENSION.evidence);
  const groups = compileGroups(measure, namespace, issues);
  for (const [index, group] of groups.entries()) {
    if (group.basis !== 'Encounter') {
      const path = `Measure.group[${index}]`;
      issues.push(
        errorIssue('value', 'A Measure with an anchor counts stays: its population basis is Encounter', path),
      );
    }
  }
  if (issues.length > 0 || anchor === undefined) throw unprocessable(issues);
  const obligation = extensionOf(measure, MEASURE_EXTENSION.obligation)?.extension.valueCode;
  return {
    measure,
    canonical: canonicalOf(measure),
    label: labelOf(measure),
    ...(agreementAt === undefined ? {} : { agreementAt }),
    ...(obligation === undefined ? {} : { obligation }),
    anchor,
    ...(due === undefined ? {} : { due }),
    ...(actual === undefined ? {} : { actual }),
    ...(evidence === undefined ? {} : { evidence }),
    groups,
    storable: isStorable([anchor, due, actual, evidence], groups),
  };
}

function extensionOf(measure: Measure, url: string): { extension: Extension; path: string } | undefined {
  const extension = (measure.extension ?? []).find((candidate) => candidate.url === url);
  return extension && { extension, path: `Measure.extension('${url}')` };
}

function agreementAtOf(measure: Measure, issues: OperationOutcomeIssue[]): AgreementAt | undefined {
  const found = extensionOf(measure, MEASURE_EXTENSION.agreementAt);
  const code = found?.extension.valueCode;
  if (found === undefined || code === 'admission' || code === 'discharge')
    return code as AgreementAt | undefined;
  issues.push(
    errorIssue(
      'code-invalid',
      'The day whose agreement holds is admission or discharge',
      `${found.path}.value`,
    ),
  );
  return undefined;
}

/** `%due > %asOf` or `%asOf < %due`, and the time of asking nowhere else. */
function isStorable(own: readonly (Expression | undefined)[], groups: readonly CompiledGroup[]): boolean {
  const pending = /^\s*(%due\s*>\s*%asOf|%asOf\s*<\s*%due)\s*$/;
  return (
    own.every((expression) => expression?.usesAsOf !== true) &&
    groups.every(
      (group) =>
        [...group.populations].every(
          ([code, expression]) =>
            !expression.usesAsOf || (code === 'denominator-exception' && pending.test(expression.text)),
        ) &&
        group.stratifiers.every((stratifier) => stratifier.parts.every((part) => !part.criteria.usesAsOf)),
    )
  );
}
