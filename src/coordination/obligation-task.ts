import type { CodeableConcept, Reference, Task, TaskOutput } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, type ExchangeCode, OVERGANG } from '../fhir/canonical.ts';
import type { Calendar } from './calendar.ts';
import type { Obligation, Withdrawal } from './obligations.ts';
import { ownerOf } from './owner.ts';
import type { StayFacts } from './stay-facts.ts';
import { obligationTaskId } from './task-id.ts';

/** System of Task.statusReason on the obligations that the planner withdrew: it may take them up again. */
export const WITHDRAWAL_SYSTEM = `${OVERGANG}/CodeSystem/withdrawal-reason`;

const WITHDRAWAL_TEXT: Readonly<Record<Withdrawal | 'stay-deleted', string>> = {
  'entered-in-error': 'Opholdet er fejlregistreret (the stay was entered in error)',
  'not-admitted': 'Borgeren er ikke indlagt (the citizen is not admitted)',
  'no-course': 'Opholdet hører ikke til et koordinationsforløb (the stay belongs to no course)',
  'no-agreement': 'Ingen aftale om dette er i kraft (no agreement on this is in force)',
  'not-applicable': 'Aftalens betingelser er ikke opfyldt (the conditions of the agreement are not met)',
  'short-stay': 'Opholdet var kortere end aftalens grænse (the stay was shorter than the agreement asks)',
  'not-yet-owed': 'Anledningen er endnu ikke indtruffet (the occasion has not come yet)',
  'stay-deleted': 'Opholdet er slettet (the stay was deleted)',
};

/** States that people set while they work; the planner leaves them be as long as the obligation is owed. */
const AT_WORK: ReadonlySet<string> = new Set([
  'received',
  'accepted',
  'ready',
  'in-progress',
  'on-hold',
  'rejected',
  'failed',
  'entered-in-error',
]);

type StoredTask = Task & { readonly id: string };

/**
 * The Task as it should be stored: what the planner owns from the obligation, everything else (notes, priority,
 * inputs) from the stored one. Undefined when there is nothing to store: no Task and nothing owed.
 */
export function obligationTask(
  obligation: Obligation,
  facts: StayFacts,
  stored: Task | undefined,
  calendar: Calendar,
): StoredTask | undefined {
  if (obligation.standing === 'withdrawn') {
    return stored === undefined ? undefined : withdraw(stored, obligation.withdrawal, obligation.because);
  }
  const { rule, agreement, due, fulfilment } = obligation;
  const owner = ownerOf(rule.owedBy, facts, calendar);
  const status = fulfilment !== undefined ? 'completed' : openStatus(stored, rule.code);
  const byHand = status === 'completed' && fulfilment === undefined;
  const {
    statusReason,
    executionPeriod,
    restriction,
    owner: _owner,
    description: _description,
    ...kept
  } = stored ?? {};
  const output = withOutput(stored, rule.code, fulfilment?.by);
  const end = fulfilment?.at ?? (byHand ? executionPeriod?.end : undefined);
  const execution = { ...executionPeriod, ...(end === undefined ? {} : { end }) };
  if (end === undefined) delete execution.end;
  return {
    ...withoutOutput(kept),
    resourceType: 'Task',
    id: obligationTaskId(facts.stay.id, rule.code),
    extension: [
      ...(stored?.extension ?? []).filter(({ url }) => url !== EXTENSION.workflowEpisodeOfCare),
      {
        url: EXTENSION.workflowEpisodeOfCare,
        valueReference: { reference: `EpisodeOfCare/${facts.course?.id}` },
      },
    ],
    instantiatesCanonical: agreement.canonical,
    status,
    ...(statusReason !== undefined && !isOurs(statusReason) && AT_WORK.has(status) ? { statusReason } : {}),
    intent: 'order',
    code: conceptOf(rule.code, rule.action.code?.[0]),
    ...(rule.action.title === undefined ? {} : { description: rule.action.title }),
    focus: { reference: `Encounter/${facts.stay.id}` },
    ...(facts.stay.subject === undefined ? {} : { for: facts.stay.subject }),
    encounter: { reference: `Encounter/${facts.stay.id}` },
    ...(Object.keys(execution).length === 0 ? {} : { executionPeriod: execution }),
    ...(owner === undefined ? {} : { owner }),
    ...restrictionWith(restriction, due),
    ...(output.length === 0 ? {} : { output }),
  };
}

/** The stored Task withdrawn: cancelled, with the reason; what it had come to is taken away, its due time stays. */
export function withdraw(stored: Task, reason: Withdrawal | 'stay-deleted', because?: string): StoredTask {
  const { executionPeriod: _execution, ...kept } = stored;
  const code = stored.code?.coding?.find((coding) => coding.system === CODE_SYSTEM.exchange)?.code;
  const output = withOutput(stored, code as ExchangeCode, undefined);
  if (stored.status === 'entered-in-error') return stored as StoredTask;
  return {
    ...withoutOutput(kept),
    id: stored.id as string,
    status: 'cancelled',
    statusReason: {
      coding: [{ system: WITHDRAWAL_SYSTEM, code: reason }],
      text: because === undefined ? WITHDRAWAL_TEXT[reason] : `${WITHDRAWAL_TEXT[reason]}: ${because}`,
    },
    ...(output.length === 0 ? {} : { output }),
  };
}

/** The status of an obligation that nothing in the facts fulfils: what people set stays, what the planner set goes. */
function openStatus(stored: Task | undefined, code: ExchangeCode): Task['status'] {
  if (stored?.status === undefined) return 'requested';
  if (AT_WORK.has(stored.status)) return stored.status;
  const byPlanner =
    (stored.status === 'cancelled' && isOurs(stored.statusReason)) ||
    (stored.status === 'completed' && (stored.output ?? []).some((output) => isOutputOf(output, code)));
  if (!byPlanner && (stored.status === 'completed' || stored.status === 'cancelled')) return stored.status;
  return 'requested';
}

const isOurs = (reason: CodeableConcept | undefined): boolean =>
  (reason?.coding ?? []).some(({ system }) => system === WITHDRAWAL_SYSTEM);

function isOutputOf(output: TaskOutput, code: ExchangeCode): boolean {
  return (output.type?.coding ?? []).some(
    (coding) => coding.system === CODE_SYSTEM.exchange && coding.code === code,
  );
}

function withOutput(stored: Task | undefined, code: ExchangeCode, by: Reference | undefined): TaskOutput[] {
  const others = (stored?.output ?? []).filter((output) => !isOutputOf(output, code));
  return by === undefined ? others : [...others, { type: conceptOf(code, undefined), valueReference: by }];
}

function withoutOutput<T extends Partial<Task>>(task: T): Omit<T, 'output'> {
  const { output: _output, ...rest } = task;
  return rest;
}

function restrictionWith(stored: Task['restriction'], due: string | undefined): Pick<Task, 'restriction'> {
  const { period, ...kept } = stored ?? {};
  const { end: _end, ...periodKept } = period ?? {};
  const newPeriod = { ...periodKept, ...(due === undefined ? {} : { end: due }) };
  const restriction = { ...kept, ...(Object.keys(newPeriod).length === 0 ? {} : { period: newPeriod }) };
  return Object.keys(restriction).length === 0 ? {} : { restriction };
}

function conceptOf(code: ExchangeCode, named: CodeableConcept | undefined): CodeableConcept {
  const display = named?.coding?.find((coding) => coding.code === code)?.display;
  return { coding: [{ system: CODE_SYSTEM.exchange, code, ...(display === undefined ? {} : { display }) }] };
}
