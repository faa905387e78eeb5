import type { OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import { errorIssue, unprocessable } from '../fhir/outcome.ts';
import { type Agreement, readAgreement } from './agreement.ts';
import type { Calendar } from './calendar.ts';
import { compiled } from './condition.ts';
import { factVariables } from './fact-variables.ts';
import type { StayFacts } from './facts/facts.ts';
import type { Condition } from './obligation-rule.ts';

/** A stay of which little is known: enough to meet names that do not exist, too little to mislead. */
const SAMPLE: StayFacts = {
  stay: { resourceType: 'Encounter', id: 'sample', status: 'in-progress', class: { code: 'IMP' } },
  episodes: [],
  exchanges: [],
  plans: [],
  organizations: [],
  agreements: {},
};

/**
 * Reads an agreement and tries its conditions, so that one that cannot work is refused when it is stored, not found
 * out when a citizen is discharged.
 * @throws FhirError 422 with the place of each fault, in a condition also the position in its text
 */
export function checkAgreement(plan: PlanDefinition, calendar: Calendar): Agreement {
  const agreement = readAgreement(plan);
  const variables = factVariables(SAMPLE, plan);
  const issues: OperationOutcomeIssue[] = [];
  for (const rule of agreement.obligations.values()) {
    for (const condition of rule.applicability)
      issues.push(...faultsOf(condition, SAMPLE.stay, variables, calendar));
    const sent = { resourceType: 'Communication', status: 'completed' };
    for (const condition of rule.fulfilment) issues.push(...faultsOf(condition, sent, variables, calendar));
  }
  if (issues.length > 0) throw unprocessable(issues);
  return agreement;
}

function faultsOf(
  condition: Condition,
  context: unknown,
  variables: Record<string, unknown>,
  calendar: Calendar,
): OperationOutcomeIssue[] {
  try {
    compiled(condition, calendar)(context, variables);
    return [];
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return [
      errorIssue('invalid', `The condition cannot be evaluated: ${message}`, `${condition.at}.expression`),
    ];
  }
}
