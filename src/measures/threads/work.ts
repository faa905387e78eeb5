import type { Calendar } from '../../coordination/calendar.ts';
import { loadStayFacts, type StayFacts, stayFactsByAndBy } from '../../coordination/stay-facts.ts';
import type { Reader } from '../../store/store.ts';
import type { Layout } from '../../store/verdicts/layout.ts';
import { type Compiled, compiledOf, functionsFor } from '../compile/compiled-cache.ts';
import type { CompiledMeasure } from '../compile/compiled-measure.ts';
import type { StoredMeasure } from '../find-measure.ts';
import { reasonRow, textRows, worthKeeping } from '../kept/packed-rows.ts';
import { markedRows } from '../masking/marks.ts';
import { isCoordinator, isWithin } from '../stays/belonging.ts';
import { evaluateStay } from '../stays/engine.ts';
import { explanation } from '../stays/explanation.ts';
import { stayPages } from '../stays/stay-pages.ts';
import { evaluateSubject, type SubjectMeasure } from '../subjects/subject-measure.ts';
import { subjectPages } from '../subjects/subject-pages.ts';
import { suppress } from '../suppression/suppress.ts';
import type { Answers, Emitted, InPeriod, Judged, Task, TaskMeasure } from './messages.ts';
import type { PulseWriter } from './pulse.ts';

/** Where a task is done: what it reads from, and who watches it. */
export interface Workplace {
  readonly reader: Reader;
  readonly calendar: Calendar;
  readonly pulse: PulseWriter;
  /** Hands a part of the result on; resolves when it was taken. */
  emit(value: Emitted[Task['kind']]): Promise<void>;
}

type Of<K extends Task['kind']> = Extract<Task, { kind: K }>;

/** Does a task. The same facts give the same answer, whichever thread it is done in. */
export async function work(task: Task, place: Workplace): Promise<Answers[Task['kind']]> {
  place.pulse.reset();
  switch (task.kind) {
    case 'judge':
      return judge(task, place);
    case 'stays':
      return stays(task, place);
    case 'subjects':
      return subjects(task, place);
    case 'explain':
      return explain(task, place);
    case 'hide':
      return markedRows(task.frame, task.places, task.threshold);
    case 'suppress':
      return suppress(task.table, { threshold: task.threshold });
  }
}

async function judge(
  { measures, layouts, ids }: Of<'judge'>,
  { reader, calendar, pulse }: Workplace,
): Promise<Judged[]> {
  const compiled = measures.map((measure) => stayMeasure(measure, calendar));
  const placed = new Map(compiled.map(({ canonical }, index) => [canonical, layouts[index] as Layout]));
  const judged: Judged[] = [];
  for await (const some of stayFactsByAndBy(reader, ids, { calendar, onlyComputed: true })) {
    for (const facts of some) {
      if (!isStay(facts)) continue;
      const kept = worthKeeping(evaluateStay(compiled, facts, { calendar, pulse }));
      if (kept.length === 0) continue;
      judged.push({ rows: textRows(kept, placed, calendar), reason: reasonRow(facts, kept) });
    }
  }
  return judged;
}

/** Hospital stays; other encounters (a home visit) have no verdicts. */
function isStay({ stay }: StayFacts): boolean {
  return stay.class?.code === 'IMP' || stay.class?.code === 'EMER';
}

async function stays(
  { measures, period, asOf, subject, practitioner }: Of<'stays'>,
  { reader, calendar, pulse, emit }: Workplace,
): Promise<undefined> {
  const compiled = stayMeasure(measures[0], calendar);
  for await (const page of stayPages(reader, calendar, subject)) {
    const members =
      practitioner === undefined ? page : page.filter((facts) => isCoordinator(facts, practitioner));
    const verdicts = members.flatMap((facts) => evaluateStay([compiled], facts, { calendar, asOf, pulse }));
    await emit(verdicts.filter((verdict) => isWithin(verdict, period)));
  }
}

async function subjects(
  { measures, periods, asOf, subject }: Of<'subjects'>,
  { reader, calendar, pulse, emit }: Workplace,
): Promise<undefined> {
  const compiled = subjectMeasure(measures[0], calendar);
  for await (const page of subjectPages(reader, compiled.types, subject)) {
    const found: InPeriod[] = [];
    for (const data of page) {
      for (const [index, period] of periods.entries()) {
        pulse.begin(0);
        for (const verdict of evaluateSubject(compiled, data, period, asOf))
          found.push({ period: index, verdict });
        pulse.end();
      }
    }
    await emit(found);
  }
}

async function explain({ measures, stay, asOf }: Of<'explain'>, { reader, calendar, pulse }: Workplace) {
  const compiled = stayMeasure(measures[0], calendar);
  const [facts] = await loadStayFacts(reader, [stay], { calendar });
  if (facts === undefined) return undefined;
  pulse.begin(0);
  const parameters = explanation(compiled, facts, asOf, calendar, functionsFor(calendar));
  pulse.end();
  return parameters;
}

function stayMeasure(measure: TaskMeasure, calendar: Calendar): CompiledMeasure {
  const compiled = compiledText(measure, calendar);
  if (compiled.kind === 'stay') return compiled.measure;
  throw new TypeError('A Measure about subjects is not evaluated stay by stay');
}

function subjectMeasure(measure: TaskMeasure, calendar: Calendar): SubjectMeasure {
  const compiled = compiledText(measure, calendar);
  if (compiled.kind === 'subject') return compiled.measure;
  throw new TypeError('A Measure about stays is not evaluated subject by subject');
}

/** Each batch brings its Measures; a text seen before is not parsed again. */
const resources = new Map<string, StoredMeasure['measure']>();
const REMEMBERED = 200;

function compiledText({ text }: TaskMeasure, calendar: Calendar): Compiled {
  let measure = resources.get(text);
  if (measure === undefined) {
    if (resources.size >= REMEMBERED) resources.clear();
    measure = JSON.parse(text) as StoredMeasure['measure'];
    resources.set(text, measure);
  }
  return compiledOf({ measure }, calendar);
}
