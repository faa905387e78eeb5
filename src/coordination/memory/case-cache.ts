import type { Encounter, EpisodeOfCare, Patient, Reference, Resource, Task } from '@medplum/fhirtypes';
import { identifierKey, idIn } from '../facts/references.ts';

/** Citizens of whom something is kept; a course's messages come within days, so the last ones are worth most. */
const CITIZENS = 5_000;
/** Characters of JSON kept of all of them; parsed, they take some three times as much memory. */
const CHARACTERS = 32_000_000;

type WithId = Resource & { readonly id: string };

interface Kept {
  readonly version: number;
  readonly resource: WithId;
  readonly size: number;
}

/**
 * Resources of citizens as this process last saw them, so that only what changed since is read. The database says
 * which versions still hold: nothing is believed without it.
 */
export interface CaseCache {
  /** What is kept of the citizens with these identifiers (`system|value`), by `Type/id`. */
  of(tokens: Iterable<string>): ReadonlyMap<string, Kept>;
  /** Keeps the current version of a resource of a citizen; others are not kept. @param size characters of its JSON */
  keep(resource: WithId, version: number, size: number): void;
}

export function createCaseCache(): CaseCache {
  const citizens = new Map<string, Map<string, Kept>>();
  const idOfToken = new Map<string, string>();
  let characters = 0;

  const forget = (patientId: string): void => {
    for (const { resource, size } of citizens.get(patientId)?.values() ?? []) {
      characters -= size;
      for (const token of tokensOf(resource)) idOfToken.delete(token);
    }
    citizens.delete(patientId);
  };
  /** The last used is the last forgotten. */
  const lastUsed = (patientId: string, kept: Map<string, Kept>): void => {
    citizens.delete(patientId);
    citizens.set(patientId, kept);
  };
  return {
    of(tokens) {
      const found = new Map<string, Kept>();
      for (const token of tokens) {
        const patientId = idOfToken.get(token);
        const kept = patientId === undefined ? undefined : citizens.get(patientId);
        if (patientId === undefined || kept === undefined) continue;
        lastUsed(patientId, kept);
        for (const [key, one] of kept) found.set(key, one);
      }
      return found;
    },
    keep(resource, version, size) {
      const patientId = patientIdOf(resource);
      if (patientId === undefined) return;
      const kept = citizens.get(patientId) ?? new Map<string, Kept>();
      lastUsed(patientId, kept);
      const key = `${resource.resourceType}/${resource.id}`;
      const before = kept.get(key);
      if (before !== undefined && before.version >= version) return;
      characters += size - (before?.size ?? 0);
      kept.set(key, { version, resource, size });
      for (const token of tokensOf(resource)) idOfToken.set(token, patientId);
      while (citizens.size > CITIZENS || characters > CHARACTERS) {
        const [oldest] = citizens.keys();
        if (oldest === undefined) return;
        forget(oldest);
      }
    },
  };
}

function tokensOf(resource: Resource): string[] {
  if (resource.resourceType !== 'Patient') return [];
  return ((resource as Patient).identifier ?? []).flatMap((identifier) => identifierKey(identifier) ?? []);
}

/** What is loaded of a citizen (load_cases); nothing else is ever asked for. */
const LOADED: ReadonlySet<string> = new Set([
  'Patient',
  'Encounter',
  'EpisodeOfCare',
  'Communication',
  'CarePlan',
  'Task',
]);

/** The id of the citizen that a resource is about, by a literal reference; undefined for what is not kept. */
function patientIdOf(resource: Resource): string | undefined {
  if (!LOADED.has(resource.resourceType)) return undefined;
  if (resource.resourceType === 'Patient') return resource.id;
  const { subject } = resource as Encounter;
  const { patient } = resource as EpisodeOfCare;
  const { for: whom } = resource as Task;
  return idIn((subject ?? patient ?? whom) as Reference | undefined, 'Patient');
}
