import type { PlanDefinition } from '@medplum/fhirtypes';
import type { StoreTransaction, WriteListener, Written } from '../store/store.ts';
import { isAgreement } from './agreement.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import { checkAgreement } from './check-agreement.ts';
import type { ProblemListener } from './condition.ts';
import { governedStays, touchesAgreements } from './governed-stays.ts';
import { checkInclusion } from './inclusion/check-inclusion.ts';
import { isInclusion } from './inclusion/criteria.ts';
import { lockNames } from './lock-names.ts';
import { planStays } from './plan-stays.ts';
import { TOUCHING_TYPES, touchedBy } from './touched.ts';
import { findStays } from './touched-stays.ts';

/** Stays planned at a time. */
const BATCH = 500;

export interface PlannerOptions {
  /** Europe/Copenhagen without extra days when absent. */
  readonly calendar?: Calendar;
  readonly onProblem?: ProblemListener;
}

/**
 * Keeps the obligations of all stays as the facts say, in the transaction that changed the facts (blueprint §3.3):
 * plans, moves, closes, withdraws and takes up again. It sees the writes of every door, because it listens to the
 * store.
 *
 * Two transactions that touch the same stay or citizen at once would each miss what the other has not committed;
 * therefore the names of all stays and citizens touched are locked before the facts are read. The later one waits,
 * then reads what the earlier one committed.
 */
export function obligationPlanner(options: PlannerOptions = {}): WriteListener {
  const calendar = options.calendar ?? createCalendar();
  /** Stays that the planner itself is writing just now: of those it need not hear again. */
  const own = new WeakMap<StoreTransaction, Set<string>>();

  const plan = async (transaction: StoreTransaction, stayIds: readonly string[]): Promise<void> => {
    const changes = await planStays(transaction, stayIds, calendar, options.onProblem);
    if (changes.length === 0) return;
    const writing = new Set(
      changes.flatMap((change) =>
        change.op === 'update' && change.resource.resourceType === 'Encounter' ? [change.resource.id] : [],
      ),
    );
    own.set(transaction, writing);
    await transaction.write(changes);
    own.delete(transaction);
  };

  return {
    name: 'obligations',
    types: new Set([...TOUCHING_TYPES, 'PlanDefinition']),
    async written(transaction: StoreTransaction, written: readonly Written[]): Promise<void> {
      const ownStays = own.get(transaction);
      const news = written.filter(
        ({ type, id, outcome }) =>
          outcome !== 'unchanged' && !(type === 'Encounter' && ownStays?.has(id) === true),
      );
      if (news.length === 0) return;
      for (const { resource } of news) {
        if (resource?.resourceType === 'PlanDefinition') checkPlan(resource as PlanDefinition, calendar);
      }
      if (touchesAgreements(news)) {
        for await (const stayIds of governedStays(transaction)) {
          await transaction.lock(lockNames(stayIds.map(stayName)));
          await plan(transaction, stayIds);
        }
      }
      const touched = touchedBy(news);
      await transaction.lock(lockNames(touched.locks));
      const stayIds = await findStays(transaction, touched);
      const more = stayIds.filter((id) => !touched.stayIds.has(id)).map(stayName);
      if (more.length > 0) await transaction.lock(lockNames(more));
      for (let start = 0; start < stayIds.length; start += BATCH) {
        await plan(transaction, stayIds.slice(start, start + BATCH));
      }
    },
  };
}

const stayName = (id: string): string => `stay/${id}`;

function checkPlan(plan: PlanDefinition, calendar: Calendar): void {
  if (isAgreement(plan)) checkAgreement(plan, calendar);
  if (isInclusion(plan)) checkInclusion(plan, calendar);
}
