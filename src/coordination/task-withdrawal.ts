import type { CodeableConcept, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM, OVERGANG } from '../fhir/canonical.ts';
import type { Withdrawal } from './obligations.ts';

/** System of Task.statusReason on the obligations that the planner withdrew: it may take them up again. */
const WITHDRAWAL_SYSTEM = `${OVERGANG}/CodeSystem/withdrawal-reason`;

const TEXT: Readonly<Record<Withdrawal | 'stay-deleted', string>> = {
  'entered-in-error': 'Opholdet er fejlregistreret (the stay was entered in error)',
  'not-admitted': 'Borgeren er ikke indlagt (the citizen is not admitted)',
  'no-course': 'Opholdet hører ikke til et koordinationsforløb (the stay belongs to no course)',
  'no-agreement': 'Ingen aftale om dette er i kraft (no agreement on this is in force)',
  'not-applicable': 'Aftalens betingelser er ikke opfyldt (the conditions of the agreement are not met)',
  'short-stay': 'Opholdet var kortere end aftalens grænse (the stay was shorter than the agreement asks)',
  'not-yet-owed': 'Anledningen er endnu ikke indtruffet (the occasion has not come yet)',
  'stay-deleted': 'Opholdet er slettet (the stay was deleted)',
};

/** The stored Task withdrawn: cancelled, with the reason; what it had come to is taken away, its due time stays. */
export function withdraw(
  stored: Task & { readonly id: string },
  reason: Withdrawal | 'stay-deleted',
  because?: string,
): Task & { readonly id: string } {
  if (stored.status === 'entered-in-error') return stored;
  const { executionPeriod: _execution, output, ...kept } = stored;
  const others = (output ?? []).filter(({ type }) => !isExchange(type));
  return {
    ...kept,
    status: 'cancelled',
    statusReason: {
      coding: [{ system: WITHDRAWAL_SYSTEM, code: reason }],
      text: because === undefined ? TEXT[reason] : `${TEXT[reason]}: ${because}`,
    },
    ...(others.length === 0 ? {} : { output: others }),
  };
}

/** Whether a reason for a status is the planner's own. */
export function isWithdrawal(reason: CodeableConcept | undefined): boolean {
  return (reason?.coding ?? []).some(({ system }) => system === WITHDRAWAL_SYSTEM);
}

/** Whether an output is the planner's: what fulfilled the obligation. */
export function isExchange(type: CodeableConcept | undefined): boolean {
  return (type?.coding ?? []).some(({ system }) => system === CODE_SYSTEM.exchange);
}
