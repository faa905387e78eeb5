import type { Bundle, MeasureReport } from '@medplum/fhirtypes';
import type { Calendar } from '../../coordination/calendar.ts';
import { badRequest } from '../../fhir/outcome.ts';
import { digestOf } from '../../store/keys.ts';
import type { Store } from '../../store/store.ts';
import { compiledOf } from '../compile/compiled-cache.ts';
import { evaluateMeasures } from '../evaluate-measures.ts';
import { measureByReference, type StoredMeasure } from '../find-measure.ts';
import { evaluate } from '../threads/evaluation.ts';
import { taskMeasure } from '../threads/task-measure.ts';
import type { ReportUnit } from '../yearly/model.ts';
import { parameterMeasures } from '../yearly/parameters.ts';
import { periodsOfYear } from '../yearly/periods.ts';
import { unitsIn } from '../yearly/units.ts';
import { type Frame, frameOf, type MonthlyReports } from './frame.ts';
import { type Marks, marksOf } from './marks.ts';
import { maskReport } from './mask-report.ts';

export interface MaskingOptions {
  readonly calendar: Calendar;
  /** Instant: the time of asking of the reports. */
  readonly asOf: string;
  /** Counts from 1 to below it are small. */
  readonly threshold: number;
}

/**
 * Hides in a MeasureReport, or in each of a Bundle, what must not be told about small groups (docs/suppression.md).
 * What is hidden is decided over all that could be asked of the Measure's year, and of the Measures that count the same
 * stays, so that no other request gives it back. A report on one subject passes: it is no statistic.
 * @throws FhirError 400 for a period that is no calendar month, quarter or year
 */
export async function maskAnswer<T extends MeasureReport | Bundle<MeasureReport>>(
  store: Store,
  answer: T,
  options: MaskingOptions,
): Promise<T> {
  const masks = new Map<string, Promise<Marks>>();
  const mask = async (report: MeasureReport): Promise<MeasureReport> => {
    if (report.type === 'individual') return report;
    const { year, period } = periodOf(report);
    const stored = await measureByReference(store, report.measure);
    const family = await familyOf(store, stored);
    const key = `${year} ${family.map(({ measure }) => measure.id).join(' ')}`;
    let marks = masks.get(key);
    if (marks === undefined) {
      marks = marksFor(store, family, year, options);
      masks.set(key, marks);
    }
    return maskReport(report, {
      id: stored.measure.id,
      scorings: scoringsOf(stored, options.calendar),
      period,
      marks: await marks,
    });
  };
  if (answer.resourceType === 'MeasureReport') return (await mask(answer)) as T;
  const entry: Bundle<MeasureReport>['entry'] = [];
  for (const one of answer.entry ?? []) {
    entry.push(one.resource === undefined ? one : { ...one, resource: await mask(one.resource) });
  }
  return { ...answer, entry };
}

function periodOf({ period }: MeasureReport): { readonly year: number; readonly period: string } {
  const year = Number(period.start?.slice(0, 4));
  const found = periodsOfYear(year).find(({ start, end }) => start === period.start && end === period.end);
  if (found === undefined) {
    throw badRequest(
      'Small numbers are masked here, and two periods of any length would betray what lies between them: ask for a ' +
        'calendar month, quarter or year, or for a series of them',
      'Parameters.periodEnd',
      'business-rule',
    );
  }
  return { year, period: found.id };
}

/** The Measures that must be looked at together: the national parameters, of which several count all discharges. */
async function familyOf(store: Store, stored: StoredMeasure): Promise<readonly StoredMeasure[]> {
  const parameters = await parameterMeasures(store);
  return parameters.some(({ measure }) => measure.id === stored.measure.id) ? parameters : [stored];
}

function scoringsOf(stored: StoredMeasure, calendar: Calendar) {
  return compiledOf(stored, calendar).measure.groups.map(({ scoring }) => scoring);
}

/** Frames whose marks are kept: hiding takes a thread up to seconds, and the same counts hide alike. */
const MOST = 16;
const known = new Map<string, Promise<Marks>>();

async function marksFor(
  store: Store,
  family: readonly StoredMeasure[],
  year: number,
  { calendar, asOf, threshold }: MaskingOptions,
): Promise<Marks> {
  const period = String(year);
  const { entry = [] } = await evaluateMeasures(
    store,
    {
      measures: family.map(({ measure }) => measure.id),
      periodStart: period,
      periodEnd: period,
      asOf,
      series: 'month',
    },
    { calendar },
  );
  const reports = entry.flatMap(({ resource }) => resource ?? []);
  const measures = family.map(
    (stored, index): MonthlyReports => ({
      id: stored.measure.id,
      scorings: scoringsOf(stored, calendar),
      months: reports.slice(12 * index, 12 * (index + 1)),
    }),
  );
  const frame = frameOf(year, measures);
  const key = digestOf(JSON.stringify([year, threshold, plain(frame.tables)]));
  const found = known.get(key);
  if (found !== undefined) return found;
  const marks = hidden(store, family, { frame, places: unitsIn(`${year}-12-31`), threshold }, calendar);
  if (known.size >= MOST) known.clear();
  known.set(key, marks);
  // What went wrong once is tried again.
  marks.catch(() => known.delete(key));
  return marks;
}

/** Finds out in a thread: it can take seconds, in which others want answers. */
async function hidden(
  store: Store,
  family: readonly StoredMeasure[],
  counts: { readonly frame: Frame; readonly places: readonly ReportUnit[]; readonly threshold: number },
  calendar: Calendar,
): Promise<Marks> {
  const measures = family.map(({ measure }) => taskMeasure(measure));
  return marksOf(await evaluate(calendar, { kind: 'hide', measures, ...counts }, store));
}

/** Maps as JSON has them. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (_, item: unknown) => (item instanceof Map ? [...item] : item)));
}
