import { badRequest } from '../../fhir/outcome.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { Evaluation } from '../evaluate-request.ts';
import type { SubjectMeasure } from '../subjects/subject-measure.ts';
import { emptyTally, type GroupTally } from './tally.ts';

/** What a report says whatever was counted. */
export function base(measure: CompiledMeasure | SubjectMeasure, evaluation: Evaluation, now: string) {
  return {
    measure: measure.measure,
    canonical: measure.canonical,
    period: evaluation.period,
    type: evaluation.type,
    date: now,
    ...(evaluation.type === 'individual' && evaluation.subject !== undefined
      ? { subject: evaluation.subject }
      : {}),
  };
}

export function talliesFor(groups: readonly { readonly stratifiers: readonly unknown[] }[]): GroupTally[] {
  return groups.map((group) => emptyTally(group.stratifiers.length));
}

/** @throws FhirError 400 for what a Measure about patients knows nothing of */
export function refuseStayParameters({ subject, practitioner }: Evaluation): void {
  if (practitioner === undefined && !subject?.startsWith('Encounter/')) return;
  const name = practitioner === undefined ? 'subject' : 'practitioner';
  throw badRequest(
    `This Measure is about patients: ${name} cannot be used with it`,
    `Parameters.${name}`,
    'not-supported',
  );
}
