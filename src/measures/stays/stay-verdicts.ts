import type { Calendar } from '../../coordination/calendar.ts';
import type { Reader } from '../../store/store.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { Evaluation } from '../evaluate-request.ts';
import { evaluateInParts } from '../threads/evaluation.ts';
import { taskMeasure } from '../threads/task-measure.ts';
import type { Verdict } from './verdict.ts';

/**
 * The verdicts of a Measure on the stays that a request is about, computed from the facts in a thread of their own.
 * @throws EvaluationEnded (422) when the criteria take too much
 */
export async function* stayVerdicts(
  reader: Reader,
  measure: CompiledMeasure,
  { period, subject, practitioner, asOf }: Pick<Evaluation, 'period' | 'subject' | 'practitioner' | 'asOf'>,
  calendar: Calendar,
): AsyncGenerator<Verdict> {
  const task = {
    kind: 'stays',
    measures: [taskMeasure(measure.measure)],
    period,
    asOf,
    ...(subject === undefined ? {} : { subject }),
    ...(practitioner === undefined ? {} : { practitioner }),
  } as const;
  for await (const verdicts of evaluateInParts(calendar, task, reader)) yield* verdicts;
}
