import type { StayFacts } from '../../coordination/stay-facts.ts';
import type { Evaluation } from '../evaluate-request.ts';
import { localReference } from '../references.ts';
import type { Verdict } from './verdict.ts';

/** A failure that hides the anchor is told in every period: it may belong there. */
export function isWithin(verdict: Verdict, period: Evaluation['period']): boolean {
  if (verdict.anchor === undefined) return verdict.failure !== undefined;
  return period.start <= verdict.anchor && verdict.anchor <= period.end;
}

/** The primary relationship to a practitioner is that of the named coordinator of the course. */
export function isCoordinator({ course }: StayFacts, practitioner: string): boolean {
  return localReference(course?.careManager?.reference) === practitioner;
}
