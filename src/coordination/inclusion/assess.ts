import type { Reference, Resource } from '@medplum/fhirtypes';
import { compileFhirPath } from '../../fhir/fhirpath.ts';
import { badRequest, errorIssue, unprocessable } from '../../fhir/outcome.ts';
import { type Calendar, createCalendar } from '../calendar.ts';
import { momentOf } from '../moment.ts';
import type { CitizenFacts } from './citizen-facts.ts';
import type { Criterion, Inclusion } from './criteria.ts';
import { inclusionFunctions } from './inclusion-functions.ts';

export type Answer = 'yes' | 'no' | 'unknown';

interface CriterionAnswer {
  readonly criterion: Criterion;
  readonly answer: Answer;
  /** The resources the answer rests on; a `no` or `unknown` may rest on none. */
  readonly evidence: readonly Reference[];
}

/** Whether a citizen belongs to the target group by the rules, criterion by criterion. */
export interface Assessment {
  readonly patient: Reference;
  readonly asOf: string;
  readonly canonicals: readonly string[];
  readonly result: Answer;
  readonly answers: readonly CriterionAnswer[];
}

const copenhagen = createCalendar();

/**
 * Answers every criterion for a citizen at a time (a FHIR dateTime or date) and applies the rule to the answers.
 * @throws FhirError 400 when `asOf` is no such time; 422 when a criterion cannot be evaluated
 */
export function assessInclusion(
  inclusion: Inclusion,
  facts: CitizenFacts,
  asOf: string,
  calendar: Calendar = copenhagen,
): Assessment {
  const moment = momentOf(asOf, calendar);
  if (moment === undefined || moment.precision === 'month' || moment.precision === 'year') {
    throw badRequest(
      `"${asOf}" is no day or time; write 2026-03-12 or 2026-03-12T09:00:00+01:00`,
      'asOf',
      'value',
    );
  }
  const { patient, ...collections } = facts;
  const variables = { patient, ...collections, asOf };
  const functions = inclusionFunctions(calendar);
  const answers = inclusion.criteria.map((criterion): CriterionAnswer => {
    const evidence = evaluate(criterion.evidence, criterion.code, variables, functions) as Resource[];
    const values = evaluate(criterion.condition, criterion.code, { ...variables, evidence }, functions);
    return { criterion, answer: answerOf(values), evidence: evidence.flatMap(referenceTo) };
  });
  const seen = answers.map(({ criterion: { group, code }, answer }) => ({ group, code, answer }));
  const result = answerOf(evaluate(inclusion.rule, 'rule', { ...variables, answers: seen }, functions));
  return {
    patient: { reference: `Patient/${patient.id}` },
    asOf,
    canonicals: inclusion.canonicals,
    result,
    answers,
  };
}

function evaluate(
  expression: string,
  code: string,
  variables: Record<string, unknown>,
  functions: ReturnType<typeof inclusionFunctions>,
): unknown[] {
  try {
    return compileFhirPath(expression, { functions, untrusted: true })(variables.patient, variables);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw unprocessable([errorIssue('invalid', `The criterion ${code} cannot be evaluated: ${message}`)]);
  }
}

function answerOf(values: readonly unknown[]): Answer {
  if (values.length !== 1) return 'unknown';
  return values[0] === true ? 'yes' : values[0] === false ? 'no' : 'unknown';
}

function referenceTo(resource: Resource): Reference[] {
  return resource.id === undefined ? [] : [{ reference: `${resource.resourceType}/${resource.id}` }];
}
