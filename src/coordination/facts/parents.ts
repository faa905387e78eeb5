import type { Organization, Reference } from '@medplum/fhirtypes';
import type { Reader } from '../../store/store.ts';
import type { Pool } from './pool.ts';
import { identifierKey } from './references.ts';

/** A department is part of a hospital, a hospital of a region; a few levels more are followed. */
const LEVELS = 6;

/** Reads what organisations are part of, level by level. */
export async function loadParents(
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
export function distinct(references: readonly (Reference | undefined)[]): Reference[] {
  const found = new Map<string, Reference>();
  for (const reference of references) {
    if (reference === undefined) continue;
    const name = reference.reference ?? identifierKey(reference.identifier);
    if (name !== undefined && !found.has(name)) found.set(name, reference);
  }
  return [...found.values()];
}
