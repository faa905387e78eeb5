import type { PlanDefinition, Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import type { Changed, Mark } from '../../store/intake/load-cases.ts';
import { type Agreement, isAgreement, readAgreement } from '../agreement.ts';
import { inUse } from '../facts/load-agreements.ts';
import { namesIn } from './elements.ts';

interface Entry {
  readonly version: number;
  readonly seq: number;
  /** Absent when deleted. */
  readonly resource?: Resource;
  readonly names: readonly string[];
}

const NONE: readonly Resource[] = [];

/**
 * All organisations and agreements of a store, in this process: they change seldom and every message needs some. What
 * others change is taken in with each load, told by what the snapshot of the load before did not see.
 */
export interface Directory {
  mark(): Mark | undefined;
  take(changed: Changed): void;
  get(type: string, id: string): Resource | undefined;
  /** Version of a resource that is there. */
  version(type: string, id: string): number | undefined;
  /** By a name as `namesIn` gives it; newest first. */
  named(name: string): readonly Resource[];
  agreements(): readonly Agreement[];
}

export function createDirectory(): Directory {
  const entries = new Map<string, Entry>();
  const byName = new Map<string, Set<string>>();
  let seen: Mark | undefined;
  let agreements: readonly Agreement[] | undefined;

  const take = (changed: Changed): void => {
    for (const { type, id, seq, version, deleted, content } of changed.resources) {
      const key = `${type}/${id}`;
      const before = entries.get(key);
      if (before !== undefined && before.version >= version) continue;
      for (const name of before?.names ?? []) byName.get(name)?.delete(key);
      if (deleted || content === null) {
        entries.set(key, { version, seq, names: [] });
      } else {
        const resource = parseJsonText(content) as Resource;
        const names = type === 'Organization' ? namesIn(resource) : [];
        entries.set(key, { version, seq, resource, names });
        for (const name of names) {
          const keys = byName.get(name);
          if (keys === undefined) byName.set(name, new Set([key]));
          else keys.add(key);
        }
      }
      if (type === 'PlanDefinition') agreements = undefined;
    }
    seen = changed.mark;
  };

  return {
    mark: () => seen,
    take,
    get: (type, id) => entries.get(`${type}/${id}`)?.resource,
    version: (type, id) => {
      const entry = entries.get(`${type}/${id}`);
      return entry?.resource === undefined ? undefined : entry.version;
    },
    named: (name) => {
      const keys = byName.get(name);
      if (keys === undefined || keys.size === 0) return NONE;
      if (keys.size === 1) {
        for (const key of keys) return [entries.get(key)?.resource as Resource];
      }
      return [...keys]
        .map((key) => entries.get(key) as Entry)
        .sort((a, b) => b.seq - a.seq)
        .map(({ resource }) => resource as Resource);
    },
    agreements: () => {
      agreements ??= [...entries.values()].flatMap(({ resource }) => {
        if (resource?.resourceType !== 'PlanDefinition') return [];
        const plan = resource as PlanDefinition;
        return inUse(plan) && isAgreement(plan) ? [readAgreement(plan)] : [];
      });
      return agreements;
    },
  };
}
