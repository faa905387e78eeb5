import type { Measure } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { EvaluationEnded } from '../threads/limits.ts';
import { fillIfLittle } from './fill.ts';
import { type Kept, measuresIfUnchanged, registeredMeasures } from './kept-measures.ts';
import { hasRegistered, refreshVerdicts } from './refresh.ts';

export interface Fresh {
  /** Measures as asked for; undefined for one whose verdicts are not kept, or not yet of all stays. */
  readonly kept: readonly (Kept | undefined)[];
  /** Whether verdicts may be among them that could not be made. */
  readonly failures: boolean;
}

/**
 * Measures among those kept, every verdict as new as the facts.
 * @throws EvaluationEnded (422) when the evaluation of one of them had to be ended
 */
export async function freshlyKept(
  store: Store,
  measures: readonly Measure[],
  calendar: Calendar,
): Promise<Fresh> {
  const unchanged = hasRegistered(store) ? await measuresIfUnchanged(store, calendar) : undefined;
  const all = unchanged?.all ?? (await refreshed(store, calendar));
  const kept = measures.map((measure) => {
    const found = all?.find(
      ({ kept: { id, version } }) => id === measure.id && String(version) === measure.meta?.versionId,
    );
    if (found?.kept.state === 'ended') {
      throw new EvaluationEnded(found.compiled.canonical, found.kept.reason ?? 'take too much');
    }
    return found?.kept.state === 'kept' ? found : undefined;
  });
  return { kept, failures: unchanged?.failures ?? true };
}

async function refreshed(store: Store, calendar: Calendar): Promise<readonly Kept[] | undefined> {
  await refreshVerdicts(store, calendar);
  await fillIfLittle(store, calendar);
  return registeredMeasures(store, calendar);
}
