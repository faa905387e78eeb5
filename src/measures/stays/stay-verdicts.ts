import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import type { Reader } from '../../store/store.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { Evaluation } from '../evaluate-request.ts';
import { localReference } from '../references.ts';
import { evaluateStay } from './engine.ts';
import { stayPages } from './stay-pages.ts';
import type { Verdict } from './verdict.ts';

/** The verdicts of a Measure on the stays that a request is about, computed from the facts. */
export async function* stayVerdicts(
  reader: Reader,
  measure: CompiledMeasure,
  evaluation: Pick<Evaluation, 'period' | 'subject' | 'practitioner' | 'asOf'>,
  calendar: Calendar,
): AsyncGenerator<Verdict> {
  for await (const page of stayPages(reader, calendar, evaluation.subject)) {
    for (const facts of page) {
      if (evaluation.practitioner !== undefined && !isCoordinator(facts, evaluation.practitioner)) continue;
      const [verdict] = evaluateStay([measure], facts, { calendar, asOf: evaluation.asOf });
      if (verdict !== undefined && isWithin(verdict, evaluation.period)) yield verdict;
    }
  }
}

/** A failure that hides the anchor is told in every period: it may belong there. */
export function isWithin(verdict: Verdict, period: Evaluation['period']): boolean {
  if (verdict.anchor === undefined) return verdict.failure !== undefined;
  return period.start <= verdict.anchor && verdict.anchor <= period.end;
}

/** The primary relationship to a practitioner is that of the named coordinator of the course. */
function isCoordinator({ course }: StayFacts, practitioner: string): boolean {
  return localReference(course?.careManager?.reference) === practitioner;
}
