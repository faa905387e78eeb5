import type { OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import { compileFhirPath } from '../../fhir/fhirpath.ts';
import { errorIssue, unprocessable } from '../../fhir/outcome.ts';
import type { Calendar } from '../calendar.ts';
import { readEffective } from '../effective.ts';
import { criteriaIn } from './criteria.ts';
import { inclusionFunctions } from './inclusion-functions.ts';

/**
 * Refuses criteria of inclusion that cannot work, when they are stored.
 * @throws FhirError 422 with an issue for each fault
 */
export function checkInclusion(plan: PlanDefinition, calendar: Calendar): void {
  const issues: OperationOutcomeIssue[] = [];
  readEffective(plan, issues);
  const { criteria, rule } = criteriaIn(plan, issues);
  const functions = inclusionFunctions(calendar);
  const texts = [
    ...criteria.flatMap(({ code, evidence, condition }) => [
      [code, evidence] as const,
      [code, condition] as const,
    ]),
    ...(rule === undefined ? [] : [['rule', rule] as const]),
  ];
  for (const [code, expression] of texts) {
    try {
      compileFhirPath(expression, { functions, untrusted: true });
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      issues.push(
        errorIssue(
          'invalid',
          `The criterion ${code} cannot be compiled: ${message}`,
          'PlanDefinition.action',
        ),
      );
    }
  }
  if (issues.length > 0) throw unprocessable(issues);
}
