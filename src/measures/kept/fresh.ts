import type { Measure } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { currentlyKept, type Kept } from './kept-measures.ts';
import { refreshVerdicts } from './refresh.ts';

/** A Measure among those kept, every verdict as new as the facts; undefined when its verdicts are not kept. */
export async function freshlyKept(
  store: Store,
  measure: Measure,
  calendar: Calendar,
): Promise<Kept | undefined> {
  await refreshVerdicts(store, calendar);
  const all = await currentlyKept(store, calendar);
  return all?.find(({ kept }) => kept.id === measure.id && String(kept.version) === measure.meta?.versionId);
}
