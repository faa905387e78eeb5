import type { CodeableConcept, Encounter, Period, Reference, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../fhir/canonical.ts';
import type { Calendar } from './calendar.ts';
import type { StayFacts } from './facts/facts.ts';
import type { ObligationRule } from './obligation-rule.ts';
import type { Obligation } from './obligations.ts';
import { ownerOf } from './owner.ts';
import { obligationTaskId } from './task-id.ts';
import { isExchange, isWithdrawal, withdraw } from './task-withdrawal.ts';

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

type ObligationTask = Task & { readonly id: string };

/**
 * The Task as it should be stored: what the planner owns from the obligation, everything else (notes, priority,
 * inputs, other outputs) from the stored one. Undefined when there is nothing to store: no Task and nothing owed.
 */
export function obligationTask(
  obligation: Obligation,
  facts: StayFacts,
  stored: ObligationTask | undefined,
  calendar: Calendar,
): ObligationTask | undefined {
  if (obligation.standing === 'withdrawn') {
    return stored === undefined ? undefined : withdraw(stored, obligation.withdrawal, obligation.because);
  }
  const { rule, agreement, due, fulfilment } = obligation;
  const status = fulfilment === undefined ? openStatus(stored) : 'completed';
  const owner = ownerOf(rule.owedBy, facts, calendar);
  const stay: Reference<Encounter> = { reference: `Encounter/${facts.stay.id}` };
  return prune<ObligationTask>({
    ...stored,
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
    statusReason: keptReason(stored, status),
    intent: 'order',
    code: { coding: [codingOf(rule)] },
    description: rule.action.title,
    focus: stay,
    for: facts.stay.subject,
    encounter: stay,
    executionPeriod: withEnd(
      stored?.executionPeriod,
      fulfilment?.at ?? (status === 'completed' ? stored?.executionPeriod?.end : undefined),
    ),
    owner,
    restriction: prune<NonNullable<Task['restriction']>>({
      ...stored?.restriction,
      period: withEnd(stored?.restriction?.period, due),
    }),
    output: [
      ...(stored?.output ?? []).filter(({ type }) => !isExchange(type)),
      ...(fulfilment === undefined
        ? []
        : [{ type: { coding: [codingOf(rule)] }, valueReference: fulfilment.by }]),
    ],
  });
}

/** The status of an obligation that nothing in the facts fulfils: what people set stays, what the planner set goes. */
function openStatus(stored: Task | undefined): Task['status'] {
  if (stored === undefined) return 'requested';
  if (AT_WORK.has(stored.status)) return stored.status;
  if (stored.status === 'completed' && !(stored.output ?? []).some(({ type }) => isExchange(type)))
    return 'completed';
  if (stored.status === 'cancelled' && !isWithdrawal(stored.statusReason)) return 'cancelled';
  return 'requested';
}

/** A reason that people gave for a status stays with that status. */
function keptReason(stored: Task | undefined, status: Task['status']): CodeableConcept | undefined {
  return stored?.status === status && !isWithdrawal(stored.statusReason) ? stored.statusReason : undefined;
}

function withEnd(period: Period | undefined, end: string | undefined): Period | undefined {
  return prune<Period>({ ...period, end });
}

function codingOf(rule: ObligationRule): { system: string; code: string; display?: string } {
  const named = rule.action.code
    ?.flatMap(({ coding }) => coding ?? [])
    .find(({ code }) => code === rule.code);
  return {
    system: CODE_SYSTEM.exchange,
    code: rule.code,
    ...(named?.display === undefined ? {} : { display: named.display }),
  };
}

/** Leaves out what is undefined or an empty list, as FHIR JSON must; undefined when nothing is left. */
function prune<T extends object>(element: { [K in keyof T]: T[K] | undefined }): T | undefined {
  const kept: Partial<T> = {};
  let isEmpty = true;
  for (const key of Object.keys(element) as (keyof T)[]) {
    const value = element[key];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) continue;
    kept[key] = value as T[keyof T];
    isEmpty = false;
  }
  return isEmpty ? undefined : (kept as T);
}
