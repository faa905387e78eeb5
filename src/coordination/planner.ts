import type { PlanDefinition } from '@medplum/fhirtypes';
import type { Change, StoreTransaction, WriteListener, Written } from '../store/store.ts';
import { isAgreement } from './agreement.ts';
import { type Calendar, createCalendar } from './calendar.ts';
import { checkAgreement } from './check-agreement.ts';
import type { ProblemListener } from './condition.ts';
import { governedStays, touchesAgreements } from './governed-stays.ts';
import { checkInclusion } from './inclusion/check-inclusion.ts';
import { isInclusion } from './inclusion/criteria.ts';
import { lockAllFacts, lockFacts, stayName } from './lock-facts.ts';
import { isCaseMemory } from './memory/case-memory.ts';
import { memoryOf, memoryReader, NotInMemory, remember } from './memory/memory.ts';
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
 *
 * Of citizens that are in memory with their locks held (messages), the obligations go into the same write as what they
 * follow from.
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

  /** Transactions whose writes have been planned already. */
  const foreseen = new WeakSet<StoreTransaction>();

  return {
    name: 'obligations',
    types: new Set([...TOUCHING_TYPES, 'PlanDefinition']),
    async foresee(transaction: StoreTransaction, changes: readonly Change[]): Promise<readonly Change[]> {
      const memory = memoryOf(transaction);
      if (!isCaseMemory(memory)) return changes;
      try {
        const reader = memoryReader(memory);
        const stayIds = await findStays(reader, touchedBy(memory.written()));
        memory.stage(await planStays(reader, stayIds, calendar, options.onProblem));
      } catch (error) {
        if (!(error instanceof NotInMemory)) throw error;
        remember(transaction, undefined);
        return changes;
      }
      foreseen.add(transaction);
      return memory.changes();
    },
    async written(transaction: StoreTransaction, written: readonly Written[]): Promise<void> {
      if (foreseen.delete(transaction)) return;
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
        // Stays that are not committed yet could not be seen, and would be planned by the agreement of before.
        await lockAllFacts(transaction);
        for await (const stayIds of governedStays(transaction)) {
          await plan(transaction, stayIds);
        }
      }
      const touched = touchedBy(news);
      await lockFacts(transaction, touched.locks);
      const stayIds = await findStays(transaction, touched);
      await lockFacts(transaction, stayIds.map(stayName));
      for (let start = 0; start < stayIds.length; start += BATCH) {
        await plan(transaction, stayIds.slice(start, start + BATCH));
      }
    },
  };
}

function checkPlan(plan: PlanDefinition, calendar: Calendar): void {
  if (isAgreement(plan)) checkAgreement(plan, calendar);
  if (isInclusion(plan)) checkInclusion(plan, calendar);
}
