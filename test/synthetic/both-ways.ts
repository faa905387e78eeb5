import type { Communication, Encounter, Patient, Resource } from '@medplum/fhirtypes';
import { requestFor } from '../../src/cli/load/sources.ts';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM } from '../../src/fhir/canonical.ts';
import type { buildApp } from '../../src/http/app.ts';
import { explainVerdict } from '../../src/measures/explain.ts';
import { fillVerdicts } from '../../src/measures/kept/fill.ts';
import { registeredMeasures } from '../../src/measures/kept/kept-measures.ts';
import { verdictsOf } from '../../src/measures/kept/packed-rows.ts';
import { refreshVerdicts } from '../../src/measures/kept/refresh.ts';
import { BIT } from '../../src/measures/report/populations.ts';
import type { GroupVerdict, Verdict } from '../../src/measures/stays/verdict.ts';
import type { Store } from '../../src/store/store.ts';
import { storedReasons } from '../../src/store/verdicts/reasons.ts';
import { courseInDialects, type Sending } from '../../src/synthetic/medcom/course.ts';
import type { PlannedCourse } from '../../src/synthetic/plan/types.ts';
import { courseBundle, organisationBundles } from '../../src/synthetic/render/bundle.ts';

type App = Awaited<ReturnType<typeof buildApp>>;

/** Courses under way at the same time; within one, everything is sent in its order. */
const SENDERS = 8;
const calendar = createCalendar();

async function send(app: App, sending: Sending): Promise<void> {
  const { path, body, letter } = requestFor({ text: JSON.stringify(sending), where: 'population' });
  const answer = await app.inject({
    method: 'POST',
    url: letter === true ? path : `/fhir${path}`,
    headers: {
      'content-type': letter === true ? 'application/xml' : 'application/fhir+json',
      accept: 'application/json',
    },
    payload: body as string,
  });
  if (answer.statusCode !== 200 || answer.body.includes('fatal-error')) throw new Error(answer.body);
}

/**
 * The same courses in one of two ways: as resources, a transaction a course, or as hospital notifications and letters.
 */
export async function deliver(
  app: App,
  courses: readonly PlannedCourse[],
  as: 'fhir' | 'medcom',
): Promise<void> {
  // Of an empty store: whatever comes now marks what it touches.
  await fillVerdicts(app.store, calendar);
  for (const bundle of organisationBundles()) await send(app, bundle);
  const left = courses.values();
  const sender = async (): Promise<void> => {
    for (const course of left) {
      const sendings = as === 'fhir' ? [courseBundle(course)] : courseInDialects(course);
      for (const sending of sendings) await send(app, sending);
    }
  };
  await Promise.all(Array.from({ length: SENDERS }, sender));
}

/**
 * A verdict and its reasons with nothing in it that the server chose: who, what and when instead of ids; without what
 * decides nothing and no message or letter tells.
 */
interface PlainVerdict extends Partial<Omit<Verdict, 'member'>> {
  readonly episode: string;
  readonly sentence: string;
}

/** Beside the six: it needs an end of treatment also where no letter is owed that tells of it. */
const UNTOLD_MEASURE = '/discharge-delay|';

/** What the server keeps of every stay, in the order of episodes and measures. */
export async function keptVerdicts(store: Store, asOf: number): Promise<PlainVerdict[]> {
  await refreshVerdicts(store, calendar);
  const registered = (await registeredMeasures(store, calendar)) ?? [];
  const measures = new Map(registered.map(({ compiled }) => [compiled.canonical, compiled]));
  const kept: Verdict[] = [];
  for await (const page of storedReasons(store, {})) kept.push(...page.flatMap(verdictsOf));
  const known = await readAll(
    store,
    kept.flatMap(({ member, subject, evidence }) => [member, ...(subject ? [subject] : []), ...evidence]),
  );
  const at = new Date(asOf).toISOString();
  const counted = kept.filter(({ measure }) => !measure.includes(UNTOLD_MEASURE));
  const plain = counted.map(({ member, subject, evidence, ...verdict }): PlainVerdict => {
    const measure = measures.get(verdict.measure);
    if (measure === undefined) throw new Error(`${verdict.measure} is not kept`);
    const stay = known.get(member) as Encounter;
    const { anchor, groups } = verdict;
    const always = {
      episode: told(stay),
      measure: verdict.measure,
      subject: told(known.get(subject ?? '')),
      sentence: explainVerdict(measure, { member, evidence, ...verdict }, at, calendar, 'en'),
      ...(anchor === undefined ? {} : { anchor }),
    };
    // A cancellation withdraws the letters of the stay, and nobody is told of its later departments; of a stay that
    // began as acute it leaves the acute part. Both are excluded, in one sentence.
    if (stay.status === 'entered-in-error' || stay.class.code === 'EMER') {
      return { ...always, groups: groups.map(({ bits }) => ({ bits, strata: [] })) };
    }
    const isJudged = groups.some(({ bits }) => (bits & BIT.denominator) !== 0);
    const isMet = groups.some(({ bits }) => (bits & BIT.numerator) !== 0);
    // A plan that was never agreed is in no letter; that an end of treatment is not, matters only where P4 counts it.
    const all = evidence.filter((reference) => isMet || !reference.startsWith('CarePlan/'));
    const { due: _due, ...unjudged } = verdict;
    return {
      ...(isJudged ? verdict : unjudged),
      ...always,
      groups: stay.status === 'finished' ? groups : groups.map(withoutDepartment),
      evidence: [...new Set(all.map((reference) => told(known.get(reference))))].sort(),
    };
  });
  const key = (one: PlainVerdict): string => `${one.episode} ${one.measure}`;
  return plain.sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

/** While a stay lasts, nobody is told that the citizen moved to another department of the hospital (S.BR5). */
function withoutDepartment({ strata, ...group }: GroupVerdict): GroupVerdict {
  const [, department] = strata.filter((value) => value.startsWith('Organization/'));
  return { ...group, strata: strata.filter((value) => value !== department) };
}

async function readAll(store: Store, references: readonly string[]): Promise<Map<string, Resource>> {
  const keys = [...new Set(references)].map((reference) => {
    const [type, id] = reference.split('/') as [string, string];
    return { type, id };
  });
  const found = await store.readMany(keys);
  return new Map([...found].map(([reference, { content }]) => [reference, JSON.parse(content) as Resource]));
}

/** A resource by what both ways tell of it. */
function told(resource: Resource | undefined): string {
  switch (resource?.resourceType) {
    case 'Encounter':
      return identifier(resource, IDENTIFIER_SYSTEM.stayEpisode);
    case 'Patient':
      return identifier(resource, IDENTIFIER_SYSTEM.cpr);
    case 'Communication':
      return `${codes(resource)} sent ${minute(resource.sent)}`;
    case 'CarePlan':
      return `plan ${codes(resource)}`;
    default:
      return String(resource?.resourceType);
  }
}

const identifier = (resource: Encounter | Patient, system: string): string =>
  resource.identifier?.find((one) => one.system === system)?.value ?? '';
/** Which of the exchanges; a letter also says which letter it was. */
const codes = ({ category }: Pick<Communication, 'category'>): string =>
  (category ?? [])
    .flatMap(({ coding = [] }) => coding.filter(({ system }) => system === CODE_SYSTEM.exchange))
    .map(({ code }) => code)
    .join();
const minute = (time: string | undefined): string =>
  time === undefined ? 'never' : new Date(time).toISOString().slice(0, 16);
