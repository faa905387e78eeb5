import type { Encounter, EpisodeOfCare, Resource, Task } from '@medplum/fhirtypes';
import { EXCHANGE } from '../fhir/canonical.ts';
import type { Change, Reader } from '../store/store.ts';
import type { Calendar } from './calendar.ts';
import type { ProblemListener } from './condition.ts';
import { withCourse } from './facts/assigned.ts';
import type { StayFacts } from './facts/facts.ts';
import { gatherFacts } from './facts/load-stay-facts.ts';
import { createPool, type Pool } from './facts/pool.ts';
import { obligationTask } from './obligation-task.ts';
import { type Obligation, obligationsOf, withdrawalByStatus } from './obligations.ts';
import { sameJson } from './same-json.ts';
import { obligationTaskId } from './task-id.ts';
import { withdraw } from './task-withdrawal.ts';

type StoredTask = Task & { readonly id: string };
type Stay = Encounter & { id: string };
type WithId = Resource & { id: string };

const CODES = Object.values(EXCHANGE);

/**
 * The changes that bring the stored obligations of these stays (at most some hundred), and the stays' reference to
 * their course, to what the facts say. None when they are so already. Reads in bulk; writes nothing.
 */
export async function planStays(
  reader: Reader,
  stayIds: readonly string[],
  calendar: Calendar,
  onProblem?: ProblemListener,
): Promise<Change[]> {
  const pool = createPool();
  const taskKeys = stayIds.flatMap((stay) =>
    CODES.map((code) => ({ type: 'Task', id: obligationTaskId(stay, code) })),
  );
  const gathered = await gatherFacts(reader, stayIds, { calendar, onlyWithCourse: true }, pool, taskKeys);
  // Obligations of all stays before the first Task is made: each step has its own code in the processor's caches.
  const owing = new Map(
    gathered.map((facts) => [
      facts.stay.id,
      { facts, obligations: obligationsOf(facts, calendar, onProblem) },
    ]),
  );
  return stayIds.flatMap((id) => {
    const one = owing.get(id);
    if (one === undefined) {
      return [...assignCourse(pool.byKey<Stay>('Encounter', id), undefined), ...withdrawAll(id, pool)];
    }
    const { facts, obligations } = one;
    return [...assignCourse(facts.stay, facts.course), ...planTasks(facts, obligations, pool, calendar)];
  });
}

function planTasks(
  facts: StayFacts,
  obligations: readonly Obligation[],
  pool: Pool,
  calendar: Calendar,
): Change[] {
  return obligations.flatMap((obligation) => {
    const stored = pool.byKey<StoredTask>('Task', obligationTaskId(facts.stay.id, obligation.code));
    return changeTo(stored, obligationTask(obligation, facts, stored, calendar));
  });
}

/** A stay that is gone, or belongs to no course, owes nothing. */
function withdrawAll(stayId: string, pool: Pool): Change[] {
  const stay = pool.byKey<Encounter>('Encounter', stayId);
  const reason = stay === undefined ? 'stay-deleted' : (withdrawalByStatus(stay) ?? 'no-course');
  return CODES.flatMap((code) => {
    const stored = pool.byKey<StoredTask>('Task', obligationTaskId(stayId, code));
    return stored === undefined ? [] : changeTo(stored, withdraw(stored, reason));
  });
}

/** A stay says which course it belongs to, so that every search and every reader of it knows. */
function assignCourse(stay: Stay | undefined, course: EpisodeOfCare | undefined): Change[] {
  if (stay === undefined) return [];
  const assigned = withCourse(stay, course);
  return assigned === stay ? [] : [{ op: 'update', resource: assigned }];
}

function changeTo(stored: WithId | undefined, desired: WithId | undefined): Change[] {
  return desired === undefined || sameJson(stored, desired) ? [] : [{ op: 'update', resource: desired }];
}
