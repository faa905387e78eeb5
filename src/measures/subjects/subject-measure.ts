import type { Measure, OperationOutcomeIssue, Patient, Resource } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { fhirPathItems, parseFhirPath } from '../../fhir/fhirpath.ts';
import { unprocessable } from '../../fhir/outcome.ts';
import { compileGroups } from '../compile/compile-groups.ts';
import type { CompiledGroup } from '../compile/compiled-measure.ts';
import { EvaluationError, failureText, isTrue, observationOf, stratum } from '../compile/criteria.ts';
import type { Expression } from '../compile/expression.ts';
import { canonicalOf } from '../compile/measure-elements.ts';
import { namedExpressions } from '../compile/named-expressions.ts';
import { namespaceOf } from '../compile/namespace.ts';
import { dateTime, plain } from '../report/items.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import { BIT, isObserved, membership } from '../report/populations.ts';
import type { EvaluationContext } from '../stays/context.ts';
import type { GroupVerdict, Verdict } from '../stays/verdict.ts';
import type { PopulationCode } from '../vocabulary.ts';

/**
 * Measures without an anchor are evaluated in the context of one subject (R4 Measure: a Patient), over all resources
 * of that subject: `%data`. Criteria give true or false (basis boolean), or the resources of the basis that belong.
 */
export interface SubjectMeasure {
  readonly measure: Measure;
  readonly canonical: string;
  readonly groups: readonly CompiledGroup[];
  /** Resource types that the expressions name by `ofType(…)`: what has to be gathered of a subject. */
  readonly types: readonly string[];
}

/** A subject and the resources about it. */
export interface SubjectData {
  readonly patient: Patient & { id: string };
  readonly data: readonly Resource[];
}

const NAMES: ReadonlySet<string> = new Set(['data', 'patient', 'periodStart', 'periodEnd']);

/** @throws FhirError 422 as compileMeasure does */
export function compileSubjectMeasure(measure: Measure, functions: UserInvocationTable): SubjectMeasure {
  const issues: OperationOutcomeIssue[] = [];
  const named = namedExpressions(measure, issues);
  const namespace = namespaceOf(NAMES, named, undefined, functions, issues);
  const groups = compileGroups(measure, namespace, issues);
  if (issues.length > 0) throw unprocessable(issues);
  const texts = groups.flatMap((group) => [
    ...[...group.populations.values()].map((expression) => expression.text),
    ...group.stratifiers.flatMap((stratifier) => stratifier.parts.map((part) => part.criteria.text)),
  ]);
  const variables = [...named.values()].map((located) => located.expression?.expression ?? '');
  return {
    measure,
    canonical: canonicalOf(measure),
    groups,
    types: [...new Set([...texts, ...variables].flatMap(typesOf))],
  };
}

/** Resource types named in type specifiers. */
function typesOf(text: string): string[] {
  const types: string[] = [];
  if (text === '') return types;
  parseFhirPath(text, (node) => {
    if (node.type === 'Identifier' && node.text !== undefined && /^[A-Z][A-Za-z]+$/.test(node.text))
      types.push(node.text);
    return undefined;
  });
  return types;
}

/** The members that one subject contributes, with their populations; a member belongs to all groups that list it. */
export function evaluateSubject(
  measure: SubjectMeasure,
  subject: SubjectData,
  period: MeasurementPeriod,
  asOf: string,
): Verdict[] {
  const context: EvaluationContext = {
    focus: subject.patient,
    variables: {
      data: fhirPathItems([subject.patient, ...subject.data]),
      patient: fhirPathItems(subject.patient),
      periodStart: [dateTime(period.start)],
      periodEnd: [dateTime(period.end)],
    },
    agreements: {},
    asOf: [dateTime(asOf)],
  };
  const verdicts = new Map<string, (GroupVerdict | undefined)[]>();
  let failure: string | undefined;
  for (const [index, group] of measure.groups.entries()) {
    let members: ReadonlyMap<string, GroupVerdict>;
    try {
      members = group.basis === 'boolean' ? asBoolean(group, context, subject) : asResources(group, context);
    } catch (error) {
      failure = failureText(error);
      members = new Map([[`Patient/${subject.patient.id}`, { bits: BIT.error, strata: [] }]]);
    }
    for (const [member, verdict] of members) {
      const groups = verdicts.get(member) ?? [];
      groups[index] = verdict;
      verdicts.set(member, groups);
    }
  }
  return [...verdicts].map(([member, groups]) => ({
    member,
    subject: `Patient/${subject.patient.id}`,
    measure: measure.canonical,
    evidence: [],
    groups: measure.groups.map((_, index) => groups[index] ?? { bits: 0, strata: [] }),
    ...(failure === undefined ? {} : { failure }),
  }));
}

function asBoolean(
  group: CompiledGroup,
  context: EvaluationContext,
  subject: SubjectData,
): Map<string, GroupVerdict> {
  const bits = membership(group.scoring, (code) => isTrue(group.populations.get(code), context, code));
  return new Map([[`Patient/${subject.patient.id}`, groupVerdict(group, bits, context)]]);
}

function groupVerdict(group: CompiledGroup, bits: number, context: EvaluationContext): GroupVerdict {
  const observation = isObserved(bits)
    ? observationOf(group.populations.get('measure-observation'), context)
    : undefined;
  return {
    bits,
    strata: bits === 0 ? [] : group.stratifiers.map((stratifier) => stratum(stratifier, context)),
    ...(observation === undefined ? {} : { observation }),
  };
}

/** Basis Encounter and the like: each criterion lists the members, and membership is worked out for each of them. */
function asResources(group: CompiledGroup, context: EvaluationContext): Map<string, GroupVerdict> {
  const lists = new Map<PopulationCode, ReadonlyMap<string, unknown>>();
  const list = (code: PopulationCode): ReadonlyMap<string, unknown> => {
    let found = lists.get(code);
    if (found === undefined) {
      found = listed(group.populations.get(code), group.basis, context);
      lists.set(code, found);
    }
    return found;
  };
  return new Map(
    [...list('initial-population')].map(([member, resource]) => {
      const bits = membership(group.scoring, (code) => list(code).has(member));
      // Observations and stratifiers speak of the member: it is their focus.
      return [member, groupVerdict(group, bits, { ...context, focus: resource })];
    }),
  );
}

function listed(
  expression: Expression | undefined,
  basis: string,
  context: EvaluationContext,
): ReadonlyMap<string, unknown> {
  const items = (expression?.evaluate(context) ?? []).map(plain);
  return new Map(
    items.map((item) => {
      const { resourceType, id } = (item ?? {}) as { resourceType?: string; id?: string };
      if (resourceType !== basis || id === undefined) {
        throw new EvaluationError(`With population basis ${basis}, a criterion lists resources of that type`);
      }
      return [`${resourceType}/${id}`, item];
    }),
  );
}
