import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Patient,
  Reference,
} from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import type { Calendar } from '../calendar.ts';
import { municipalityOf } from '../citizen-municipality.ts';
import { momentOf } from '../moment.ts';
import type { StayFacts } from '../stay-facts.ts';
import { identifierKey, identifierToken, idIn, parse } from './references.ts';
import { searchAll } from './search-all.ts';

export type Stay = Encounter & { readonly id: string };

/** The EpisodeOfCares of the citizens, and those that the stays refer to. */
export async function loadEpisodes(
  reader: Reader,
  stays: readonly Stay[],
  patients: readonly (Patient | undefined)[],
): Promise<EpisodeOfCare[]> {
  const episodes = new Map<string, EpisodeOfCare>();
  const add = (episode: EpisodeOfCare): unknown => episodes.set(episode.id ?? '', episode);
  const known = patients.filter((patient) => patient !== undefined);
  const ids = new Set(known.map(({ id }) => `Patient/${id}`));
  for (const episode of await searchAll<EpisodeOfCare>(reader, 'EpisodeOfCare', 'patient', [...ids]))
    add(episode);
  const logical = new Map(
    [
      ...known.flatMap(({ identifier }) => identifier ?? []),
      ...stays.map(({ subject }) => subject?.identifier),
    ]
      .filter((identifier) => identifier?.value !== undefined)
      .map((identifier) => [identifierKey(identifier), identifierToken(identifier ?? {})]),
  );
  const byIdentifier = [...logical.values()];
  for (const episode of await searchAll<EpisodeOfCare>(
    reader,
    'EpisodeOfCare',
    'patient:identifier',
    byIdentifier,
  )) {
    add(episode);
  }
  const missing = new Set(
    stays
      .flatMap((stay) => (stay.episodeOfCare ?? []).map((reference) => idIn(reference, 'EpisodeOfCare')))
      .filter((id) => id !== undefined && !episodes.has(id)),
  );
  if (missing.size > 0) {
    const keys = [...missing].map((id) => ({ type: 'EpisodeOfCare', id: id as string }));
    for (const version of (await reader.readMany(keys)).values()) add(parse<EpisodeOfCare>(version));
  }
  return [...episodes.values()].sort(byId);
}

/** The resources whose `encounter` is one of the stays, by literal reference or by one of a stay's identifiers. */
export async function loadOfStays<T extends Communication | CarePlan>(
  reader: Reader,
  type: T['resourceType'],
  stays: readonly Stay[],
): Promise<ReadonlyMap<string, T[]>> {
  const stayOf = new Map<string, string>();
  const tokens: string[] = [];
  for (const stay of stays) {
    for (const identifier of stay.identifier ?? []) {
      const key = identifierKey(identifier);
      if (key === undefined) continue;
      stayOf.set(key, stay.id);
      tokens.push(identifierToken(identifier));
    }
  }
  const literal = stays.map(({ id }) => `Encounter/${id}`);
  const found = [
    ...(await searchAll<T>(reader, type, 'encounter', literal)),
    ...(await searchAll<T>(reader, type, 'encounter:identifier', tokens)),
  ];
  const groups = new Map<string, Map<string, T>>();
  for (const resource of found) {
    const { encounter } = resource;
    const id = idIn(encounter, 'Encounter');
    // A literal reference says which stay is meant; an identifier beside it must not pull it to another.
    const stay = id ?? stayOf.get(identifierKey(encounter?.identifier) ?? '');
    if (stay === undefined) continue;
    const group = groups.get(stay) ?? new Map<string, T>();
    groups.set(stay, group.set(resource.id ?? '', resource));
  }
  return new Map([...groups].map(([stay, group]) => [stay, [...group.values()].sort(byId)]));
}

/** Gives the episodes of one stay: its citizen's, and those that it refers to itself. */
export function indexEpisodes(
  episodes: readonly EpisodeOfCare[],
): (stay: Stay, patient: Patient | undefined) => EpisodeOfCare[] {
  const byKey = new Map<string, EpisodeOfCare[]>();
  const put = (key: string, episode: EpisodeOfCare): unknown =>
    byKey.set(key, [...(byKey.get(key) ?? []), episode]);
  for (const episode of episodes) {
    put(`EpisodeOfCare/${episode.id}`, episode);
    const patient = idIn(episode.patient, 'Patient');
    const key = patient === undefined ? identifierKey(episode.patient?.identifier) : `Patient/${patient}`;
    if (key !== undefined) put(key, episode);
  }
  return (stay, patient) => {
    const keys = [
      ...(patient === undefined ? [] : [`Patient/${patient.id}`]),
      ...[...(patient?.identifier ?? []), stay.subject?.identifier].map((identifier) =>
        identifierKey(identifier),
      ),
      ...(stay.episodeOfCare ?? []).map((reference) => `EpisodeOfCare/${idIn(reference, 'EpisodeOfCare')}`),
    ];
    return [...new Set(keys.flatMap((key) => byKey.get(key ?? '') ?? []))].sort(byId);
  };
}

/** By the time sent (received, where that is not known), then by id; what has neither comes first. */
export function bySent(exchanges: readonly Communication[], calendar: Calendar): Communication[] {
  const time = ({ sent, received }: Communication): number =>
    momentOf(sent ?? received, calendar)?.earliest ?? Number.NEGATIVE_INFINITY;
  return [...exchanges].sort((a, b) => {
    const [left, right] = [time(a), time(b)];
    return left === right ? byId(a, b) : left - right;
  });
}

/** Every reference to an organisation in the facts of a stay. */
export function organizationsIn(
  facts: Omit<StayFacts, 'organizations' | 'agreements'>,
): (Reference | undefined)[] {
  return [
    facts.stay.serviceProvider,
    ...(facts.patient?.generalPractitioner ?? []),
    facts.patient?.managingOrganization,
    ...facts.episodes.map(({ managingOrganization }) => managingOrganization),
    ...facts.exchanges.flatMap(({ sender, recipient }) => [sender, ...(recipient ?? [])]),
    ...facts.plans.flatMap(({ author, contributor }) => [author, ...(contributor ?? [])]),
  ];
}

/** The citizen's municipality on the days that matter to the stay. */
export function municipalitiesIn(
  facts: { readonly stay: Encounter; readonly patient?: Patient },
  calendar: Calendar,
): string[] {
  const days = [facts.stay.period?.start, facts.stay.period?.end]
    .map((time) => momentOf(time, calendar))
    .filter((moment) => moment !== undefined)
    .map((moment) => calendar.dayOf(moment.latest));
  return days.map((day) => municipalityOf(facts.patient, day, calendar)).filter((code) => code !== undefined);
}

export function byId(a: { readonly id?: string }, b: { readonly id?: string }): number {
  const [left, right] = [a.id ?? '', b.id ?? ''];
  return left < right ? -1 : left > right ? 1 : 0;
}
