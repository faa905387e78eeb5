import type { OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import type { ExchangeCode } from '../fhir/canonical.ts';
import { errorIssue, unprocessable } from '../fhir/outcome.ts';
import type { Effective } from './agreement-selection.ts';
import { readEffective } from './effective.ts';
import { isObligation, type ObligationRule, readObligation } from './obligation-rule.ts';

/** An agreement in the form that selection and planning use. */
export interface Agreement extends Effective {
  /** `url|version` */
  readonly canonical: string;
  readonly obligations: ReadonlyMap<ExchangeCode, ObligationRule>;
}

/** Whether a PlanDefinition is an agreement: one of its actions is an obligation. */
export function isAgreement(plan: PlanDefinition): boolean {
  return (plan.action ?? []).some(isObligation);
}

const agreements = new WeakMap<PlanDefinition, Agreement>();

/**
 * Reads an agreement, once for each PlanDefinition object.
 * @throws FhirError 422 with one issue for each thing that is wrong
 */
export function readAgreement(plan: PlanDefinition): Agreement {
  const known = agreements.get(plan);
  if (known !== undefined) return known;
  const agreement = read(plan);
  agreements.set(plan, agreement);
  return agreement;
}

function read(plan: PlanDefinition): Agreement {
  const issues: OperationOutcomeIssue[] = [];
  const obligations = new Map<ExchangeCode, ObligationRule>();
  for (const [index, action] of (plan.action ?? []).entries()) {
    const at = `PlanDefinition.action[${index}]`;
    if (!isObligation(action)) continue;
    const found = readObligation(action, at);
    if (Array.isArray(found)) issues.push(...found);
    else if (obligations.has(found.code)) {
      issues.push(
        errorIssue('duplicate', 'An agreement has at most one action for each obligation', `${at}.code`),
      );
    } else obligations.set(found.code, found);
  }
  const effective = readEffective(plan, issues);
  if (issues.length > 0) throw unprocessable(issues);
  return { ...effective, canonical: `${plan.url}|${plan.version}`, obligations };
}
