import type { Reference, Resource } from '@medplum/fhirtypes';
import { badRequest, FhirError, notFound } from '../../fhir/outcome.ts';
import { isSupportedType } from '../../fhir/types.ts';
import type { Session } from './session.ts';

const LOCAL = /^([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(\/_history\/[^/]+)?$/;

export interface ReferenceArguments {
  /** What cannot be found is null and no error. */
  readonly optional?: boolean | null;
  /** Only a resource of this type; others are null. */
  readonly type?: string | null;
}

/**
 * `Reference.resource` (R4 graphql.html, "Resource References"): a contained resource, or one that is stored here.
 * A reference to a version gives the current one.
 * @throws FhirError 404 or 410 when there is none, unless `optional`
 */
export async function resolveReference(
  reference: Reference,
  { optional, type }: ReferenceArguments,
  session: Session,
): Promise<Resource | null> {
  if (typeof type === 'string' && !isSupportedType(type)) {
    throw badRequest('The argument type names a type that is not served here.', 'Parameters.query');
  }
  try {
    const resource = await target(reference, session);
    return typeof type === 'string' && resource.resourceType !== type ? null : resource;
  } catch (error) {
    if (optional === true && error instanceof FhirError && (error.status === 404 || error.status === 410)) {
      return null;
    }
    throw error;
  }
}

async function target(reference: Reference, session: Session): Promise<Resource> {
  const text = reference.reference ?? '';
  const container = session.containerOf(reference);
  if (text.startsWith('#')) {
    const { contained = [] } = container as { contained?: Resource[] };
    const found = text === '#' ? container : contained.find(({ id }) => id === text.slice(1));
    if (found === undefined) throw notFound('The reference names a contained resource that is not there.');
    session.within(found, container);
    return found;
  }
  const [, type = '', id = ''] = LOCAL.exec(text) ?? [];
  if (!isSupportedType(type)) {
    throw notFound('The reference leads to no resource of this server; optional: true gives null instead.');
  }
  return session.read(type, id);
}
