import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { Expression } from '../compile/expression.ts';
import { operandsOf } from '../compile/sub-expressions.ts';
import { explainVerdict } from '../explain.ts';
import { dateTime, plain } from '../report/items.ts';
import { verdictWord } from '../report/populations.ts';
import type { EvaluationContext } from './context.ts';
import { evaluateStay } from './engine.ts';
import { stayContext } from './stay-context.ts';

/** The reasons of one verdict: its sentence, its criteria and their parts, its variables, each with its value. */
export function explanation(
  measure: CompiledMeasure,
  facts: StayFacts,
  asOf: string,
  calendar: Calendar,
  functions: UserInvocationTable,
): Parameters {
  const [verdict] = evaluateStay([measure], facts, { calendar, asOf });
  if (verdict === undefined) throw new TypeError('One Measure gives one verdict');
  const context = stayContext(facts, calendar);
  context.asOf = [dateTime(asOf)];
  const word = verdictWord(verdict.groups[0]?.bits ?? 0, verdict.due !== undefined && asOf < verdict.due);
  const instant = (name: string, value: string | undefined): ParametersParameter[] =>
    value === undefined ? [] : [{ name, valueInstant: value }];
  return {
    resourceType: 'Parameters',
    parameter: [
      { name: 'measure', valueCanonical: measure.canonical },
      { name: 'subject', valueReference: { reference: verdict.member } },
      ...instant('asOf', asOf),
      ...(measure.groups[0]?.scoring === 'proportion' ? [{ name: 'result', valueCode: word }] : []),
      { name: 'explanation', valueString: explainVerdict(measure, verdict, asOf, calendar, 'da') },
      { name: 'explanation-en', valueString: explainVerdict(measure, verdict, asOf, calendar, 'en') },
      ...instant('anchor', verdict.anchor),
      ...instant('due', verdict.due),
      ...instant('actual', verdict.actual),
      ...(verdict.agreement === undefined ? [] : [{ name: 'agreement', valueCanonical: verdict.agreement }]),
      ...verdict.evidence.map((reference) => ({ name: 'evidence', valueReference: { reference } })),
      ...measure.groups.flatMap((group) =>
        [...group.populations].map(([code, expression]) => ({
          name: 'population',
          part: [{ name: 'code', valueCode: code }, ...criterion(expression, context, functions)],
        })),
      ),
      ...variables(measure, context),
    ],
  };
}

/** The expression and its value, and the same of the parts that `and` and `or` join. */
function criterion(
  expression: Expression,
  context: EvaluationContext,
  functions: UserInvocationTable,
): ParametersParameter[] {
  return [
    { name: 'expression', valueString: expression.text },
    { name: 'value', valueString: valueText(expression, context) },
    ...operandsOf(expression, functions).map((operand) => ({
      name: 'operand',
      part: [
        { name: 'expression', valueString: operand.text },
        { name: 'value', valueString: valueText(operand, context) },
      ],
    })),
  ];
}

function variables(measure: CompiledMeasure, context: EvaluationContext): ParametersParameter[] {
  const named = new Map<string, Expression>();
  const visit = (expression: Expression): void => {
    for (const [name, binding] of expression.bindings) {
      if (binding.kind !== 'expression' || named.has(name)) continue;
      visit(binding.expression);
      named.set(name, binding.expression);
    }
  };
  for (const group of measure.groups) for (const expression of group.populations.values()) visit(expression);
  return [...named].map(([name, expression]) => ({
    name: 'variable',
    part: [
      { name: 'name', valueString: name },
      { name: 'expression', valueString: expression.text },
      { name: 'value', valueString: valueText(expression, context) },
    ],
  }));
}

const LONGEST = 1_000;

/** Resources by reference, other values as JSON; `{}` for none. */
function valueText(expression: Expression, context: EvaluationContext): string {
  let items: unknown[];
  try {
    items = expression.evaluate(context).map(plain);
  } catch {
    return 'cannot be evaluated on these data';
  }
  const texts = items.map((item) => {
    const { resourceType, id } = (item ?? {}) as { resourceType?: string; id?: string };
    return resourceType === undefined ? JSON.stringify(item) : `${resourceType}/${id}`;
  });
  return texts.length === 0 ? '{}' : texts.join(', ').slice(0, LONGEST);
}
