import { isDeepStrictEqual } from 'node:util';
import type { Encounter, Resource, Task } from '@medplum/fhirtypes';
import { EXCHANGE } from '../fhir/canonical.ts';
import type { Change, ResourceVersion, StoreTransaction } from '../store/store.ts';
import type { Calendar } from './calendar.ts';
import type { ProblemListener } from './condition.ts';
import { loadStayFacts } from './facts/load-stay-facts.ts';
import { idIn, parse } from './facts/references.ts';
import { obligationTask } from './obligation-task.ts';
import { obligationsOf } from './obligations.ts';
import type { StayFacts } from './stay-facts.ts';
import { obligationTaskId } from './task-id.ts';
import { withdraw } from './task-withdrawal.ts';

type StoredTask = Task & { readonly id: string };
type WithId = Resource & { id: string };

const CODES = Object.values(EXCHANGE);

/**
 * The changes that bring the stored obligations of these stays, and the stays' reference to their course, to what
 * the facts say. None when they are so already. Reads in bulk; writes nothing.
 */
export async function planStays(
  transaction: StoreTransaction,
  stayIds: readonly string[],
  calendar: Calendar,
  onProblem?: ProblemListener,
): Promise<Change[]> {
  const facts = new Map(
    (await loadStayFacts(transaction, stayIds, { calendar })).map((one) => [one.stay.id, one]),
  );
  const tasks = await transaction.readMany(
    stayIds.flatMap((stay) => CODES.map((code) => ({ type: 'Task', id: obligationTaskId(stay, code) }))),
  );
  const changes: Change[] = [];
  for (const id of stayIds) {
    const one = facts.get(id);
    if (one === undefined) changes.push(...withdrawAll(id, tasks));
    else changes.push(...attachCourse(one), ...planTasks(one, tasks, calendar, onProblem));
  }
  return changes;
}

function planTasks(
  facts: StayFacts,
  tasks: ReadonlyMap<string, ResourceVersion>,
  calendar: Calendar,
  onProblem: ProblemListener | undefined,
): Change[] {
  return obligationsOf(facts, calendar, onProblem).flatMap((obligation) => {
    const stored = storedTask(tasks, obligationTaskId(facts.stay.id, obligation.code));
    return changeTo(stored, obligationTask(obligation, facts, stored, calendar));
  });
}

function withdrawAll(stayId: string, tasks: ReadonlyMap<string, ResourceVersion>): Change[] {
  return CODES.flatMap((code) => {
    const stored = storedTask(tasks, obligationTaskId(stayId, code));
    return stored === undefined ? [] : changeTo(stored, withdraw(stored, 'stay-deleted'));
  });
}

function storedTask(tasks: ReadonlyMap<string, ResourceVersion>, id: string): StoredTask | undefined {
  const version = tasks.get(`Task/${id}`);
  return version === undefined ? undefined : parse<StoredTask>(version);
}

/** A stay says which course it belongs to, so that every search and every reader of it knows. */
function attachCourse({ stay, course }: StayFacts): Change[] {
  const isStay = stay.class?.code === 'IMP' || stay.class?.code === 'EMER';
  const references = stay.episodeOfCare ?? [];
  if (course === undefined || !isStay || references.some((one) => idIn(one, 'EpisodeOfCare') === course.id))
    return [];
  const attached: Encounter & WithId = {
    ...stay,
    episodeOfCare: [...references, { reference: `EpisodeOfCare/${course.id}` }],
  };
  return [{ op: 'update', resource: attached }];
}

function changeTo(stored: WithId | undefined, desired: WithId | undefined): Change[] {
  return desired === undefined || isDeepStrictEqual(stored, desired)
    ? []
    : [{ op: 'update', resource: desired }];
}
