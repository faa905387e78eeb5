import type {
  CarePlan,
  Communication,
  EpisodeOfCare,
  Identifier,
  Patient,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import type { Calendar } from '../calendar.ts';
import { courseOf } from './course-of.ts';
import type { StayFacts } from './facts.ts';
import { bySent, namesOf, type Stay, validPlans } from './of-stay.ts';
import { byId, identifierKey, idIn, keyIn, logicalIdentifier } from './references.ts';

/** The facts of a stay without what is known only from elsewhere. */
export type Piece = Omit<StayFacts, 'organizations' | 'agreements'>;

/** Sorts out what the database found for a stay (contents.ts), the stay itself first. */
export function sortContents([first, ...found]: readonly Resource[], calendar: Calendar): Piece {
  const stay = first as Stay;
  const stayNames = namesOf(stay);
  const exchanges: Communication[] = [];
  const plans: CarePlan[] = [];
  const candidates: EpisodeOfCare[] = [];
  let patient: Patient | undefined;
  for (const resource of found) {
    switch (resource.resourceType) {
      case 'Communication':
        if (means(resource.encounter, 'Encounter', stayNames)) exchanges.push(resource);
        break;
      case 'CarePlan':
        if (means(resource.encounter, 'Encounter', stayNames)) plans.push(resource);
        break;
      case 'EpisodeOfCare':
        candidates.push(resource);
        break;
      case 'Patient':
        if (idIn(stay.subject, 'Patient') === resource.id) patient = resource;
    }
  }
  const episodes = episodesAmong(candidates, stay, patient);
  const course = courseOf(stay, episodes, calendar);
  return {
    stay,
    ...(patient === undefined ? {} : { patient }),
    ...(course === undefined ? {} : { course }),
    episodes,
    exchanges: bySent(exchanges, calendar),
    plans: validPlans(plans),
  };
}

/** A literal reference says which is meant; an identifier beside it must not pull it to another. */
function means(reference: Reference | undefined, type: string, names: readonly (string | undefined)[]) {
  const key = keyIn(reference, type) ?? identifierKey(logicalIdentifier(reference));
  return key !== undefined && names.includes(key);
}

/** The citizen's episodes, and those that the stay refers to itself. */
function episodesAmong(
  candidates: readonly EpisodeOfCare[],
  stay: Stay,
  patient: Patient | undefined,
): EpisodeOfCare[] {
  const named = new Set((stay.episodeOfCare ?? []).map((reference) => namedBy(candidates, reference)));
  const names = patient === undefined ? [] : namesOf(patient);
  return candidates
    .filter((episode) => named.has(episode) || means(episode.patient, 'Patient', names))
    .sort(byId);
}

/** Several with the identifier: none of them. */
function namedBy(candidates: readonly EpisodeOfCare[], reference: Reference): EpisodeOfCare | undefined {
  const id = idIn(reference, 'EpisodeOfCare');
  if (id !== undefined) return candidates.find((episode) => episode.id === id);
  const key = identifierKey(logicalIdentifier(reference));
  if (key === undefined) return undefined;
  const [one, ...more] = candidates.filter(({ identifier }) => hasKey(identifier, key));
  return more.length === 0 ? one : undefined;
}

const hasKey = (identifiers: readonly Identifier[] | undefined, key: string): boolean =>
  identifiers?.some((identifier) => identifierKey(identifier) === key) ?? false;
