import { randomUUID } from 'node:crypto';
import type { Encounter, Identifier, Resource } from '@medplum/fhirtypes';
import { CODE_SYSTEM, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { type Token, tokenKey } from '../../store/intake/load-cases.ts';
import type { Change, ResourceKey, Written } from '../../store/store.ts';
import { identifierKey, idIn } from '../facts/references.ts';
import type { Directory } from './directory.ts';
import { isMentioned, type Mention, mentionsOf, targetOf } from './elements.ts';
import type { Memory, Named } from './memory.ts';

type WithId = Resource & { readonly id: string };

/** What is here of a resource; a later version takes the place of the one before. */
interface Entry {
  resource: WithId;
  mentions: readonly Mention[];
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

const NONE: readonly Entry[] = [];

/** @param tokens identifiers by which resources were looked for beside those of the loaded citizens and stays */
export function createCaseMemory(
  resources: readonly LoadedResource[],
  tokens: readonly Token[],
  directory: Directory,
): CaseMemory {
  const entries = new Map<string, Entry>();
  /** Those that mention a target, or did before a later version: what they mention now is looked at. */
  const byTarget = new Map<string, Entry[]>();
  const loaded = new Map<string, LoadedResource>();
  const staged = new Map<string, WithId>();
  /** Citizens and stays of which everything is here. */
  const known = new Set<string>();
  const knownTokens = new Set(tokens.map(tokenKey));
  let next = Number.MAX_SAFE_INTEGER / 2;

  const put = (resource: WithId, seq: number): void => {
    const { key, mentions } = mentionsOf(resource);
    let entry = entries.get(key);
    if (entry === undefined) {
      entry = { resource, mentions, seq };
      entries.set(key, entry);
    } else {
      entry.resource = resource;
      entry.mentions = mentions;
    }
    for (const { target } of mentions) {
      const there = byTarget.get(target);
      if (there === undefined) byTarget.set(target, [entry]);
      else if (!there.includes(entry)) there.push(entry);
    }
  };
  const at = (target: string): readonly Entry[] => byTarget.get(target) ?? NONE;

  for (const one of resources) {
    const { resource, seq } = one;
    const { resourceType: type } = resource;
    const { key } = mentionsOf(resource);
    loaded.set(key, one);
    put(resource, seq);
    if (type !== 'Patient' && type !== 'Encounter') continue;
    for (const identifier of identifiersOf(resource)) knownTokens.add(identifierKey(identifier) ?? '');
    if (type === 'Patient') known.add(key);
  }
  for (const { resource } of entries.values()) {
    if (resource.resourceType === 'Encounter' && known.has(citizenOf(resource as Encounter))) {
      known.add(mentionsOf(resource).key);
    }
  }

  /** What the directory has at a target and is not to be written otherwise. */
  const inDirectory = (code: string, aspect: string | undefined, target: string): readonly Resource[] =>
    directory.found(code, aspect, target).filter((resource) => !staged.has(mentionsOf(resource).key));

  const collect = (
    found: Set<Entry>,
    there: readonly Entry[],
    [source, code, aspect]: Named,
    target: string,
  ): void => {
    for (const entry of there) {
      if (entry.resource.resourceType === source && isMentioned(entry.mentions, code, aspect, target)) {
        found.add(entry);
      }
    }
  };

  const newestFirst = (found: ReadonlySet<Entry>, shared: ReadonlySet<Resource>): Resource[] => {
    const entries = [...found];
    if (entries.length > 1) entries.sort((a, b) => b.seq - a.seq);
    return [...entries.map(({ resource }) => resource), ...shared];
  };

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
      const found = new Set<Entry>();
      const shared = new Set<Resource>();
      for (const target of targets) {
        const there = at(target);
        for (const named of by) {
          const [source, code] = named;
          const leadsTo = targetOf(source, code);
          if (leadsTo === undefined) return undefined;
          if (!target.startsWith(leadsTo) || target[leadsTo.length] !== '/') continue;
          const isComplete = source === 'Organization' || (COMPLETE.has(source) && known.has(target));
          if (!isComplete && !isNew(target)) return undefined;
          collect(found, there, named, target);
          if (source === 'Organization') {
            for (const resource of inDirectory(code, undefined, target)) shared.add(resource);
          }
        }
      }
      return newestFirst(found, shared);
    },
    identified(by: readonly Named[], identifiers: Iterable<Identifier | undefined>) {
      const found = new Set<Entry>();
      const shared = new Set<Resource>();
      for (const identifier of identifiers) {
        const key = identifierKey(identifier);
        if (key === undefined) continue;
        const there = at(key);
        const isMunicipality = identifier?.system === CODE_SYSTEM.municipality;
        for (const named of by) {
          const [source, code, aspect] = named;
          if (source === 'Organization') {
            collect(found, there, named, key);
            for (const resource of inDirectory(code, aspect, key)) shared.add(resource);
          } else if (source === 'Task') {
            // Obligations name municipalities that are not stored; nobody else's identifier matters there.
            if (isMunicipality) return undefined;
          } else if (knownTokens.has(key)) {
            collect(found, there, named, key);
          } else if (!isOrganisations(identifier)) {
            return undefined;
          }
        }
      }
      return newestFirst(found, shared);
    },
    agreements: () => directory.agreements(),
    stage(changes) {
      for (const change of changes) {
        if (change.op === 'delete') throw new TypeError('Deletes are not kept in memory');
        const resource = { ...change.resource, id: change.resource.id ?? randomUUID() } as WithId;
        const { key } = mentionsOf(resource);
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
