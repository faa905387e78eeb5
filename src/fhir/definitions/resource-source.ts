import type { CodeSystem, ConceptMap, Resource, StructureDefinition, ValueSet } from '@medplum/fhirtypes';
import { BASE_DEFINITIONS, type DefinitionSource, withoutVersion } from '../definitions.ts';

type Canonical = Resource & { url?: string; version?: string };

/**
 * A source over resources at hand (of packages, of the store), which come before those of `fallback`. A canonical
 * with `|version` finds that version, or, when that is not there, the latest: guides often pin versions of each
 * other that nobody has installed.
 */
export function resourceSource(
  resources: Iterable<Resource>,
  fallback: DefinitionSource = BASE_DEFINITIONS,
): DefinitionSource {
  const known = new Map<string, Canonical>();
  for (const resource of resources as Iterable<Canonical>) {
    if (resource.url !== undefined) {
      const key = `${resource.resourceType} ${resource.url}`;
      const other = known.get(key);
      if (other === undefined || compareVersions(resource.version, other.version) >= 0) {
        known.set(key, resource);
      }
      known.set(`${key}|${resource.version}`, resource);
    }
  }
  const find = <T extends Canonical>(type: T['resourceType'], canonical: string) =>
    (known.get(`${type} ${canonical}`) ?? known.get(`${type} ${withoutVersion(canonical)}`)) as T | undefined;
  return {
    structureDefinition: (url) =>
      find<StructureDefinition>('StructureDefinition', url) ?? fallback.structureDefinition(url),
    valueSet: (url) => find<ValueSet>('ValueSet', url) ?? fallback.valueSet(url),
    codeSystem: (url) => find<CodeSystem>('CodeSystem', url) ?? fallback.codeSystem(url),
    conceptMap: (url) => find<ConceptMap>('ConceptMap', url) ?? fallback.conceptMap(url),
  };
}

/** Compares version numbers part by part, numbers as numbers; a release comes after its pre-releases. */
export function compareVersions(a = '', b = ''): number {
  const [left, right] = [a, b].map((version) => version.split(/[.\-+]/)) as [string[], string[]];
  for (let index = 0; index < Math.max(left.length, right.length); index += 1) {
    const [x, y] = [left[index], right[index]];
    if (x !== y) {
      if (x === undefined || y === undefined) {
        const extra = x ?? y ?? '';
        return (/^\d/.test(extra) ? 1 : -1) * (x === undefined ? -1 : 1);
      }
      const numbers = /^\d+$/.test(x) && /^\d+$/.test(y);
      return numbers ? Number(x) - Number(y) : x < y ? -1 : 1;
    }
  }
  return 0;
}
