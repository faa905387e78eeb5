import type { Expression as FhirExpression, Measure, OperationOutcomeIssue } from '@medplum/fhirtypes';
import { errorIssue } from '../../fhir/outcome.ts';
import { MEASURE_EXTENSION } from '../vocabulary.ts';
import type { Located } from './namespace.ts';

/** The Measure's own variables, and its due and actual times under those names. */
export function namedExpressions(measure: Measure, issues: OperationOutcomeIssue[]): Map<string, Located> {
  const named = new Map<string, Located>();
  const add = (name: string | undefined, expression: FhirExpression | undefined, path: string): void => {
    if (name === undefined || !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
      issues.push(errorIssue('required', 'A variable needs a name of letters and digits', `${path}.name`));
    } else if (named.has(name)) {
      issues.push(errorIssue('duplicate', `%${name} is defined twice`, `${path}.name`));
    } else named.set(name, { expression, path });
  };
  for (const [index, extension] of (measure.extension ?? []).entries()) {
    const path = `Measure.extension[${index}].value`;
    if (extension.url === MEASURE_EXTENSION.variable)
      add(extension.valueExpression?.name, extension.valueExpression, path);
    if (extension.url === MEASURE_EXTENSION.anchor) add('anchor', extension.valueExpression, path);
    if (extension.url === MEASURE_EXTENSION.due) add('due', extension.valueExpression, path);
    if (extension.url === MEASURE_EXTENSION.actual) add('actual', extension.valueExpression, path);
  }
  return named;
}
