import { randomUUID } from 'node:crypto';
import type { Encounter, Identifier, Resource } from '@medplum/fhirtypes';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { type Token, tokenKey } from '../../store/intake/load-cases.ts';
import type { Change, ResourceKey, Written } from '../../store/store.ts';
import { identifierKey, idIn } from '../facts/references.ts';
import type { Directory } from './directory.ts';
import { namesIn, targetOf } from './elements.ts';
import type { Memory, Named } from './memory.ts';

type WithId = Resource & { readonly id: string };

interface Entry {
  readonly resource: WithId;
  readonly names: readonly string[];
  /** Place in the order of creation; of what is not stored yet, after all that is. */
  readonly seq: number;
}

/** The memory of one transaction: what was loaded of some citizens, and what is to be written. */
export interface CaseMemory extends Memory {
  /** Takes changes to be written; what is asked from now on sees them. Deletes are not for this way. */
  stage(changes: readonly Change[]): void;
  /** All that is to be written, each resource once, checked against the version that was loaded. */
  changes(): readonly Change[];
  /** The same as listeners would be told of it. */
  written(): readonly Written[];
}

/** No resource of these types is stored that refers to the citizens, or to their stays, and is not among the loaded. */
const COMPLETE: ReadonlySet<string> = new Set(['Encounter', 'EpisodeOfCare', 'Communication', 'CarePlan']);

/** A current resource as it was loaded. */
export interface LoadedResource {
  readonly resource: WithId;
  readonly version: number;
  /** Its place in the order of creation. */
  readonly seq: number;
}

const NONE: readonly string[] = [];

/** @param tokens identifiers by which resources were looked for beside those of the loaded citizens and stays */
export function createCaseMemory(
  resources: readonly LoadedResource[],
  tokens: readonly Token[],
  directory: Directory,
): CaseMemory {
  const entries = new Map<string, Entry>();
  const byName = new Map<string, string[]>();
  const loaded = new Map<string, LoadedResource>();
  const staged = new Map<string, WithId>();
  /** Citizens and stays of which everything is here. */
  const known = new Set<string>();
  const knownTokens = new Set(tokens.map(tokenKey));
  let next = Number.MAX_SAFE_INTEGER / 2;

  const put = (resource: WithId, seq: number): void => {
    const key = `${resource.resourceType}/${resource.id}`;
    const before = entries.get(key);
    const names = namesIn(resource);
    entries.set(key, { resource, names, seq: before?.seq ?? seq });
    for (const name of before?.names ?? []) {
      if (!names.includes(name)) byName.set(name, byName.get(name)?.filter((each) => each !== key) ?? []);
    }
    for (const name of names) {
      const keys = byName.get(name);
      if (keys === undefined) byName.set(name, [key]);
      else if (before === undefined || !keys.includes(key)) keys.push(key);
    }
  };
  const named = (name: string): Entry[] => (byName.get(name) ?? NONE).map((key) => entries.get(key) as Entry);

  for (const { resource, version, seq } of resources) {
    const { resourceType: type, id } = resource;
    loaded.set(`${type}/${id}`, { resource, version, seq });
    put(resource, seq);
    if (type !== 'Patient' && type !== 'Encounter') continue;
    for (const identifier of identifiersOf(resource)) knownTokens.add(identifierKey(identifier) ?? '');
    if (type === 'Patient') known.add(`Patient/${id}`);
  }
  for (const { resource } of entries.values()) {
    if (resource.resourceType === 'Encounter' && known.has(citizenOf(resource as Encounter))) {
      known.add(`Encounter/${resource.id}`);
    }
  }

  /** What the directory has under a name and is not to be written otherwise. */
  const inDirectory = (name: string): Resource[] =>
    directory.named(name).filter(({ resourceType, id }) => !staged.has(`${resourceType}/${id}`));

  const newestFirst = (found: Iterable<Entry>): Resource[] =>
    [...new Set(found)].sort((a, b) => b.seq - a.seq).map(({ resource }) => resource);

  const isNew = (key: string): boolean =>
    staged.has(key) && !loaded.has(key) && directory.get(...split(key)) === undefined;

  return {
    read({ type, id }: ResourceKey) {
      const found = entries.get(`${type}/${id}`)?.resource ?? directory.get(type, id);
      if (found !== undefined) return found;
      // A Task of a stay that is here would be, too; one that is not meets the check of its creation.
      return type === 'Organization' || type === 'Task' ? null : undefined;
    },
    referring(by, targets) {
      const found: Entry[] = [];
      const shared: Resource[] = [];
      for (const target of targets) {
        const [type] = split(target);
        for (const [source, code] of by) {
          const leadsTo = targetOf(source, code);
          if (leadsTo === undefined) return undefined;
          if (leadsTo !== type) continue;
          const isComplete = source === 'Organization' || (COMPLETE.has(source) && known.has(target));
          if (!isComplete && !isNew(target)) return undefined;
          found.push(...named(`${source}.${code} > ${target}`));
          shared.push(...inDirectory(`${source}.${code} > ${target}`));
        }
      }
      return [...newestFirst(found), ...new Set(shared)];
    },
    identified(by: readonly Named[], identifiers: Iterable<Identifier | undefined>) {
      const found: Entry[] = [];
      const shared: Resource[] = [];
      for (const identifier of identifiers) {
        const key = identifierKey(identifier);
        if (key === undefined) continue;
        const isMunicipality = identifier?.system === CODE_SYSTEM.municipality;
        for (const [source, code, aspect] of by) {
          const name = `${source}.${code}${aspect === undefined ? '' : `:${aspect}`} > ${key}`;
          if (source === 'Organization') {
            found.push(...named(name));
            shared.push(...inDirectory(name));
          } else if (source === 'Task') {
            // Obligations name municipalities that are not stored; nobody else's identifier matters there.
            if (isMunicipality) return undefined;
          } else if (knownTokens.has(key)) {
            found.push(...named(name));
          } else if (!isOrganisations(identifier)) {
            return undefined;
          }
        }
      }
      return [...newestFirst(found), ...new Set(shared)];
    },
    agreements: () => directory.agreements(),
    stage(changes) {
      for (const change of changes) {
        if (change.op === 'delete') throw new TypeError('Deletes are not kept in memory');
        const resource = { ...change.resource, id: change.resource.id ?? randomUUID() } as WithId;
        const key = `${resource.resourceType}/${resource.id}`;
        if (!loaded.has(key) && !staged.has(key) && isKnowable(resource.resourceType)) known.add(key);
        staged.set(key, resource);
        next += 1;
        put(resource, next);
      }
    },
    changes: () =>
      // Those of a type together: what checks and indexes them is in the caches for all but the first.
      [...staged].sort(byType).map(([key, resource]): Change => {
        const version = loaded.get(key)?.version ?? directory.version(...split(key));
        return version === undefined
          ? { op: 'create', resource }
          : { op: 'update', resource, ifMatch: version };
      }),
    written: () =>
      [...staged].map(([key, resource]): Written => {
        const [type, id] = split(key);
        const previous = loaded.get(key)?.resource ?? directory.get(type, id);
        const base = { type, id, version: 1, lastUpdated: '', deleted: false, content: '', resource };
        return previous === undefined
          ? { ...base, outcome: 'created' }
          : { ...base, outcome: 'updated', previous };
      }),
  };
}

export function isCaseMemory(memory: Memory | undefined): memory is CaseMemory {
  return memory !== undefined && 'stage' in memory;
}

/** The order of creation stays as it is among those of a type. */
function byType([, one]: readonly [string, Resource], [, other]: readonly [string, Resource]): number {
  if (one.resourceType === other.resourceType) return 0;
  return one.resourceType < other.resourceType ? -1 : 1;
}

function isKnowable(type: string): boolean {
  return type === 'Patient' || type === 'Encounter';
}

function split(key: string): [type: string, id: string] {
  const slash = key.indexOf('/');
  return [key.slice(0, slash), key.slice(slash + 1)];
}

function citizenOf(stay: Encounter): string {
  return `Patient/${idIn(stay.subject, 'Patient')}`;
}

function identifiersOf(resource: Resource): readonly Identifier[] {
  return (resource as { identifier?: Identifier[] }).identifier ?? [];
}

/** Systems that only organisations have: no citizen, stay or letter is looked for by them. */
function isOrganisations(identifier: Identifier | undefined): boolean {
  return ORGANISATION_SYSTEMS.has(identifier?.system ?? '');
}

const ORGANISATION_SYSTEMS: ReadonlySet<string> = new Set([
  CODE_SYSTEM.municipality,
  IDENTIFIER_SYSTEM.sor,
  IDENTIFIER_SYSTEM.yder,
  IDENTIFIER_SYSTEM.gln,
]);
