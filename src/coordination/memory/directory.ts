import type { PlanDefinition, Resource } from '@medplum/fhirtypes';
import { parseJsonText } from '../../fhir/json.ts';
import type { Changed, Mark } from '../../store/intake/load-cases.ts';
import { type Agreement, isAgreement, readAgreement } from '../agreement.ts';
import { inUse } from '../facts/load-agreements.ts';
import { isMentioned, type Mention, mentionsOf } from './elements.ts';

interface Entry {
  readonly version: number;
  readonly seq: number;
  /** Absent when deleted. */
  readonly resource?: Resource;
  readonly mentions: readonly Mention[];
}

const NONE: readonly Resource[] = [];
const NO_MENTIONS: readonly Mention[] = [];

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
  /** Organisations found at a target by one of their search parameters; newest first. */
  found(code: string, aspect: string | undefined, target: string): readonly Resource[];
  agreements(): readonly Agreement[];
}

export function createDirectory(): Directory {
  const entries = new Map<string, Entry>();
  const byTarget = new Map<string, Set<Entry>>();
  let seen: Mark | undefined;
  let agreements: readonly Agreement[] | undefined;

  const take = (changed: Changed): void => {
    for (const { type, id, seq, version, deleted, content } of changed.resources) {
      const key = `${type}/${id}`;
      const before = entries.get(key);
      if (before !== undefined && before.version >= version) continue;
      if (before !== undefined) {
        for (const { target } of before.mentions) byTarget.get(target)?.delete(before);
      }
      if (deleted || content === null) {
        entries.set(key, { version, seq, mentions: NO_MENTIONS });
      } else {
        const resource = parseJsonText(content) as Resource;
        const mentions = type === 'Organization' ? mentionsOf(resource).mentions : NO_MENTIONS;
        const entry = { version, seq, resource, mentions };
        entries.set(key, entry);
        for (const { target } of mentions) {
          const there = byTarget.get(target);
          if (there === undefined) byTarget.set(target, new Set([entry]));
          else there.add(entry);
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
    found: (code, aspect, target) => {
      const there = byTarget.get(target);
      if (there === undefined || there.size === 0) return NONE;
      const found = [...there].filter(({ mentions }) => isMentioned(mentions, code, aspect, target));
      if (found.length > 1) found.sort((a, b) => b.seq - a.seq);
      return found.map(({ resource }) => resource as Resource);
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
