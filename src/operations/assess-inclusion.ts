import type { QuestionnaireResponse, Reference } from '@medplum/fhirtypes';
import { assessCitizen } from '../coordination/inclusion/assess-citizen.ts';
import { assessmentRecord, type Judgement } from '../coordination/inclusion/assessment-record.ts';
import { badRequest } from '../fhir/outcome.ts';
import type { Operation, OperationCall } from './operation.ts';
import { complex, optional } from './terminology.ts';

/** `Patient/[id]/$assess-inclusion`, of Overgang (docs/inclusion.md): assesses a citizen, and keeps the record. */
export const assessInclusionOperation: Operation = {
  name: 'assess-inclusion',
  definition: 'https://overgang.dk/fhir/OperationDefinition/Patient-assess-inclusion',
  title: 'Does the citizen belong to the target group?',
  documentation: 'Answers each criterion with yes, no or unknown, and stores the assessment.',
  levels: ['instance'],
  types: ['Patient'],
  affectsState: true,
  parameters: [
    optional('asOf', 'dateTime', 'The time of the assessment; now unless told.'),
    optional('decision', 'code', 'A professional judgement: include or exclude.'),
    optional('reason', 'string', 'Why; needed with a decision.'),
    optional('by', 'Reference', 'Who decided; needed with a decision.'),
  ],
  run: async (call) => {
    const asOf = call.input.text('asOf') ?? new Date().toISOString();
    const judgement = judgementOf(call);
    return call.store.transaction(async (transaction) => {
      const assessment = await assessCitizen(transaction, call.id as string, asOf, call.calendar);
      const resource: QuestionnaireResponse = assessmentRecord(assessment, judgement);
      const [written] = await transaction.write([{ op: 'create', resource }]);
      return { resource: written?.resource ?? resource };
    });
  },
};

function judgementOf(call: OperationCall): Judgement | undefined {
  const decision = call.input.text('decision');
  if (decision === undefined) return undefined;
  if (decision !== 'include' && decision !== 'exclude') {
    throw badRequest('decision is include or exclude.', 'Parameters.decision');
  }
  return { decision, reason: call.input.text('reason') ?? '', by: complex<Reference>(call, 'by') ?? {} };
}
