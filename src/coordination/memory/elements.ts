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
const ELEMENTS_OF = new Map(
  Object.entries(ELEMENTS).map(([type, elements]) => [type, Object.entries(elements)]),
);

export function targetOf(type: string, code: string): Element['target'] | undefined {
  return ELEMENTS[type]?.[code]?.target;
}

function list<T>(value: T | T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

function valueAt<T>(resource: Resource, path: string): readonly T[] {
  return list((resource as unknown as Record<string, T | T[] | undefined>)[path]);
}

/** What a look-up finds a resource by: an identifier of its own, or where one of its references leads. */
export interface Mention {
  /** Search parameter of the resource's type: `subject`. */
  readonly code: string;
  readonly aspect: 'identifier' | undefined;
  /** `Type/id`, or an identifier as `system|value`. */
  readonly target: string;
}

/** A resource as look-ups know it. */
export interface Mentions {
  /** `Type/id` of the resource itself. */
  readonly key: string;
  readonly mentions: readonly Mention[];
}

const NONE: readonly Mention[] = [];

/** Of resources read before; one that is stored is never changed, only replaced. */
const known = new WeakMap<Resource, Mentions>();

/** Everything that look-ups can find a resource by. */
export function mentionsOf(resource: Resource): Mentions {
  let found = known.get(resource);
  if (found === undefined) {
    const { resourceType: type, id } = resource;
    found = { key: `${type}/${id}`, mentions: NAMED.has(type) ? readMentions(resource) : NONE };
    known.set(resource, found);
  }
  return found;
}

function readMentions(resource: Resource): Mention[] {
  const mentions = valueAt<Identifier>(resource, 'identifier').flatMap((identifier): Mention[] => {
    const target = identifierKey(identifier);
    return target === undefined ? [] : [{ code: 'identifier', aspect: undefined, target }];
  });
  for (const [code, { target, path }] of ELEMENTS_OF.get(resource.resourceType) ?? []) {
    for (const reference of valueAt<Reference>(resource, path)) {
      const id = idIn(reference, target);
      const key = identifierKey(reference.identifier);
      if (id !== undefined) mentions.push({ code, aspect: undefined, target: `${target}/${id}` });
      if (key !== undefined) mentions.push({ code, aspect: 'identifier', target: key });
    }
  }
  return mentions;
}

/** Whether a resource with these mentions is found at a target by a search parameter of its type. */
export function isMentioned(
  mentions: readonly Mention[],
  code: string,
  aspect: string | undefined,
  target: string,
): boolean {
  for (const mention of mentions) {
    if (mention.code === code && mention.aspect === aspect && mention.target === target) return true;
  }
  return false;
}
