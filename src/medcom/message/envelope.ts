import { hash } from 'node:crypto';
import type { Bundle, OperationOutcomeIssue, Resource } from '@medplum/fhirtypes';
import { badRequest } from '../../fhir/outcome.ts';
import { validateResource } from '../../fhir/validation/validate.ts';
import { isCpr } from '../parties/identifiers.ts';

/** What came in, as far as it could be read before anything in it was believed. */
export interface Envelope {
  readonly bundle: Bundle;
  /** The parts that can be trusted to be well-formed, to answer from. */
  readonly answerable: Bundle;
  /** What base validation found; empty when the Bundle is valid R4. */
  readonly faults: readonly OperationOutcomeIssue[];
  readonly event: string | undefined;
  readonly headerId: string | undefined;
  readonly bundleId: string | undefined;
  readonly sender: string | undefined;
  readonly receiver: string | undefined;
  /** SHA-256 of the content as received. */
  readonly hash: string;
}

const ID = /^[A-Za-z0-9\-.]{1,64}$/;

/**
 * Opens whatever was posted, without believing any of it.
 * @param received the bytes it was read from; absent: it is hashed as JSON
 * @throws FhirError 400 when it is no Bundle of type message
 */
export function openEnvelope(body: unknown, received?: Buffer): Envelope {
  if (at(body, 'resourceType') !== 'Bundle')
    throw badRequest('$process-message takes a Bundle of type message.', 'Bundle');
  if (at(body, 'type') !== 'message') throw badRequest('Bundle.type must be "message".', 'Bundle.type');
  const bundle = body as Bundle;
  const faults = validateResource(bundle).filter(
    (issue) => issue.severity === 'error' || issue.severity === 'fatal',
  );
  const header = at(body, 'entry', 0, 'resource');
  const isHeader = at(header, 'resourceType') === 'MessageHeader';
  return {
    bundle,
    answerable: faults.length === 0 ? bundle : wellFormedParts(body),
    faults,
    event: isHeader ? text(at(header, 'eventCoding', 'code')) : undefined,
    headerId: isHeader ? withoutCitizen(body, idText(at(header, 'id'))) : undefined,
    bundleId: withoutCitizen(body, idText(at(body, 'id'))),
    sender: isHeader ? text(at(header, 'source', 'endpoint')) : undefined,
    receiver: isHeader ? text(at(header, 'destination', 0, 'endpoint')) : undefined,
    hash: hash('sha256', received ?? JSON.stringify(bundle), 'hex'),
  };
}

/** Of a Bundle that is not valid: its header (at least the id of it) and the parties, each valid on its own. */
function wellFormedParts(body: unknown): Bundle {
  const id = idText(at(body, 'id'));
  const entries = at(body, 'entry');
  const resources = (Array.isArray(entries) ? entries : []).map((entry) => at(entry, 'resource'));
  const kept = resources.flatMap((resource): Resource[] => {
    const type = at(resource, 'resourceType');
    if (type !== 'MessageHeader' && type !== 'Organization' && type !== 'Provenance') return [];
    if (
      validateResource(resource).every((issue) => issue.severity !== 'error' && issue.severity !== 'fatal')
    ) {
      return [resource as Resource];
    }
    const headerId = type === 'MessageHeader' ? idText(at(resource, 'id')) : undefined;
    return headerId === undefined ? [] : [{ resourceType: 'MessageHeader', id: headerId } as Resource];
  });
  return {
    resourceType: 'Bundle',
    type: 'message',
    ...(id === undefined ? {} : { id }),
    entry: kept.map((resource) => ({ resource })),
  };
}

/** The value at a path of properties and indexes, undefined wherever it breaks off. */
function at(value: unknown, ...path: readonly (string | number)[]): unknown {
  let current: unknown = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = (current as Record<string | number, unknown>)[key];
  }
  return current;
}

/** The id, unless it is made of a citizen's CPR number: that would stay in the receipts (the message is refused). */
function withoutCitizen(body: unknown, id: string | undefined): string | undefined {
  if (id === undefined || !/\d{6}-?\d{4}/.test(id)) return id;
  const entries = at(body, 'entry');
  const isCitizens = (Array.isArray(entries) ? entries : []).some((entry) => {
    const identifiers = at(entry, 'resource', 'identifier');
    return (
      at(entry, 'resource', 'resourceType') === 'Patient' &&
      (Array.isArray(identifiers) ? identifiers : []).some((each) => {
        const value = at(each, 'value');
        return typeof value === 'string' && isCpr(value) && id.replaceAll('-', '').includes(value);
      })
    );
  });
  return isCitizens ? undefined : id;
}

function idText(value: unknown): string | undefined {
  return typeof value === 'string' && ID.test(value) ? value : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value.slice(0, 200) : undefined;
}
