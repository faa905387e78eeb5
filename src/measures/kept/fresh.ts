import type { Measure } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { EvaluationEnded } from '../threads/limits.ts';
import { fillIfLittle } from './fill.ts';
import { type Kept, measuresIfUnchanged, registeredMeasures } from './kept-measures.ts';
import { hasRegistered, refreshVerdicts } from './refresh.ts';

/**
 * Measures among those kept, every verdict as new as the facts; undefined for one whose verdicts are not kept, or not
 * yet of all stays.
 * @throws EvaluationEnded (422) when the evaluation of one of them had to be ended
 */
export async function freshlyKept(
  store: Store,
  measures: readonly Measure[],
  calendar: Calendar,
): Promise<(Kept | undefined)[]> {
  const unchanged = hasRegistered(store) ? await measuresIfUnchanged(store, calendar) : undefined;
  const all = unchanged ?? (await refreshed(store, calendar));
  return measures.map((measure) => {
    const found = all?.find(
      ({ kept }) => kept.id === measure.id && String(kept.version) === measure.meta?.versionId,
    );
    if (found?.kept.state === 'ended') {
      throw new EvaluationEnded(found.compiled.canonical, found.kept.reason ?? 'take too much');
    }
    return found?.kept.state === 'kept' ? found : undefined;
  });
}

async function refreshed(store: Store, calendar: Calendar): Promise<readonly Kept[] | undefined> {
  await refreshVerdicts(store, calendar);
  await fillIfLittle(store, calendar);
  return registeredMeasures(store, calendar);
}
