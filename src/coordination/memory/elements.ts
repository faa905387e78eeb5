import type { Identifier, Reference, Resource } from '@medplum/fhirtypes';
import { identifierKey, idIn } from '../facts/references.ts';

/** The element behind a search parameter, and what it leads to. */
interface Element {
  readonly target: 'Patient' | 'Encounter' | 'Organization' | 'EpisodeOfCare';
  readonly path: string;
}

/** The references that look-ups follow, by type and search parameter. */
const ELEMENTS: Readonly<Record<string, Readonly<Record<string, Element>>>> = {
  Encounter: {
    subject: { target: 'Patient', path: 'subject' },
    'episode-of-care': { target: 'EpisodeOfCare', path: 'episodeOfCare' },
    'service-provider': { target: 'Organization', path: 'serviceProvider' },
  },
  EpisodeOfCare: { patient: { target: 'Patient', path: 'patient' } },
  Communication: {
    subject: { target: 'Patient', path: 'subject' },
    encounter: { target: 'Encounter', path: 'encounter' },
  },
  CarePlan: {
    subject: { target: 'Patient', path: 'subject' },
    encounter: { target: 'Encounter', path: 'encounter' },
  },
  Organization: { partof: { target: 'Organization', path: 'partOf' } },
};

/** Look-ups find resources of these types only. */
const NAMED: ReadonlySet<string> = new Set(['Patient', ...Object.keys(ELEMENTS)]);
const NONE: readonly string[] = [];

export function targetOf(type: string, code: string): Element['target'] | undefined {
  return ELEMENTS[type]?.[code]?.target;
}

function list<T>(value: T | T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function valueAt<T>(resource: Resource, path: string): readonly T[] {
  return list((resource as unknown as Record<string, T | T[] | undefined>)[path]);
}

/** Of resources read before; one that is stored is never changed, only replaced. */
const known = new WeakMap<Resource, readonly string[]>();

/** `Encounter.subject > Patient/1`: everything that look-ups can find a resource by. */
export function namesIn(resource: Resource): readonly string[] {
  if (!NAMED.has(resource.resourceType)) return NONE;
  let names = known.get(resource);
  if (names === undefined) {
    names = readNames(resource);
    known.set(resource, names);
  }
  return names;
}

function readNames(resource: Resource): string[] {
  const type = resource.resourceType;
  const names = valueAt<Identifier>(resource, 'identifier').flatMap((identifier) => {
    const key = identifierKey(identifier);
    return key === undefined ? [] : [`${type}.identifier > ${key}`];
  });
  for (const [code, { target, path }] of Object.entries(ELEMENTS[type] ?? {})) {
    for (const reference of valueAt<Reference>(resource, path)) {
      const id = idIn(reference, target);
      const key = identifierKey(reference.identifier);
      if (id !== undefined) names.push(`${type}.${code} > ${target}/${id}`);
      if (key !== undefined) names.push(`${type}.${code}:identifier > ${key}`);
    }
  }
  return names;
}
