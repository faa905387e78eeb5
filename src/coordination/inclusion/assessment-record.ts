import type { QuestionnaireResponse, QuestionnaireResponseItem, Reference } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import type { Answer, Assessment } from './assess.ts';
import { INCLUSION_SYSTEM } from './criteria.ts';

/** A professional's decision, with or against the rules. */
export interface Judgement {
  readonly decision: 'include' | 'exclude';
  readonly reason: string;
  readonly by: Reference;
}

const DISPLAY: Readonly<Record<Answer, string>> = { yes: 'Ja', no: 'Nej', unknown: 'Ukendt' };

/**
 * The record of an assessment, as a QuestionnaireResponse: assessing is a duty, so it is kept whatever came out.
 * One item a criterion with its answer and what it rests on, one for the rules' result, and, where a professional
 * decided, one for that decision with its reason; the professional is the author then.
 * @throws FhirError 400 when a judgement lacks its reason or who made it
 */
export function assessmentRecord(assessment: Assessment, judgement?: Judgement): QuestionnaireResponse {
  if (judgement !== undefined && judgement.reason.trim() === '') {
    throw badRequest('A professional judgement needs its reason', 'judgement.reason', 'required');
  }
  if (
    judgement !== undefined &&
    judgement.by.reference === undefined &&
    judgement.by.identifier === undefined
  ) {
    throw badRequest('A professional judgement needs who made it', 'judgement.by', 'required');
  }
  return {
    resourceType: 'QuestionnaireResponse',
    status: 'completed',
    subject: assessment.patient,
    authored: assessment.asOf,
    ...(judgement === undefined
      ? {}
      : { author: judgement.by as NonNullable<QuestionnaireResponse['author']> }),
    item: [
      {
        linkId: 'criteria-of',
        text: 'Kriterier (criteria)',
        answer: assessment.canonicals.map((valueUri) => ({ valueUri })),
      },
      ...assessment.answers.map(
        ({ criterion, answer, evidence }): QuestionnaireResponseItem => ({
          linkId: criterion.code,
          text: criterion.title,
          answer: [coded(answer), ...evidence.map((valueReference) => ({ valueReference }))],
        }),
      ),
      {
        linkId: 'result',
        text: 'Målgruppe efter kriterierne (target group by the rules)',
        answer: [coded(assessment.result)],
      },
      ...(judgement === undefined ? [] : [judgementItem(judgement)]),
    ],
  };
}

/** How the citizen is (or is not) included: by whom the decision was made, for `inclusion-basis` of the course. */
export function decisionOf(
  assessment: Assessment,
  judgement?: Judgement,
): { readonly include: boolean; readonly basis: 'rule' | 'judgement' } {
  if (judgement !== undefined) return { include: judgement.decision === 'include', basis: 'judgement' };
  return { include: assessment.result === 'yes', basis: 'rule' };
}

const coded = (answer: Answer) => ({
  valueCoding: { system: INCLUSION_SYSTEM, code: answer, display: DISPLAY[answer] },
});

function judgementItem({ decision, reason }: Judgement): QuestionnaireResponseItem {
  return {
    linkId: 'judgement',
    text: 'Faglig vurdering (professional judgement)',
    answer: [{ valueCoding: { system: INCLUSION_SYSTEM, code: decision } }, { valueString: reason }],
  };
}
