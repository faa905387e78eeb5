import type { Organization, Practitioner, PractitionerRole, Reference, Resource } from '@medplum/fhirtypes';
import type { Message } from './read-message.ts';

/**
 * The same value with every reference into the message replaced: by where that resource is stored, else by a
 * reference that only says what it is (a person's name and role, an organisation's name).
 */
export function localise<T>(value: T, message: Message, stored: ReadonlyMap<string, string>): T {
  if (Array.isArray(value)) return value.map((each) => localise(each, message, stored)) as T;
  if (typeof value !== 'object' || value === null) return value;
  const object = value as Record<string, unknown>;
  if (typeof object.reference === 'string') return localReference(object as Reference, message, stored) as T;
  return Object.fromEntries(
    Object.entries(object).map(([key, each]) => [key, localise(each, message, stored)]),
  ) as T;
}

function localReference(
  reference: Reference,
  message: Message,
  stored: ReadonlyMap<string, string>,
): Reference {
  const key = keyOf(reference);
  const local = stored.get(key);
  if (local !== undefined) return { ...reference, reference: local };
  const { reference: _outside, ...rest } = reference;
  return { ...rest, display: reference.display ?? describe(message, reference, key) };
}

/** `Type/id` of a relative or absolute reference. */
function keyOf(reference: Reference): string {
  return /([A-Za-z]+\/[A-Za-z0-9\-.]+)$/.exec(reference.reference ?? '')?.[1] ?? '';
}

function describe(message: Message, reference: Reference, key: string): string {
  const type = key.split('/')[0] as Resource['resourceType'];
  if (type === 'PractitionerRole') {
    const role = message.resolve<PractitionerRole>('PractitionerRole', reference);
    const person = message.resolve<Practitioner>('Practitioner', role?.practitioner);
    const title =
      role?.code?.[0]?.text ?? role?.code?.[0]?.coding?.[0]?.display ?? role?.code?.[0]?.coding?.[0]?.code;
    return [nameOf(person), title].filter((part) => part !== undefined).join(', ') || type;
  }
  if (type === 'Practitioner')
    return nameOf(message.resolve<Practitioner>('Practitioner', reference)) ?? type;
  if (type === 'Organization') return message.resolve<Organization>('Organization', reference)?.name ?? type;
  return (
    (message.resolve<Resource & { name?: unknown }>(type, reference)?.name as string | undefined) ?? type
  );
}

function nameOf(person: Practitioner | undefined): string | undefined {
  const name = person?.name?.[0];
  const text =
    name?.text ?? [...(name?.given ?? []), name?.family].filter((part) => part !== undefined).join(' ');
  return text === '' ? undefined : text;
}
