import type { Calendar } from '../../coordination/calendar.ts';
import { instantText, momentOf } from '../../coordination/moment.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import { dateTimeAt, millisecondsOf } from '../../fhir/fhirpath.ts';
import type { CompiledGroup, CompiledMeasure } from '../compile/compiled-measure.ts';
import {
  EvaluationError,
  failureText,
  isTrue,
  MOST_EVIDENCE,
  observationOf,
  stratum,
} from '../compile/criteria.ts';
import type { Expression } from '../compile/expression.ts';
import { dateTime, plain, textOf } from '../report/items.ts';
import { BIT, isObserved, membership } from '../report/populations.ts';
import type { PopulationCode } from '../vocabulary.ts';
import { agreementOf, type EvaluationContext } from './context.ts';
import { stayContext } from './stay-context.ts';
import type { GroupVerdict, Verdict } from './verdict.ts';

export interface EngineOptions {
  readonly calendar: Calendar;
  /** Needed for Measures that are not storable: the verdict then holds for this time of asking alone. */
  readonly asOf?: string;
  /** Told which Measure, by its index, is turned to; `end` when all are done. */
  readonly pulse?: { begin(measure: number): void; end(): void };
}

/**
 * Evaluates Measures over the facts of one stay. Pure: the same facts give the same verdicts. An expression that
 * cannot work on the data makes that verdict a failure, never the report.
 */
export function evaluateStay(
  measures: readonly CompiledMeasure[],
  facts: StayFacts,
  options: EngineOptions,
): Verdict[] {
  const context = stayContext(facts, options.calendar);
  const verdicts = measures.map((measure, index) => {
    options.pulse?.begin(index);
    try {
      return verdictOf(measure, facts, context, options);
    } catch (error) {
      return failed(measure, facts, context, error);
    }
  });
  options.pulse?.end();
  return verdicts;
}

function verdictOf(
  measure: CompiledMeasure,
  facts: StayFacts,
  context: EvaluationContext,
  options: EngineOptions,
): Verdict {
  const instant = (expression: Expression | undefined): number | undefined => {
    if (expression === undefined) return undefined;
    const items = expression.evaluate(context);
    return millisecondsOf(items[0]) ?? momentOf(textOf(items), options.calendar)?.latest;
  };
  const fixed = options.asOf === undefined || measure.storable ? undefined : [dateTime(options.asOf)];
  context.asOf = fixed ?? [];
  const anchor = instant(measure.anchor);
  const due = instant(measure.due);
  const actual = instant(measure.actual);
  const agreement = measure.agreementAt && agreementOf(facts.agreements, measure.agreementAt);
  const groups = measure.groups.map((group) =>
    groupVerdict(group, context, fixed === undefined ? due : undefined, fixed),
  );
  // Member by member: millions are made, and spreading would cost as much as a criterion.
  const verdict = base(measure, facts);
  if (anchor !== undefined) verdict.anchor = instantText(anchor);
  if (due !== undefined) verdict.due = instantText(due);
  if (actual !== undefined) verdict.actual = instantText(actual);
  if (agreement !== undefined) verdict.agreement = `${agreement.url}|${agreement.version}`;
  verdict.evidence = evidenceOf(measure.evidence, context);
  verdict.groups = groups;
  return verdict;
}

type Growing<T> = { -readonly [member in keyof T]: T[member] };

function base(measure: CompiledMeasure, { stay, patient }: StayFacts): Growing<Verdict> {
  const subject = patient?.id === undefined ? stay.subject?.reference : `Patient/${patient.id}`;
  const verdict = { member: `Encounter/${stay.id}` } as Growing<Verdict>;
  if (subject !== undefined) verdict.subject = subject;
  verdict.measure = measure.canonical;
  return verdict;
}

function groupVerdict(
  group: CompiledGroup,
  context: EvaluationContext,
  due: number | undefined,
  fixed: readonly unknown[] | undefined,
): GroupVerdict {
  const holds = (code: PopulationCode): boolean => isTrue(group.populations.get(code), context, code);
  // At the due time itself it is due; a millisecond before, it is not.
  context.asOf = fixed ?? (due === undefined ? [] : [dateTimeAt(due)]);
  const bits = membership(group.scoring, holds);
  const undecided = group.scoring === 'proportion' && (bits & ASKED_FOR_EXCEPTION) === BIT.denominator;
  let before = 0;
  if (undecided) {
    if (due !== undefined) context.asOf = [dateTimeAt(due - 1)];
    before = holds('denominator-exception') ? BIT.exceptionBefore : 0;
  }
  const observation = isObserved(bits)
    ? observationOf(group.populations.get('measure-observation'), context)
    : undefined;
  const strata =
    (bits & BIT.initialPopulation) === 0
      ? []
      : group.stratifiers.map((stratifier) => stratum(stratifier, context));
  return observation === undefined
    ? { bits: bits | before, strata }
    : { bits: bits | before, strata, observation };
}

const ASKED_FOR_EXCEPTION = BIT.denominator | BIT.denominatorExclusion | BIT.numerator;

function evidenceOf(expression: Expression | undefined, context: EvaluationContext): string[] {
  const items = (expression?.evaluate(context) ?? []).map(plain);
  if (items.length > MOST_EVIDENCE) {
    throw new EvaluationError(`The evidence is more than ${MOST_EVIDENCE} resources`);
  }
  return items
    .filter(
      (item): item is { resourceType: string; id: string } =>
        typeof item === 'object' && item !== null && 'id' in item,
    )
    .map((item) => `${item.resourceType}/${item.id}`);
}

function failed(
  measure: CompiledMeasure,
  facts: StayFacts,
  context: EvaluationContext,
  error: unknown,
): Verdict {
  return {
    ...base(measure, facts),
    ...anchorIfKnown(measure, context),
    evidence: [],
    groups: measure.groups.map(() => ({ bits: BIT.error, strata: [] })),
    failure: failureText(error),
  };
}

function anchorIfKnown(measure: CompiledMeasure, context: EvaluationContext): { anchor?: string } {
  try {
    const text = textOf(measure.anchor.evaluate(context));
    return text === undefined ? {} : { anchor: new Date(text).toISOString() };
  } catch {
    return {};
  }
}
