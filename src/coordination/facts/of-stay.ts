import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Organization,
  Patient,
  Reference,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import type { Calendar } from '../calendar.ts';
import { municipalityOf } from '../citizen-municipality.ts';
import { momentOf } from '../moment.ts';
import type { StayFacts } from './facts.ts';
import type { Pool } from './pool.ts';
import { byId, identifierKey, keyIn, logicalIdentifier } from './references.ts';

export type Stay = Encounter & { readonly id: string };

/** Groups what refers to stays or citizens by whom it refers to, whichever way it does. */
export function groupBy<T>(
  items: readonly T[],
  referenceOf: (item: T) => Reference | undefined,
  type: string,
) {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const reference = referenceOf(item);
    // A literal reference says which is meant; an identifier beside it must not pull it to another.
    const key = keyIn(reference, type) ?? identifierKey(logicalIdentifier(reference));
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return (keys: readonly (string | undefined)[]): T[] => [
    ...new Set(keys.flatMap((key) => (key === undefined ? [] : (groups.get(key) ?? [])))),
  ];
}

/** The names under which a stay, or a citizen, may be referred to. */
export function namesOf(resource: Encounter | Patient | undefined): (string | undefined)[] {
  if (resource === undefined) return [];
  return [`${resource.resourceType}/${resource.id}`, ...(resource.identifier ?? []).map(identifierKey)];
}

/** The citizen's episodes, and those that the stay refers to itself. */
export function episodesOf(
  stay: Stay,
  patient: Patient | undefined,
  ofCitizen: (keys: readonly (string | undefined)[]) => EpisodeOfCare[],
  pool: Pool,
): EpisodeOfCare[] {
  const own = ofCitizen([...namesOf(patient), identifierKey(logicalIdentifier(stay.subject))]);
  const named = (stay.episodeOfCare ?? []).map((reference) =>
    pool.resolve<EpisodeOfCare>('EpisodeOfCare', reference),
  );
  return [...new Set([...own, ...named.filter((episode) => episode !== undefined)])].sort(byId);
}

/** Without those entered in error, by the time sent (received, where that is not known), then by id. */
export function bySent(exchanges: readonly Communication[], calendar: Calendar): Communication[] {
  const timed = exchanges
    .filter(({ status }) => status !== 'entered-in-error')
    .map((exchange) => ({
      exchange,
      time: momentOf(exchange.sent ?? exchange.received, calendar)?.earliest ?? Number.NEGATIVE_INFINITY,
    }));
  timed.sort((a, b) => (a.time === b.time ? byId(a.exchange, b.exchange) : a.time - b.time));
  return timed.map(({ exchange }) => exchange);
}

export function validPlans(plans: readonly CarePlan[]): CarePlan[] {
  return plans.filter(({ status }) => status !== 'entered-in-error' && status !== 'revoked').sort(byId);
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

/** References to the municipalities where the citizen lives on the days that matter to the stay. */
export function municipalitiesIn(stay: Stay, patient: Patient | undefined, calendar: Calendar): Reference[] {
  const codes = [stay.period?.start, stay.period?.end]
    .map((time) => momentOf(time, calendar))
    .filter((moment) => moment !== undefined)
    .map((moment) => municipalityOf(patient, calendar.dayOf(moment.latest), calendar));
  return [...new Set(codes)].flatMap((value) =>
    value === undefined ? [] : [{ identifier: { system: CODE_SYSTEM.municipality, value } }],
  );
}

/** The organisations that references lead to and what these are part of, each once; a loop ends. */
export function withParents(references: readonly (Reference | undefined)[], pool: Pool): Organization[] {
  const found = new Set<Organization>();
  for (const reference of references) {
    let organization = pool.resolve<Organization>('Organization', reference);
    while (organization !== undefined && !found.has(organization)) {
      found.add(organization);
      organization = pool.resolve<Organization>('Organization', organization.partOf);
    }
  }
  return [...found];
}
