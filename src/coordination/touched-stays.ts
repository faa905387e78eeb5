import type { Identifier, Resource, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../fhir/canonical.ts';
import type { Reader, Written } from '../store/store.ts';
import { identified, referring } from './facts/lookup.ts';
import { idIn } from './facts/references.ts';
import type { Named } from './memory/memory.ts';
import { type Touched, touchedBy } from './touched.ts';

/**
 * The ids of all stays whose facts may differ after these writes, deleted stays among them; sorted. Another room
 * that keeps results per stay listens to TOUCHING_TYPES and asks this.
 */
export async function touchedStays(reader: Reader, written: readonly Written[]): Promise<string[]> {
  return findStays(reader, touchedBy(written));
}

const BY_IDENTIFIER: readonly Named[] = [
  ['Encounter', 'identifier'],
  ['Encounter', 'subject', 'identifier'],
  // A logical reference names a citizen whose stays may refer to the Patient itself, and the other way round.
  ['Patient', 'identifier'],
  ['Task', 'owner', 'identifier'],
];
const BY_REFERENCE: readonly Named[] = [
  ['Encounter', 'subject'],
  ['Encounter', 'episode-of-care'],
  ['Encounter', 'service-provider'],
];

export async function findStays(reader: Reader, touched: Touched): Promise<string[]> {
  const ids = new Set(touched.stayIds);
  const patients = new Set(touched.patientIds);
  const collect = (found: readonly Resource[]): void => {
    for (const resource of found) {
      const { id } = resource;
      if (id === undefined) continue;
      if (resource.resourceType === 'Encounter') ids.add(id);
      if (resource.resourceType === 'Patient') patients.add(id);
      const stay =
        resource.resourceType === 'Task' ? idIn((resource as Task).encounter, 'Encounter') : undefined;
      if (stay !== undefined) ids.add(stay);
    }
  };
  collect(await identified(reader, BY_IDENTIFIER, identifiersIn(touched)));
  const targets = [
    ...[...patients].map((id) => `Patient/${id}`),
    ...[...touched.episodeIds].map((id) => `EpisodeOfCare/${id}`),
    ...(await withParts(reader, touched.organizationIds)),
  ];
  collect(await referring(reader, BY_REFERENCE, targets));
  return [...ids].sort();
}

function identifiersIn(touched: Touched): Identifier[] {
  return [
    ...touched.stayIdentifiers.values(),
    ...touched.patientIdentifiers.values(),
    ...[...touched.municipalities].map((value) => ({ system: CODE_SYSTEM.municipality, value })),
  ];
}

/** Organisations and what is part of them: the region of a department's stays hangs on the hospital above it. */
async function withParts(reader: Reader, ids: ReadonlySet<string>): Promise<Set<string>> {
  const all = new Set([...ids].map((id) => `Organization/${id}`));
  for (let level = [...all]; level.length > 0; ) {
    const parts = await referring(reader, [['Organization', 'partof']], level);
    level = parts.map(({ id }) => `Organization/${id}`).filter((reference) => !all.has(reference));
    for (const reference of level) all.add(reference);
  }
  return all;
}
