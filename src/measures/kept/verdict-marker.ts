import type { Measure } from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { touchesAgreements } from '../../coordination/governed-stays.ts';
import { TOUCHING_TYPES } from '../../coordination/touched.ts';
import { touchedStays } from '../../coordination/touched-stays.ts';
import { FhirError, type IssueCode } from '../../fhir/outcome.ts';
import type { StoreTransaction, WriteListener, Written } from '../../store/store.ts';
import { markAllStale, markStale } from '../../store/verdicts/stale.ts';
import { compiledOf } from '../compile/compiled-cache.ts';
import { registerMeasures } from './kept-measures.ts';

/**
 * Marks the stays whose facts a write changes as stale, in the same transaction (blueprint §3.2); a changed agreement
 * or Measure makes all stale. A Measure whose FHIRPath is wrong is refused: 422 with path and position.
 */
export function verdictMarker(calendar: Calendar = createCalendar()): WriteListener {
  /** Stays that a transaction has marked already: the planner's own writes touch them again. */
  const marked = new WeakMap<StoreTransaction, Set<string>>();

  return {
    name: 'verdicts',
    types: new Set([...TOUCHING_TYPES, 'PlanDefinition', 'Measure']),
    async written(transaction: StoreTransaction, written: readonly Written[]): Promise<void> {
      const measures = written.filter(({ type }) => type === 'Measure');
      for (const { resource } of measures) {
        if (resource !== undefined) checkMeasure(resource as Measure & { id: string }, calendar);
      }
      if (measures.length > 0) await registerMeasures(transaction, calendar);
      if (touchesAgreements(written)) {
        await markAllStale(transaction);
        return;
      }
      const before = marked.get(transaction) ?? new Set();
      const touched = (await touchedStays(transaction, written)).filter((id) => !before.has(id));
      await markStale(transaction, touched);
      marked.set(transaction, new Set([...before, ...touched]));
    },
  };
}

const WRONG: ReadonlySet<IssueCode> = new Set(['invalid', 'duplicate', 'invariant', 'too-long']);

/** Criteria in a language that Overgang does not evaluate may be stored; a wrong FHIRPath may not. */
function checkMeasure(measure: Measure & { id: string }, calendar: Calendar): void {
  try {
    compiledOf({ measure }, calendar);
  } catch (error) {
    if (!(error instanceof FhirError)) throw error;
    const wrong = error.outcome.issue.filter(({ code }) => WRONG.has(code));
    if (wrong.length > 0) throw new FhirError(422, wrong);
  }
}
