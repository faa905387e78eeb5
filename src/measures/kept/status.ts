import type { Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import type { KeptMeasure } from '../../store/verdicts/measures.ts';
import { countStale } from '../../store/verdicts/stale.ts';
import { canonicalOf } from '../compile/measure-elements.ts';
import { measureById } from '../find-measure.ts';
import { ensureRegistered } from './refresh.ts';

const copenhagen = createCalendar();

/**
 * `$evaluation-status` (ours): how each Measure is evaluated now, of one Measure or of all whose verdicts are kept.
 * Parameters: `stale`, the stays whose verdicts wait to be refreshed; a `measure` each, with `canonical`, `state`
 * (`direct`, `filling`, `kept`, `ended`), `since`, and while it is filled `done` and `total`; `reason` of an end.
 * @throws FhirError 404, 410
 */
export async function evaluationStatus(
  store: Store,
  measureId: string | undefined,
  options: { readonly calendar?: Calendar } = {},
): Promise<Parameters> {
  const wanted = measureId === undefined ? undefined : (await measureById(store, measureId)).measure;
  const registered = await ensureRegistered(store, options.calendar ?? copenhagen);
  const told = registered
    .filter(({ kept }) => wanted === undefined || kept.id === wanted.id)
    .map(({ compiled, kept }) => measureStatus(compiled.canonical, kept));
  if (wanted !== undefined && told.length === 0) {
    const part = [
      { name: 'canonical', valueCanonical: canonicalOf(wanted) },
      { name: 'id', valueId: wanted.id },
      { name: 'state', valueCode: 'direct' },
    ];
    told.push({ name: 'measure', part });
  }
  return {
    resourceType: 'Parameters',
    parameter: [{ name: 'stale', valueInteger: await countStale(store) }, ...told],
  };
}

function measureStatus(canonical: string, kept: KeptMeasure): ParametersParameter {
  const { id, state, since, filled, total, reason } = kept;
  return {
    name: 'measure',
    part: [
      { name: 'canonical', valueCanonical: canonical },
      { name: 'id', valueId: id },
      { name: 'state', valueCode: state },
      { name: 'since', valueInstant: since },
      ...(state === 'filling' ? [{ name: 'done', valueInteger: filled }] : []),
      ...(state === 'filling' && total !== undefined ? [{ name: 'total', valueInteger: total }] : []),
      ...(reason === undefined ? [] : [{ name: 'reason', valueString: reason }]),
    ],
  };
}
