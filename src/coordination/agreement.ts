import type { Coding, OperationOutcomeIssue, PlanDefinition } from '@medplum/fhirtypes';
import type { ExchangeCode } from '../fhir/canonical.ts';
import { errorIssue, unprocessable } from '../fhir/outcome.ts';
import { type Day, isDay } from './day.ts';
import { isObligation, type ObligationRule, readObligation } from './obligation-rule.ts';

/** An agreement in the form that selection and planning use. */
export interface Agreement {
  /** `url|version` */
  readonly canonical: string;
  readonly jurisdictions: readonly Coding[];
  /** First and last local day on which it is in force; absent: open. */
  readonly from?: Day;
  readonly until?: Day;
  readonly obligations: ReadonlyMap<ExchangeCode, ObligationRule>;
  readonly plan: PlanDefinition;
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
  const jurisdictions = (plan.jurisdiction ?? []).flatMap((concept) => concept.coding ?? []);
  if (jurisdictions.length === 0) {
    issues.push(
      errorIssue('required', 'Say whom it binds: a region (DK-82) or DK', 'PlanDefinition.jurisdiction'),
    );
  }
  for (const element of ['url', 'version'] as const) {
    if (!plan[element]) {
      issues.push(
        errorIssue(
          'required',
          `An agreement needs a ${element}: verdicts name it`,
          `PlanDefinition.${element}`,
        ),
      );
    }
  }
  const from = readDay(plan.effectivePeriod?.start, 'PlanDefinition.effectivePeriod.start', issues);
  const until = readDay(plan.effectivePeriod?.end, 'PlanDefinition.effectivePeriod.end', issues);
  if (from !== undefined && until !== undefined && until < from) {
    issues.push(errorIssue('value', 'The period ends before it begins', 'PlanDefinition.effectivePeriod'));
  }
  if (issues.length > 0) throw unprocessable(issues);
  return {
    canonical: `${plan.url}|${plan.version}`,
    jurisdictions,
    ...(from === undefined ? {} : { from }),
    ...(until === undefined ? {} : { until }),
    obligations,
    plan,
  };
}

/** An effective period counts local days; a time of day in it would leave half a day without an agreement. */
function readDay(text: string | undefined, at: string, issues: OperationOutcomeIssue[]): Day | undefined {
  if (text === undefined || isDay(text)) return text;
  issues.push(errorIssue('value', 'Agreements begin and end with whole days: write 2026-01-01', at));
  return undefined;
}
