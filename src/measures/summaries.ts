import type { MeasureReport } from '@medplum/fhirtypes';
import type { Calendar } from '../coordination/calendar.ts';
import type { Store } from '../store/store.ts';
import type { Compiled } from './compile/compiled-cache.ts';
import type { CompiledMeasure } from './compile/compiled-measure.ts';
import type { Evaluation } from './evaluate-request.ts';
import { addFailures } from './failures.ts';
import { type Fresh, freshlyKept } from './kept/fresh.ts';
import type { Kept } from './kept/kept-measures.ts';
import { storedSeries } from './kept/stored-tally.ts';
import { keptFailures, keptVerdicts } from './kept/stored-verdicts.ts';
import { base, refuseStayParameters, talliesFor } from './report/base.ts';
import { isChosen, withChosen } from './report/chosen.ts';
import { addFunded } from './report/funded.ts';
import type { MeasurementPeriod } from './report/period.ts';
import { reportOf } from './report/report.ts';
import { count, type GroupTally } from './report/tally.ts';
import { isWithin } from './stays/belonging.ts';
import { stayVerdicts } from './stays/stay-verdicts.ts';
import { namesOfStrata } from './stays/stratum-value.ts';
import type { Verdict } from './stays/verdict.ts';
import type { SubjectMeasure } from './subjects/subject-measure.ts';
import { subjectVerdicts } from './subjects/subject-verdicts.ts';

/** What is known of a Measure in one period. */
interface Part {
  readonly tallies: readonly GroupTally[];
  /** Those that could not be evaluated. */
  readonly failures: readonly Verdict[];
}

/**
 * Summary reports of Measures (none twice) over consecutive periods, for each Measure in the order of time. Measures
 * whose verdicts are kept are counted together, at one moment; others one after another.
 * @param whole what is asked, over all the periods
 */
export async function summaryReports(
  store: Store,
  measures: readonly Compiled[],
  whole: Evaluation,
  periods: readonly MeasurementPeriod[],
  { calendar, now }: { readonly calendar: Calendar; readonly now: string },
): Promise<MeasureReport[][]> {
  const parts = await partsOf(store, measures, whole, periods, calendar);
  const contents = parts.map((own, index) =>
    own.map(({ tallies, failures }, at) => {
      const { measure } = measures[index] as Compiled;
      const period = periods[at] as MeasurementPeriod;
      const chosen = withChosen(measure.groups, tallies, whole.stratifiers);
      return { ...base(measure, { ...whole, period }, now), ...chosen, failures };
    }),
  );
  const names = await namesOfStrata(
    store,
    contents.flat().flatMap(({ tallies }) => tallies),
  );
  return contents.map((own) =>
    own.map(({ failures, ...content }) => {
      const report = reportOf({ ...content, names });
      addFunded(report, content.measure);
      addFailures(report, failures);
      return report;
    }),
  );
}

const NOTHING_KEPT: Fresh = { kept: [], failures: false };

async function partsOf(
  store: Store,
  measures: readonly Compiled[],
  whole: Evaluation,
  periods: readonly MeasurementPeriod[],
  calendar: Calendar,
): Promise<Part[][]> {
  const stays = measures.flatMap((one) => (one.kind === 'stay' ? [one.measure.measure] : []));
  const { kept, failures } = stays.length === 0 ? NOTHING_KEPT : await freshlyKept(store, stays, calendar);
  const keptOf = ({ measure }: Compiled): Kept | undefined => kept[stays.indexOf(measure.measure)];
  const together =
    whole.subject === undefined && whole.practitioner === undefined
      ? measures.filter((one) => keptOf(one) !== undefined)
      : [];
  const counted = await countTogether(store, together.map(keptOf) as Kept[], failures, whole, periods);
  const parts: Part[][] = [];
  for (const one of measures) {
    const found = counted[together.indexOf(one)];
    if (found !== undefined) parts.push(found);
    else if (one.kind === 'stay') {
      parts.push(await ofStays(store, one.measure, keptOf(one), whole, periods, calendar));
    } else parts.push(await ofSubjects(store, one.measure, whole, periods, calendar));
  }
  return parts;
}

async function countTogether(
  store: Store,
  kept: readonly Kept[],
  mayHaveFailed: boolean,
  { asOf, period, stratifiers }: Evaluation,
  periods: readonly MeasurementPeriod[],
): Promise<Part[][]> {
  if (kept.length === 0) return [];
  const wanted = kept.map((one) => ({
    kept: one,
    stratified: (group: number, at: number) =>
      isChosen(one.compiled.groups[group]?.stratifiers[at], stratifiers),
  }));
  const [series, failures] = await Promise.all([
    storedSeries(store, wanted, periods, asOf),
    mayHaveFailed ? keptFailures(store, period) : [],
  ]);
  return kept.map(({ compiled }, index) =>
    periods.map((own, at) => ({
      tallies: series[index]?.[at] as readonly GroupTally[],
      failures: failures.filter((one) => one.measure === compiled.canonical && isWithin(one, own)),
    })),
  );
}

async function ofStays(
  store: Store,
  measure: CompiledMeasure,
  kept: Kept | undefined,
  whole: Evaluation,
  periods: readonly MeasurementPeriod[],
  calendar: Calendar,
): Promise<Part[]> {
  const parts = periods.map(() => emptyPart(measure));
  const source =
    kept === undefined ? stayVerdicts(store, measure, whole, calendar) : keptVerdicts(store, kept, whole);
  for await (const verdict of source) {
    for (const [at, part] of parts.entries()) {
      if (isWithin(verdict, periods[at] as MeasurementPeriod)) take(part, verdict, whole.asOf);
    }
  }
  return parts.map(inOrder);
}

async function ofSubjects(
  store: Store,
  measure: SubjectMeasure,
  whole: Evaluation,
  periods: readonly MeasurementPeriod[],
  calendar: Calendar,
): Promise<Part[]> {
  refuseStayParameters(whole);
  const parts = periods.map(() => emptyPart(measure));
  const request = { periods, asOf: whole.asOf, subject: whole.subject };
  for await (const { period, verdict } of subjectVerdicts(store, measure, request, calendar)) {
    const part = parts[period];
    if (part !== undefined) take(part, verdict, whole.asOf);
  }
  return parts.map(inOrder);
}

interface OpenPart extends Part {
  readonly failures: Verdict[];
}

function emptyPart({ groups }: CompiledMeasure | SubjectMeasure): OpenPart {
  return { tallies: talliesFor(groups), failures: [] };
}

function take(part: OpenPart, verdict: Verdict, asOf: string): void {
  count(part.tallies, verdict, asOf);
  if (verdict.failure !== undefined) part.failures.push(verdict);
}

function inOrder(part: OpenPart): OpenPart {
  part.failures.sort((one, other) => (one.member < other.member ? -1 : 1));
  return part;
}
