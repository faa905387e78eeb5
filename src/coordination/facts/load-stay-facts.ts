import type {
  CarePlan,
  Communication,
  EpisodeOfCare,
  Organization,
  Patient,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import type { Reader, ResourceKey } from '../../store/store.ts';
import { type Calendar, createCalendar } from '../calendar.ts';
import { memoryOf, type Named } from '../memory/memory.ts';
import { agreementsOf } from './agreements-of.ts';
import { contentsOf } from './contents.ts';
import { courseOf } from './course-of.ts';
import type { StayFacts } from './facts.ts';
import { loadAgreements } from './load-agreements.ts';
import { identified, referring } from './lookup.ts';
import {
  bySent,
  episodesOf,
  groupBy,
  municipalitiesIn,
  namesOf,
  organizationsIn,
  type Stay,
  validPlans,
  withParents,
} from './of-stay.ts';
import { createPool, type Pool } from './pool.ts';
import { identifierKey, logicalIdentifier } from './references.ts';

export interface LoadOptions {
  /** Europe/Copenhagen without extra days when absent. */
  readonly calendar?: Calendar;
  /** Leave stays without a course out; when none has one, the rest is not even asked for. */
  readonly onlyWithCourse?: boolean;
  /** Nobody will write the facts as JSON again: the precision of decimals need not be kept. */
  readonly onlyComputed?: boolean;
}

/** Stays gathered at a time: enough to make round trips cheap, few enough to keep memory and queries small. */
const BATCH = 500;
/** A department is part of a hospital, a hospital of a region; a few levels more are followed. */
const LEVELS = 6;

const copenhagen = createCalendar();

/**
 * Gathers the facts of stays, in the order asked, stays that do not exist (any more) left out: at most a dozen round
 * trips for up to 500 stays. Where the database can be asked for all of a stay at once, half as many.
 */
export async function loadStayFacts(
  reader: Reader,
  stayIds: readonly string[],
  options: LoadOptions = {},
): Promise<StayFacts[]> {
  const ids = [...new Set(stayIds)];
  const facts: StayFacts[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    facts.push(...(await loadBatch(reader, ids.slice(start, start + BATCH), options)));
  }
  return facts;
}

async function loadBatch(reader: Reader, ids: readonly string[], options: LoadOptions): Promise<StayFacts[]> {
  const contents = memoryOf(reader) === undefined ? await contentsOf(reader, ids) : undefined;
  if (contents === undefined) return gatherFacts(reader, ids, options, createPool());
  const pool = createPool();
  pool.add(
    (options.onlyComputed === true ? JSON.parse(contents) : parseJsonText(contents)) as readonly Resource[],
  );
  const stays = ids.map((id) => pool.byKey<Stay>('Encounter', id)).filter((stay) => stay !== undefined);
  const whole = stays.filter(({ subject }) => isPlain(subject));
  const facts = await factsOf(reader, whole, options, pool, true);
  if (whole.length === stays.length) return facts;
  const others = stays.filter(({ subject }) => !isPlain(subject)).map(({ id }) => id);
  const all = [...facts, ...(await gatherFacts(reader, others, options, createPool()))];
  const byStay = new Map(all.map((one) => [one.stay.id, one]));
  return ids.map((id) => byStay.get(id)).filter((one) => one !== undefined);
}

/** Whether the database finds whom a stay is about: not by an identifier, nor by a version or another server's URL. */
function isPlain(subject: Reference | undefined): boolean {
  return subject === undefined || /^[A-Za-z]+\/[A-Za-z0-9\-.]{1,64}$/.test(subject.reference ?? '');
}

/** One batch. What `also` names is read on the way and left in the pool. */
export async function gatherFacts(
  reader: Reader,
  ids: readonly string[],
  { calendar = copenhagen, onlyWithCourse = false }: LoadOptions,
  pool: Pool,
  also: readonly ResourceKey[] = [],
): Promise<StayFacts[]> {
  await pool.read(reader, [...ids.map((id) => ({ type: 'Encounter', id })), ...also]);
  const stays = ids.map((id) => pool.byKey<Stay>('Encounter', id)).filter((stay) => stay !== undefined);
  return factsOf(reader, stays, { calendar, onlyWithCourse }, pool, false);
}

/** @param whole whether the pool holds all that refers to the stays and their citizens */
async function factsOf(
  reader: Reader,
  stays: readonly Stay[],
  { calendar = copenhagen, onlyWithCourse = false }: LoadOptions,
  pool: Pool,
  whole: boolean,
): Promise<StayFacts[]> {
  if (stays.length === 0) return [];
  const patientOf = await loadCitizens(reader, stays, pool);
  const patients = stays.map(patientOf);
  const municipalities = new Map(
    stays.map((stay, index) => [stay, municipalitiesIn(stay, patients[index], calendar)]),
  );
  await loadReferring(reader, stays, patients, municipalities, pool, whole);

  const ofCitizen = groupBy(pool.all<EpisodeOfCare>('EpisodeOfCare'), ({ patient }) => patient, 'Patient');
  const exchangesOf = groupBy(
    pool.all<Communication>('Communication'),
    ({ encounter }) => encounter,
    'Encounter',
  );
  const plansOf = groupBy(pool.all<CarePlan>('CarePlan'), ({ encounter }) => encounter, 'Encounter');
  const pieces = stays.flatMap((stay) => {
    const patient = patientOf(stay);
    const episodes = episodesOf(stay, patient, ofCitizen, pool);
    const course = courseOf(stay, episodes, calendar);
    if (onlyWithCourse && course === undefined) return [];
    return {
      stay,
      ...(patient === undefined ? {} : { patient }),
      ...(course === undefined ? {} : { course }),
      episodes,
      exchanges: bySent(exchangesOf(namesOf(stay)), calendar),
      plans: validPlans(plansOf(namesOf(stay))),
    };
  });
  if (pieces.length === 0) return [];
  const named = pieces.map(organizationsIn);
  await loadOrganizations(reader, named.flat(), pool);
  const agreements = await loadAgreements(reader);
  return pieces.map((piece, index) => {
    const references = [...(named[index] ?? []), ...(municipalities.get(piece.stay) ?? [])];
    const facts = { ...piece, organizations: withParents(references, pool) };
    return { ...facts, agreements: agreementsOf(facts, agreements, calendar) };
  });
}

/** Citizens, and in the same round trip what else the stays refer to. */
async function loadCitizens(
  reader: Reader,
  stays: readonly Stay[],
  pool: Pool,
): Promise<(stay: Stay) => Patient | undefined> {
  const subjects = stays.map(({ subject }) => subject);
  await pool.read(
    reader,
    stays.flatMap(({ subject, serviceProvider, episodeOfCare }) =>
      [subject, serviceProvider, ...(episodeOfCare ?? [])].flatMap((reference) => {
        const [type, id] = (reference?.reference ?? '').split('/');
        return type === undefined || id === undefined || id === '' ? [] : [{ type, id }];
      }),
    ),
  );
  pool.add(await identified(reader, [['Patient', 'identifier']], subjects.map(logicalIdentifier)));
  return ({ subject }) => pool.resolve<Patient>('Patient', subject);
}

const BY_REFERENCE: readonly Named[] = [
  ['Communication', 'encounter'],
  ['CarePlan', 'encounter'],
  ['EpisodeOfCare', 'patient'],
];
const BY_IDENTIFIER: readonly Named[] = [
  ['Communication', 'encounter', 'identifier'],
  ['CarePlan', 'encounter', 'identifier'],
  ['EpisodeOfCare', 'patient', 'identifier'],
  ['Organization', 'identifier'],
];

/** Exchanges and plans of the stays, episodes of the citizens, organisations of the municipalities. */
async function loadReferring(
  reader: Reader,
  stays: readonly Stay[],
  patients: readonly (Patient | undefined)[],
  municipalities: ReadonlyMap<Stay, readonly Reference[]>,
  pool: Pool,
  whole: boolean,
): Promise<void> {
  const citizens = patients.filter((patient) => patient !== undefined);
  const targets = [...stays.map(({ id }) => `Encounter/${id}`), ...citizens.map(({ id }) => `Patient/${id}`)];
  if (!whole) pool.add(await referring(reader, BY_REFERENCE, targets));
  const logical = stays.flatMap((stay, index) => [
    stay.subject,
    stay.serviceProvider,
    ...(patients[index]?.generalPractitioner ?? []),
    ...(municipalities.get(stay) ?? []),
  ]);
  if (whole) {
    pool.add(await identified(reader, [['Organization', 'identifier']], logical.map(logicalIdentifier)));
    return;
  }
  const identifiers = [
    ...stays.flatMap(({ identifier }) => identifier ?? []),
    ...citizens.flatMap(({ identifier }) => identifier ?? []),
    ...logical.map(logicalIdentifier),
  ];
  pool.add(await identified(reader, BY_IDENTIFIER, identifiers));
}

/** What the facts refer to and what that is part of: one round trip for each level, and one for identifiers. */
async function loadOrganizations(
  reader: Reader,
  references: ReturnType<typeof organizationsIn>,
  pool: Pool,
): Promise<void> {
  let next = distinct(references);
  const unresolved = next
    .filter((reference) => pool.resolve<Organization>('Organization', reference) === undefined)
    .map(logicalIdentifier);
  pool.add(await identified(reader, [['Organization', 'identifier']], unresolved));
  for (let level = 0; level < LEVELS && next.length > 0; level += 1) {
    await pool.follow(reader, 'Organization', next);
    next = distinct(next.map((reference) => pool.resolve<Organization>('Organization', reference)?.partOf));
  }
}

/** One reference of those that name the same: a batch of stays has few organisations and many references to them. */
function distinct(references: readonly (Reference | undefined)[]): Reference[] {
  const found = new Map<string, Reference>();
  for (const reference of references) {
    if (reference === undefined) continue;
    const name = reference.reference ?? identifierKey(reference.identifier);
    if (name !== undefined && !found.has(name)) found.set(name, reference);
  }
  return [...found.values()];
}
