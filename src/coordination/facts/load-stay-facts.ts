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
import { createDirectory, type Directory } from './directory.ts';
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
import { distinct, loadParents } from './parents.ts';
import { createPool, type Pool } from './pool.ts';
import { logicalIdentifier } from './references.ts';
import { type Piece, sortContents } from './sort-contents.ts';

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
/** Of these, stays that are in memory at a time when they come by and by. */
const PART = 20;

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
  const facts: StayFacts[] = [];
  for await (const some of stayFactsByAndBy(reader, stayIds, options)) facts.push(...some);
  return facts;
}

/**
 * The same some stays at a time, for those who are done with a stay when they come to the next: what lives for so
 * short costs the memory's housekeeping next to nothing, which otherwise takes as long as parsing.
 */
export async function* stayFactsByAndBy(
  reader: Reader,
  stayIds: readonly string[],
  options: LoadOptions = {},
): AsyncGenerator<readonly StayFacts[]> {
  const ids = [...new Set(stayIds)];
  for (let start = 0; start < ids.length; start += BATCH) {
    yield* loadBatch(reader, ids.slice(start, start + BATCH), options);
  }
}

async function* loadBatch(
  reader: Reader,
  ids: readonly string[],
  options: LoadOptions,
): AsyncGenerator<readonly StayFacts[]> {
  const contents = memoryOf(reader) === undefined ? await contentsOf(reader, ids) : undefined;
  if (contents === undefined) {
    yield await gatherFacts(reader, ids, options, createPool());
    return;
  }
  const directory = createDirectory(reader);
  await directory.expect(contents);
  for (let start = 0; start < contents.length; start += PART) {
    yield await loadPart(reader, contents.slice(start, start + PART), options, directory);
  }
}

/** @param contents of a stay each, the stay itself first */
async function loadPart(
  reader: Reader,
  contents: readonly string[],
  options: LoadOptions,
  directory: Directory,
): Promise<readonly StayFacts[]> {
  // The precision of decimals matters to those alone who write them down again.
  const parse = options.onlyComputed === true ? JSON.parse : parseJsonText;
  const { calendar = copenhagen, onlyWithCourse = false } = options;
  const pieces: Piece[] = [];
  const ids: string[] = [];
  const others: string[] = [];
  for (const text of contents) {
    const resources = parse(text) as Resource[];
    const stay = resources[0] as Stay;
    ids.push(stay.id);
    if (!isPlain(stay.subject)) others.push(stay.id);
    else {
      const piece = sortContents(resources, calendar);
      if (!onlyWithCourse || piece.course !== undefined) pieces.push(piece);
    }
  }
  const facts = await directory.complete(pieces, calendar);
  if (others.length === 0) return facts;
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
  if (stays.length === 0) return [];
  const patientOf = await loadCitizens(reader, stays, pool);
  const patients = stays.map(patientOf);
  const municipalities = new Map(
    stays.map((stay, index) => [stay, municipalitiesIn(stay, patients[index], calendar)]),
  );
  await loadReferring(reader, stays, patients, municipalities, pool);

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
): Promise<void> {
  const citizens = patients.filter((patient) => patient !== undefined);
  const targets = [...stays.map(({ id }) => `Encounter/${id}`), ...citizens.map(({ id }) => `Patient/${id}`)];
  pool.add(await referring(reader, BY_REFERENCE, targets));
  const logical = stays.flatMap((stay, index) => [
    stay.subject,
    stay.serviceProvider,
    ...(patients[index]?.generalPractitioner ?? []),
    ...(municipalities.get(stay) ?? []),
  ]);
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
  const wanted = distinct(references);
  const unresolved = wanted
    .filter((reference) => pool.resolve<Organization>('Organization', reference) === undefined)
    .map(logicalIdentifier);
  pool.add(await identified(reader, [['Organization', 'identifier']], unresolved));
  await pool.follow(reader, 'Organization', wanted);
  const found = wanted.map((reference) => pool.resolve<Organization>('Organization', reference));
  await loadParents(
    reader,
    found.filter((organization) => organization !== undefined),
    pool,
  );
}
