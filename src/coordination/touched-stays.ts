import type { Encounter, Organization, Task } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../fhir/canonical.ts';
import type { Reader, Written } from '../store/store.ts';
import { identifierToken, idIn } from './facts/references.ts';
import { searchAll } from './facts/search-all.ts';
import { type Touched, touchedBy } from './touched.ts';

/**
 * The ids of all stays whose facts may differ after these writes, deleted stays among them; sorted. Another room
 * that keeps results per stay listens to TOUCHING_TYPES and asks this.
 */
export async function touchedStays(reader: Reader, written: readonly Written[]): Promise<string[]> {
  return findStays(reader, touchedBy(written));
}

export async function findStays(reader: Reader, touched: Touched): Promise<string[]> {
  const ids = new Set(touched.stayIds);
  const find = async (parameter: string, values: Iterable<string>): Promise<void> => {
    for (const { id } of await searchAll<Encounter>(reader, 'Encounter', parameter, [...values])) {
      if (id !== undefined) ids.add(id);
    }
  };
  const citizens = [...touched.patientIdentifiers.values()].map(identifierToken);
  const patients = new Set([...touched.patientIds].map((id) => `Patient/${id}`));
  if (citizens.length > 0) {
    // A logical reference names a citizen whose stays may refer to the Patient itself, and the other way round.
    for (const { id } of await searchAll(reader, 'Patient', 'identifier', citizens))
      patients.add(`Patient/${id}`);
    await find('subject:identifier', citizens);
  }
  await find('subject', patients);
  await find('identifier', [...touched.stayIdentifiers.values()].map(identifierToken));
  await find(
    'episode-of-care',
    [...touched.episodeIds].map((id) => `EpisodeOfCare/${id}`),
  );
  await find('service-provider', await withParts(reader, touched.organizationIds));
  for (const { encounter } of await searchAll<Task>(
    reader,
    'Task',
    'owner:identifier',
    municipalityTokens(touched),
  )) {
    const id = idIn(encounter, 'Encounter');
    if (id !== undefined) ids.add(id);
  }
  return [...ids].sort();
}

const municipalityTokens = ({ municipalities }: Touched): string[] =>
  [...municipalities].map((value) => identifierToken({ system: CODE_SYSTEM.municipality, value }));

/** Organisations and what is part of them: the region of a department's stays hangs on the hospital above it. */
async function withParts(reader: Reader, ids: ReadonlySet<string>): Promise<Set<string>> {
  const all = new Set([...ids].map((id) => `Organization/${id}`));
  let level = [...all];
  while (level.length > 0) {
    const parts = await searchAll<Organization>(reader, 'Organization', 'partof', level);
    level = parts.map(({ id }) => `Organization/${id}`).filter((reference) => !all.has(reference));
    for (const reference of level) all.add(reference);
  }
  return all;
}
