import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import type { UserInvocationTable } from 'fhirpath';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { loadStayFacts, type StayFacts } from '../../coordination/stay-facts.ts';
import { badRequest, gone, notFound } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import { compiledOf, functionsFor } from '../compile/compiled-cache.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { Expression } from '../compile/expression.ts';
import { operandsOf } from '../compile/sub-expressions.ts';
import { explainVerdict } from '../explain.ts';
import { measureById, measureByReference } from '../find-measure.ts';
import { localReference } from '../references.ts';
import { dateTime, plain } from '../report/items.ts';
import { instantParameter } from '../report/period.ts';
import { verdictWord } from '../report/populations.ts';
import type { EvaluationContext } from './context.ts';
import { evaluateStay } from './engine.ts';
import { stayContext } from './stay-context.ts';

export interface ExplainRequest {
  readonly measureId?: string;
  readonly measure?: string;
  /** `Encounter/[id]` */
  readonly subject?: string;
  readonly asOf?: string;
}

const copenhagen = createCalendar();

/**
 * `$explain` (ours): why a Measure says what it says of one stay. Parameters: the sentence in Danish and English, the
 * reasons, each population with the value of its criterion and of each part of it, and each variable.
 * @throws FhirError 400, 404, 410, 422 as evaluateMeasure; 400 for a Measure that is not evaluated stay by stay
 */
export async function explainStay(
  store: Store,
  request: ExplainRequest,
  options: { readonly calendar?: Calendar; readonly now?: string } = {},
): Promise<Parameters> {
  const calendar = options.calendar ?? copenhagen;
  const now = options.now ?? new Date().toISOString();
  const asOf = request.asOf === undefined ? now : instantParameter('asOf', request.asOf, calendar);
  const id = /^Encounter\/(.+)$/.exec(localReference(request.subject) ?? '')?.[1];
  if (id === undefined)
    throw badRequest('subject is the stay to explain: Encounter/[id]', 'Parameters.subject', 'required');
  if (request.measureId === undefined && !request.measure) {
    throw badRequest(
      'Name the Measure: its canonical URL, Measure/[id] or id',
      'Parameters.measure',
      'required',
    );
  }
  const stored =
    request.measureId === undefined
      ? await measureByReference(store, request.measure ?? '')
      : await measureById(store, request.measureId);
  const compiled = compiledOf(stored, calendar);
  if (compiled.kind !== 'stay') {
    throw badRequest(
      'Only Measures with an anchor are evaluated stay by stay',
      'Parameters.measure',
      'not-supported',
    );
  }
  const found = await store.read('Encounter', id);
  if (found === undefined)
    throw notFound('There is no Encounter with the id of the subject', 'Parameters.subject');
  if (found.deleted) throw gone('The Encounter that is the subject was deleted');
  const [facts] = await loadStayFacts(store, [id], { calendar });
  if (facts === undefined)
    throw notFound('There is no Encounter with the id of the subject', 'Parameters.subject');
  return explanation(compiled.measure, facts, asOf, calendar, functionsFor(calendar));
}

function explanation(
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
