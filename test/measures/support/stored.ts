import type { PlanDefinition, Resource } from '@medplum/fhirtypes';
import { obligationPlanner } from '../../../src/coordination/planner.ts';
import { verdictMarker } from '../../../src/measures/kept/verdict-marker.ts';
import type { Change, Store } from '../../../src/store/store.ts';
import {
  agreement,
  calendar,
  course,
  goodLetters,
  jointPlan,
  nationalMeasure,
  organizations,
  patient,
  SIX,
  services,
  stay,
} from './facts.ts';

const REGIONS = ['DK', 'DK-81', 'DK-82', 'DK-83', 'DK-84', 'DK-85'];

export const profiles: readonly Resource[] = [
  ...SIX.map(nationalMeasure),
  ...REGIONS.map((region): PlanDefinition => agreement(region)),
];

/** The citizen with one stay in Aarhus where everything was done in time. */
export const aarhus: readonly Resource[] = [
  ...organizations,
  patient,
  course,
  services,
  stay(),
  ...goodLetters,
  jointPlan({ hospital: '2026-03-11T09:00:00+01:00', municipality: '2026-03-12T15:00:00+01:00' }),
];

export async function put(store: Store, ...resources: readonly Resource[]): Promise<void> {
  const changes = resources.map(
    (resource): Change => ({ op: 'update', resource: resource as Resource & { id: string } }),
  );
  await store.transaction((transaction) => transaction.write(changes));
}

/** The same citizen again under another name, as a function of a number. */
export function citizen(number: number, resources: readonly Resource[] = aarhus): Resource[] {
  const shared = new Set(organizations.map(({ id }) => id));
  const text = JSON.stringify(resources.filter(({ id }) => !shared.has(id)));
  return JSON.parse(
    text
      .replaceAll(
        /"(Patient|EpisodeOfCare|Encounter|Communication|CarePlan)\/([a-z-]+[0-9]?)"/g,
        `"$1/$2-${number}"`,
      )
      .replaceAll(/"id":"([a-z-]+[0-9]?)"/g, `"id":"$1-${number}"`),
  ) as Resource[];
}

export function planned(store: Store): Store {
  store.addListener(obligationPlanner());
  store.addListener(verdictMarker(calendar));
  return store;
}
