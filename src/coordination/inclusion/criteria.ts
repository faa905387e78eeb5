import type { OperationOutcomeIssue, PlanDefinition, PlanDefinitionAction } from '@medplum/fhirtypes';
import { OVERGANG } from '../../fhir/canonical.ts';
import { errorIssue, unprocessable } from '../../fhir/outcome.ts';

export const INCLUSION_SYSTEM = `${OVERGANG}/CodeSystem/inclusion`;
const GROUPS = ['health', 'organisation', 'social', 'exclusion'] as const;
type CriterionGroup = (typeof GROUPS)[number];

/** One criterion: FHIRPath that finds what it rests on, and FHIRPath over that which answers it. */
export interface Criterion {
  readonly group: CriterionGroup;
  readonly code: string;
  readonly title: string;
  readonly evidence: string;
  /** true: yes, false: no, empty: unknown. */
  readonly condition: string;
}

/** The criteria of a target group and the rule that makes a decision of the answers. */
export interface Inclusion {
  /** `url|version` of the plans, the most specific first. */
  readonly canonicals: readonly string[];
  readonly criteria: readonly Criterion[];
  readonly rule: string;
}

const codeOf = (action: PlanDefinitionAction): string | undefined =>
  (action.code ?? []).flatMap(({ coding }) => coding ?? []).find(({ system }) => system === INCLUSION_SYSTEM)
    ?.code;

const conditionOf = (action: PlanDefinitionAction): string | undefined =>
  action.condition?.find(
    ({ kind, expression }) => kind === 'applicability' && expression?.language === 'text/fhirpath',
  )?.expression?.expression;

/** Whether a PlanDefinition holds criteria of inclusion. */
export function isInclusion(plan: PlanDefinition): boolean {
  return (plan.action ?? []).some((action) => codeOf(action) !== undefined);
}

/** The criteria and the rule of one plan, with an issue for each thing that is wrong. */
export function criteriaIn(
  plan: PlanDefinition,
  issues: OperationOutcomeIssue[],
): { readonly criteria: readonly Criterion[]; readonly rule?: string } {
  const criteria: Criterion[] = [];
  let rule: string | undefined;
  for (const [index, action] of (plan.action ?? []).entries()) {
    const at = `PlanDefinition.action[${index}]`;
    const group = GROUPS.find((name) => name === codeOf(action));
    if (codeOf(action) === 'rule') rule = conditionOf(action) ?? rule;
    else if (group === undefined) {
      const known = GROUPS.join(', ');
      issues.push(
        errorIssue('code-invalid', `A group of criteria is one of ${known}, or rule`, `${at}.code`),
      );
    } else {
      for (const [number, one] of (action.action ?? []).entries()) {
        const criterion = readCriterion(one, group, `${at}.action[${number}]`, issues);
        if (criterion !== undefined) criteria.push(criterion);
      }
    }
  }
  return { criteria, ...(rule === undefined ? {} : { rule }) };
}

/**
 * Puts criteria together: those of the last plan (the national one), with the plans before it replacing criteria of
 * the same code, adding their own, and with their rule in place of the national one where they have one.
 * @throws FhirError 422 naming each criterion that lacks something
 */
export function readInclusion(plans: readonly PlanDefinition[]): Inclusion {
  const issues: OperationOutcomeIssue[] = [];
  const read = plans.toReversed().map((plan) => criteriaIn(plan, issues));
  const criteria = new Map(
    read.flatMap((one) => one.criteria.map((criterion) => [criterion.code, criterion])),
  );
  const rule = read.map((one) => one.rule).findLast((one) => one !== undefined);
  if (rule === undefined) issues.push(errorIssue('required', 'No plan has a rule', 'PlanDefinition.action'));
  if (issues.length > 0 || rule === undefined) throw unprocessable(issues);
  return {
    canonicals: plans.map(({ url, version }) => `${url}|${version}`),
    criteria: [...criteria.values()],
    rule,
  };
}

function readCriterion(
  action: PlanDefinitionAction,
  group: CriterionGroup,
  at: string,
  issues: OperationOutcomeIssue[],
): Criterion | undefined {
  const code = codeOf(action);
  const condition = conditionOf(action);
  const evidence = action.dynamicValue?.find(({ path }) => path === 'evidence')?.expression?.expression;
  if (code === undefined)
    issues.push(errorIssue('required', `A criterion has a code in ${INCLUSION_SYSTEM}`, `${at}.code`));
  if (condition === undefined) {
    issues.push(errorIssue('required', 'A criterion has a condition in text/fhirpath', `${at}.condition`));
  }
  if (evidence === undefined) {
    issues.push(
      errorIssue(
        'required',
        'A criterion says what it rests on: dynamicValue with path evidence',
        `${at}.dynamicValue`,
      ),
    );
  }
  if (code === undefined || condition === undefined || evidence === undefined) return undefined;
  return { group, code, title: action.title ?? code, condition, evidence };
}
