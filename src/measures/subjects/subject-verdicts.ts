import type { Calendar } from '../../coordination/calendar.ts';
import type { Reader } from '../../store/store.ts';
import type { MeasurementPeriod } from '../report/period.ts';
import { evaluateInParts } from '../threads/evaluation.ts';
import type { InPeriod } from '../threads/messages.ts';
import { taskMeasure } from '../threads/task-measure.ts';
import type { SubjectMeasure } from './subject-measure.ts';

/**
 * The verdicts of a Measure about patients on all of them or one, for each of the periods, computed in a thread of
 * their own.
 * @throws EvaluationEnded (422) when the criteria take too much
 */
export async function* subjectVerdicts(
  reader: Reader,
  { measure }: SubjectMeasure,
  request: {
    readonly periods: readonly MeasurementPeriod[];
    readonly asOf: string;
    readonly subject?: string | undefined;
  },
  calendar: Calendar,
): AsyncGenerator<InPeriod> {
  const { periods, asOf, subject } = request;
  const task = {
    kind: 'subjects',
    measures: [taskMeasure(measure)],
    periods,
    asOf,
    ...(subject === undefined ? {} : { subject }),
  } as const;
  for await (const found of evaluateInParts(calendar, task, reader)) yield* found;
}
