import type {
  CarePlan,
  Communication,
  EpisodeOfCare,
  Identifier,
  Organization,
  Patient,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import { parseJsonText } from '../../fhir/json.ts';
import type { Reader, ResourceKey } from '../../store/store.ts';
import type { Agreement } from '../agreement.ts';
import { type Calendar, createCalendar } from '../calendar.ts';
import { memoryOf, type Named } from '../memory/memory.ts';
import { agreementsOf } from './agreements-of.ts';
import { contentsOf, municipalitiesNamed, organizationsNamed } from './contents.ts';
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
/** Of these, stays that are in memory at a time when they come by and by. */
const PART = 20;
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
  const common = commonOf(reader);
  const named = [...organizationsNamed(contents)].map((id) => ({ type: 'Organization', id }));
  await common.pool.read(reader, named);
  const municipalities = [...municipalitiesNamed(contents)].map((value) => ({
    system: CODE_SYSTEM.municipality,
    value,
  }));
  const asked = common.unasked(municipalities);
  common.pool.add(await identified(reader, [['Organization', 'identifier']], asked));
  await loadParents(reader, common.pool.all<Organization>('Organization'), common.pool);
  for (let start = 0; start < contents.length; start += PART) {
    yield await loadPart(reader, contents.slice(start, start + PART), options, common);
  }
}

/** @param contents of a stay each, the stay itself first */
async function loadPart(
  reader: Reader,
  contents: readonly string[],
  options: LoadOptions,
  common: Common,
): Promise<readonly StayFacts[]> {
  const pool = createPool(common.pool);
  const stays = contents.map((text) => {
    // The precision of decimals matters to those alone who write them down again.
    const resources = (options.onlyComputed === true ? JSON.parse(text) : parseJsonText(text)) as Resource[];
    pool.add(resources);
    return resources[0] as Stay;
  });
  const whole = stays.filter(({ subject }) => isPlain(subject));
  const facts = await factsOf(reader, whole, options, pool, common);
  if (whole.length === stays.length) return facts;
  const others = stays.filter(({ subject }) => !isPlain(subject)).map(({ id }) => id);
  const all = [...facts, ...(await gatherFacts(reader, others, options, createPool()))];
  const byStay = new Map(all.map((one) => [one.stay.id, one]));
  return stays.map(({ id }) => byStay.get(id)).filter((one) => one !== undefined);
}

/** What the stays of a batch share. */
interface Common {
  /** Organisations. */
  readonly pool: Pool;
  /** Of identifiers, those that nobody has asked for yet. */
  unasked(identifiers: readonly (Identifier | undefined)[]): (Identifier | undefined)[];
  agreements(): Promise<readonly Agreement[]>;
}

function commonOf(reader: Reader): Common {
  const asked = new Set<string>();
  let agreements: Promise<readonly Agreement[]> | undefined;
  return {
    pool: createPool(),
    unasked: (identifiers) =>
      identifiers.filter((identifier) => {
        const key = identifierKey(identifier);
        if (key === undefined || asked.has(key)) return false;
        asked.add(key);
        return true;
      }),
    agreements: () => {
      agreements ??= loadAgreements(reader);
      return agreements;
    },
  };
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
  return factsOf(reader, stays, { calendar, onlyWithCourse }, pool, undefined);
}

/** @param common set when the pool holds all that refers to the stays and their citizens */
async function factsOf(
  reader: Reader,
  stays: readonly Stay[],
  { calendar = copenhagen, onlyWithCourse = false }: LoadOptions,
  pool: Pool,
  common: Common | undefined,
): Promise<StayFacts[]> {
  if (stays.length === 0) return [];
  const patientOf = await loadCitizens(reader, stays, pool);
  const patients = stays.map(patientOf);
  const municipalities = new Map(
    stays.map((stay, index) => [stay, municipalitiesIn(stay, patients[index], calendar)]),
  );
  await loadReferring(reader, stays, patients, municipalities, pool, common);

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
  await loadOrganizations(reader, named.flat(), pool, common);
  const agreements = await (common === undefined ? loadAgreements(reader) : common.agreements());
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
  common: Common | undefined,
): Promise<void> {
  const citizens = patients.filter((patient) => patient !== undefined);
  const targets = [...stays.map(({ id }) => `Encounter/${id}`), ...citizens.map(({ id }) => `Patient/${id}`)];
  if (common === undefined) pool.add(await referring(reader, BY_REFERENCE, targets));
  const logical = stays.flatMap((stay, index) => [
    stay.subject,
    stay.serviceProvider,
    ...(patients[index]?.generalPractitioner ?? []),
    ...(municipalities.get(stay) ?? []),
  ]);
  if (common !== undefined) {
    const wanted = common.unasked(logical.map(logicalIdentifier));
    pool.add(await identified(reader, [['Organization', 'identifier']], wanted));
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
  common: Common | undefined,
): Promise<void> {
  const wanted = distinct(references);
  const unresolved = wanted
    .filter((reference) => pool.resolve<Organization>('Organization', reference) === undefined)
    .map(logicalIdentifier);
  const identifiers = common === undefined ? unresolved : common.unasked(unresolved);
  pool.add(await identified(reader, [['Organization', 'identifier']], identifiers));
  await pool.follow(reader, 'Organization', wanted);
  const found = wanted.map((reference) => pool.resolve<Organization>('Organization', reference));
  await loadParents(
    reader,
    found.filter((organization) => organization !== undefined),
    pool,
  );
}

/** What organisations are part of, level by level. */
async function loadParents(
  reader: Reader,
  organizations: readonly Organization[],
  pool: Pool,
): Promise<void> {
  let next = distinct(organizations.map(({ partOf }) => partOf));
  for (let level = 1; level < LEVELS && next.length > 0; level += 1) {
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
