import type { CarePlan, Communication, Patient } from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import type { Agreement } from '../agreement.ts';
import { type Calendar, createCalendar } from '../calendar.ts';
import type { StayFacts } from '../stay-facts.ts';
import { agreementsOf } from './agreements-of.ts';
import { courseOf } from './course-of.ts';
import {
  bySent,
  indexEpisodes,
  loadEpisodes,
  loadOfStays,
  municipalitiesIn,
  organizationsIn,
  type Stay,
} from './gather.ts';
import { loadAgreements } from './load-agreements.ts';
import { loadOrganizations } from './load-organizations.ts';
import { parse } from './references.ts';
import { resolveAll } from './resolve-references.ts';

/** Stays gathered at a time: enough to make round trips cheap, few enough to keep memory and queries small. */
const BATCH = 500;

const copenhagen = createCalendar();

/**
 * Gathers the facts of stays, in the order asked, stays that do not exist (any more) left out. About ten round trips
 * for up to 500 stays; the pages of large results come on top.
 */
export async function loadStayFacts(
  reader: Reader,
  stayIds: readonly string[],
  options: { readonly calendar?: Calendar } = {},
): Promise<StayFacts[]> {
  const calendar = options.calendar ?? copenhagen;
  const ids = [...new Set(stayIds)];
  if (ids.length === 0) return [];
  const agreements = await loadAgreements(reader);
  const facts: StayFacts[] = [];
  for (let start = 0; start < ids.length; start += BATCH) {
    facts.push(...(await loadBatch(reader, ids.slice(start, start + BATCH), agreements, calendar)));
  }
  return facts;
}

async function loadBatch(
  reader: Reader,
  ids: readonly string[],
  agreements: readonly Agreement[],
  calendar: Calendar,
): Promise<StayFacts[]> {
  const versions = await reader.readMany(ids.map((id) => ({ type: 'Encounter', id })));
  const stays = ids.flatMap((id) => {
    const version = versions.get(`Encounter/${id}`);
    return version === undefined ? [] : [parse<Stay>(version)];
  });
  if (stays.length === 0) return [];
  const patientOf = await resolveAll<Patient>(
    reader,
    'Patient',
    stays.map(({ subject }) => subject),
  );
  const patients = stays.map(({ subject }) => patientOf(subject));
  const episodesOf = indexEpisodes(await loadEpisodes(reader, stays, patients));
  const exchanges = await loadOfStays<Communication>(reader, 'Communication', stays);
  const plans = await loadOfStays<CarePlan>(reader, 'CarePlan', stays);
  const pieces = stays.map((stay, index) => {
    const patient = patients[index];
    const episodes = episodesOf(stay, patient);
    const course = courseOf(stay, episodes, calendar);
    const sent = (exchanges.get(stay.id) ?? []).filter(({ status }) => status !== 'entered-in-error');
    return {
      stay,
      ...(patient === undefined ? {} : { patient }),
      ...(course === undefined ? {} : { course }),
      episodes,
      exchanges: bySent(sent, calendar),
      plans: (plans.get(stay.id) ?? []).filter(
        ({ status }) => status !== 'entered-in-error' && status !== 'revoked',
      ),
    };
  });
  const named = pieces.map((piece) => ({
    references: organizationsIn(piece),
    municipalities: municipalitiesIn(piece, calendar),
  }));
  const organizationsFor = await loadOrganizations(
    reader,
    named.flatMap(({ references }) => references),
    [...new Set(named.flatMap(({ municipalities }) => municipalities))],
  );
  return pieces.map((piece, index) => {
    const { references = [], municipalities = [] } = named[index] ?? {};
    const facts = { ...piece, organizations: organizationsFor(references, municipalities) };
    return { ...facts, agreements: agreementsOf(facts, agreements, calendar) };
  });
}
