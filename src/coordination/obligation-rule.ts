import type { Coding, OperationOutcomeIssue, PlanDefinitionAction } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXCHANGE, EXTENSION, type ExchangeCode } from '../fhir/canonical.ts';
import { errorIssue } from '../fhir/outcome.ts';
import { type Deadline, readDeadline } from './deadline.ts';
import { isIssue, readDuration, type Span } from './duration.ts';

/** A FHIRPath condition of an obligation. */
export interface Condition {
  readonly expression: string;
  /** What it asks, in the agreement's words. */
  readonly description?: string;
  /** Where it stands in the PlanDefinition. */
  readonly at: string;
}

/** One obligation of an agreement, read from a PlanDefinition.action and checked. */
export interface ObligationRule {
  readonly code: ExchangeCode;
  readonly deadline: Deadline;
  /** How long before the anchor what fulfils it may have been sent; absent: any time before. */
  readonly earliest?: Span;
  /** Stays shorter than this are exempt. */
  readonly minimumStay?: Span;
  /** FHIRPath over the stay's facts; each must be true for the obligation to be owed. */
  readonly applicability: readonly Condition[];
  /** FHIRPath with what was sent as context; each must be true for it to fulfil the obligation. */
  readonly fulfilment: readonly Condition[];
  /** Who owes it: a code of CodeSystem/organisation-type. */
  readonly owedBy?: string;
  readonly completeness?: Completeness;
  readonly action: PlanDefinitionAction;
}

/** When a report is complete enough: the share of these sections that it must have. */
interface Completeness {
  readonly sections: readonly string[];
  /** 0 to 1. */
  readonly threshold: number;
}

const CODES: ReadonlySet<string> = new Set(Object.values(EXCHANGE));

/** Whether an action of a PlanDefinition is an obligation of an agreement. */
export function isObligation(action: PlanDefinitionAction): boolean {
  return (
    (action.extension ?? []).some((extension) => extension.url === EXTENSION.deadline) ||
    codesOf(action).some((coding) => coding.system === CODE_SYSTEM.exchange)
  );
}

const codesOf = (action: PlanDefinitionAction): Coding[] =>
  (action.code ?? []).flatMap((code) => code.coding ?? []);

/** Reads an action that is an obligation; issues tell what is wrong with it and where (`at` is its FHIRPath). */
export function readObligation(
  action: PlanDefinitionAction,
  at: string,
): ObligationRule | OperationOutcomeIssue[] {
  const issues: OperationOutcomeIssue[] = [];
  const code = codesOf(action).find((coding) => coding.system === CODE_SYSTEM.exchange)?.code;
  if (code === undefined || !CODES.has(code)) {
    const known = [...CODES].join(', ');
    issues.push(
      errorIssue('code-invalid', `An obligation is one of ${known} in ${CODE_SYSTEM.exchange}`, `${at}.code`),
    );
  }
  const deadline = readDeadline(action.extension, at);
  if (Array.isArray(deadline)) issues.push(...deadline);
  const earliest = readSpan(action, EXTENSION.earliest, at, issues);
  const minimumStay = readSpan(action, EXTENSION.minimumStay, at, issues);
  const completeness = readCompleteness(action, at, issues);
  const applicability = readConditions(action, 'applicability', at, issues);
  const fulfilment = readConditions(action, 'stop', at, issues);
  const owedBy = (action.participant ?? [])
    .flatMap((participant) => participant.role?.coding ?? [])
    .find((coding) => coding.system === CODE_SYSTEM.organisationType)?.code;
  if (issues.length > 0) return issues;
  return {
    code: code as ExchangeCode,
    deadline: deadline as Deadline,
    ...(earliest === undefined ? {} : { earliest }),
    ...(minimumStay === undefined ? {} : { minimumStay }),
    ...(completeness === undefined ? {} : { completeness }),
    applicability,
    fulfilment,
    ...(owedBy === undefined ? {} : { owedBy }),
    action,
  };
}

function readSpan(
  action: PlanDefinitionAction,
  url: string,
  at: string,
  issues: OperationOutcomeIssue[],
): Span | undefined {
  const extension = action.extension?.find((candidate) => candidate.url === url);
  if (extension === undefined) return undefined;
  const span = readDuration(extension.valueDuration, `${at}.extension('${url}').value`);
  if (!isIssue(span)) return span;
  issues.push(span);
  return undefined;
}

function readConditions(
  action: PlanDefinitionAction,
  kind: 'applicability' | 'stop',
  at: string,
  issues: OperationOutcomeIssue[],
): Condition[] {
  return (action.condition ?? []).flatMap((condition, index) => {
    if (condition.kind !== kind) return [];
    const { language, expression, description } = condition.expression ?? {};
    const where = `${at}.condition[${index}].expression`;
    if (language !== 'text/fhirpath') {
      issues.push(errorIssue('not-supported', 'Conditions are in text/fhirpath', `${where}.language`));
    }
    if (!expression) {
      issues.push(errorIssue('required', 'The condition has no expression', `${where}.expression`));
      return [];
    }
    return [{ expression, at: where, ...(description === undefined ? {} : { description }) }];
  });
}

function readCompleteness(
  action: PlanDefinitionAction,
  at: string,
  issues: OperationOutcomeIssue[],
): Completeness | undefined {
  const extension = action.extension?.find((candidate) => candidate.url === EXTENSION.completeness);
  if (extension === undefined) return undefined;
  const where = `${at}.extension('${EXTENSION.completeness}')`;
  const parts = extension.extension ?? [];
  const sections = parts.filter((part) => part.url === 'section').flatMap((part) => part.valueCode ?? []);
  const threshold = parts.find((part) => part.url === 'threshold')?.valueDecimal;
  if (sections.length === 0) {
    issues.push(
      errorIssue('required', 'Name the sections that are asked for', `${where}.extension('section')`),
    );
  }
  if (threshold === undefined || threshold < 0 || threshold > 1) {
    issues.push(
      errorIssue(
        'value',
        'The threshold is the share of sections, 0 to 1',
        `${where}.extension('threshold').value`,
      ),
    );
    return undefined;
  }
  return { sections, threshold };
}
