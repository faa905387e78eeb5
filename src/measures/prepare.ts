import { type Calendar, createCalendar } from '../coordination/calendar.ts';
import { badRequest, gone, notFound } from '../fhir/outcome.ts';
import type { Reader } from '../store/store.ts';
import { type Compiled, compiledOf } from './compile/compiled-cache.ts';
import { checkRequest, type EvaluateMeasureRequest, type Evaluation } from './evaluate-request.ts';
import { measuresByName } from './find-measure.ts';
import { checkChosen } from './report/chosen.ts';

export interface EvaluateMeasureOptions {
  /** Local days and deadlines; Europe/Copenhagen when absent. */
  readonly calendar?: Calendar;
  /** The time of the report, and of asking where the request names none; the clock when absent. */
  readonly now?: string;
}

interface Prepared {
  /** What is asked; of the first request where they differ, which is in the Measure alone. */
  readonly evaluation: Evaluation;
  /** The Measures, in the order of the requests. */
  readonly measures: readonly Compiled[];
  readonly calendar: Calendar;
  readonly now: string;
}

const copenhagen = createCalendar();

/**
 * Requests that differ in the Measure alone, checked: the Measures compiled, none twice, the subject known to be there.
 * @throws FhirError as evaluateMeasure
 */
export async function prepare(
  reader: Reader,
  requests: readonly EvaluateMeasureRequest[],
  options: EvaluateMeasureOptions,
): Promise<Prepared> {
  const calendar = options.calendar ?? copenhagen;
  const now = options.now ?? new Date().toISOString();
  const evaluations = requests.map((request) => checkRequest(request, calendar, now));
  const stored = await measuresByName(
    reader,
    evaluations.map(({ measure }) => measure),
  );
  if (new Set(stored.map(({ measure }) => measure.id)).size < stored.length) {
    throw badRequest('The same Measure is named twice', 'Parameters.measure', 'duplicate');
  }
  const measures = stored.map((one) => compiledOf(one, calendar));
  const [evaluation] = evaluations as [Evaluation];
  checkChosen(
    measures.map(({ measure }) => measure),
    evaluation.stratifiers,
  );
  if (evaluation.subject !== undefined) await checkSubject(reader, evaluation.subject);
  return { evaluation, measures, calendar, now };
}

/** The text of the reference is not repeated: somebody may have put a CPR number in it. */
async function checkSubject(reader: Reader, subject: string): Promise<void> {
  const [type = '', id = ''] = subject.split('/');
  const found = await reader.read(type, id);
  if (found === undefined)
    throw notFound(`There is no ${type} with the id of the subject`, 'Parameters.subject');
  if (found.deleted) throw gone(`The ${type} that is the subject was deleted`);
}
