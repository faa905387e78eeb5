import type { Parameters } from '@medplum/fhirtypes';
import { type Calendar, createCalendar } from '../../coordination/calendar.ts';
import { badRequest, gone, notFound } from '../../fhir/outcome.ts';
import type { Store } from '../../store/store.ts';
import { compiledOf } from '../compile/compiled-cache.ts';
import { measureById, measureByReference } from '../find-measure.ts';
import { localReference } from '../references.ts';
import { instantParameter } from '../report/period.ts';
import { evaluate } from '../threads/evaluation.ts';
import { taskMeasure } from '../threads/task-measure.ts';

export interface ExplainRequest {
  readonly measureId?: string;
  readonly measure?: string;
  /** `Encounter/[id]` */
  readonly subject?: string;
  readonly asOf?: string;
}

const copenhagen = createCalendar();

/**
 * `$explain` (ours): why a Measure says what it says of one stay. Parameters: the sentence in Danish and English, the
 * reasons, each population with the value of its criterion and of each part of it, and each variable.
 * @throws FhirError 400, 404, 410, 422 as evaluateMeasure; 400 for a Measure that is not evaluated stay by stay
 */
export async function explainStay(
  store: Store,
  request: ExplainRequest,
  options: { readonly calendar?: Calendar; readonly now?: string } = {},
): Promise<Parameters> {
  const calendar = options.calendar ?? copenhagen;
  const now = options.now ?? new Date().toISOString();
  const asOf = request.asOf === undefined ? now : instantParameter('asOf', request.asOf, calendar);
  const id = /^Encounter\/(.+)$/.exec(localReference(request.subject) ?? '')?.[1];
  if (id === undefined)
    throw badRequest('subject is the stay to explain: Encounter/[id]', 'Parameters.subject', 'required');
  if (request.measureId === undefined && !request.measure) {
    throw badRequest(
      'Name the Measure: its canonical URL, Measure/[id] or id',
      'Parameters.measure',
      'required',
    );
  }
  const stored =
    request.measureId === undefined
      ? await measureByReference(store, request.measure ?? '')
      : await measureById(store, request.measureId);
  const compiled = compiledOf(stored, calendar);
  if (compiled.kind !== 'stay') {
    throw badRequest(
      'Only Measures with an anchor are evaluated stay by stay',
      'Parameters.measure',
      'not-supported',
    );
  }
  const found = await store.read('Encounter', id);
  if (found === undefined)
    throw notFound('There is no Encounter with the id of the subject', 'Parameters.subject');
  if (found.deleted) throw gone('The Encounter that is the subject was deleted');
  const task = { kind: 'explain', measures: [taskMeasure(stored.measure)], stay: id, asOf } as const;
  const told = await evaluate(calendar, task, store);
  if (told === undefined)
    throw notFound('There is no Encounter with the id of the subject', 'Parameters.subject');
  return told;
}
