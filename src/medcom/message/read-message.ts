import type {
  Bundle,
  MessageHeader,
  OperationOutcomeIssue,
  Provenance,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { MEDCOM_SYSTEM } from '../vocabulary.ts';
import { requireInstant } from './instants.ts';
import { invalid, MessageError, messageIssue, missing } from './message-error.ts';

/** A message Bundle taken apart: its header, the Provenance that speaks of it, and a resolver of references. */
export interface Message {
  readonly bundle: Bundle;
  readonly header: MessageHeader & { readonly id: string };
  readonly event: string;
  /** The Provenance whose target is this header; the others tell of earlier messages (danish-domain A.2). */
  readonly provenance: Provenance;
  readonly activity: string;
  /** Provenance.occurredDateTime, with its offset. */
  readonly sent: string;
  /** Header ids and foreign identifiers of the messages that this one corrects, cancels or continues. */
  readonly predecessors: readonly string[];
  /** What is odd but understood; told in the acknowledgement. */
  readonly remarks: OperationOutcomeIssue[];
  /** Finds an entry by type and id, whatever base its fullUrl has. */
  resolve<T extends Resource>(type: T['resourceType'], reference: Reference | undefined): T | undefined;
}

/**
 * Reads the frame that all MedCom messages share (MedComMessagingMessage). The Bundle has passed base validation.
 * @throws MessageError when the frame cannot be understood.
 */
export function readMessage(bundle: Bundle): Message {
  const resources = (bundle.entry ?? []).map((entry) => entry.resource);
  const header = resources[0];
  if (header?.resourceType !== 'MessageHeader') {
    throw missing(
      'Bundle.entry[0].resource',
      'The first entry of a message is its MessageHeader (R4 messaging).',
    );
  }
  if (header.id === undefined) {
    throw missing(
      'Bundle.entry[0].resource.id',
      'Give the MessageHeader an id; it is the identity of the message.',
    );
  }
  if (bundle.id === undefined) {
    throw missing('Bundle.id', 'Give every transmission its own Bundle.id (MedComMessagingMessage).');
  }
  const event = header.eventCoding;
  if (event?.code === undefined || event.system !== MEDCOM_SYSTEM.event) {
    throw missing(
      'MessageHeader.eventCoding',
      `MessageHeader.eventCoding needs a code of ${MEDCOM_SYSTEM.event}, such as hospital-notification-message.`,
    );
  }
  const { provenance, index } = currentProvenance(resources, header.id);
  const activity = provenance.activity?.coding?.find(
    (coding) => coding.system === MEDCOM_SYSTEM.activity,
  )?.code;
  if (activity === undefined) {
    throw missing(
      `Bundle.entry[${index}].resource.activity`,
      `The Provenance of the message needs an activity of ${MEDCOM_SYSTEM.activity}.`,
    );
  }
  const sent = requireInstant(
    provenance.occurredDateTime,
    `Bundle.entry[${index}].resource.occurredDateTime`,
  );
  return {
    bundle,
    header: header as MessageHeader & { id: string },
    event: event.code,
    provenance,
    activity,
    sent,
    predecessors: predecessorsOf(provenance),
    remarks: [],
    resolve: resolver(resources),
  };
}

function currentProvenance(
  resources: readonly (Resource | undefined)[],
  headerId: string,
): { provenance: Provenance; index: number } {
  const mine = resources.flatMap((resource, index) =>
    resource?.resourceType === 'Provenance' &&
    resource.target.some((target) => idOf('MessageHeader', target) === headerId)
      ? [{ provenance: resource, index }]
      : [],
  );
  if (mine.length > 1) {
    throw new MessageError([
      messageIssue(
        'error',
        'business-rule',
        'MSG_PARAM_INVALID',
        'More than one Provenance has this MessageHeader as target; send exactly one for the message itself.',
        'Bundle.entry.resource.ofType(Provenance).target',
      ),
    ]);
  }
  const [only] = mine;
  if (only === undefined) {
    throw missing(
      'Bundle.entry.resource.ofType(Provenance)',
      'No Provenance has this MessageHeader as target; add one that tells activity, time and agent.',
    );
  }
  return only;
}

function predecessorsOf(provenance: Provenance): readonly string[] {
  return (provenance.entity ?? []).flatMap((entity) => {
    if (entity.role === 'source') return [];
    const id = idOf('MessageHeader', entity.what) ?? entity.what.identifier?.value;
    return id === undefined ? [] : [id];
  });
}

/** The id in a reference of this type: `Type/id`, an absolute URL that ends so, or `urn:uuid:id`. */
export function idOf(type: string, reference: Reference | undefined): string | undefined {
  const text = reference?.reference;
  if (text === undefined) return undefined;
  if (text.startsWith('urn:uuid:')) return text.slice('urn:uuid:'.length);
  const match = /(?:^|\/)([A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})(?:\/_history\/[^/]+)?$/.exec(text);
  return match?.[1] === type ? match[2] : undefined;
}

function resolver(resources: readonly (Resource | undefined)[]): Message['resolve'] {
  const byKey = new Map<string, Resource>();
  resources.forEach((resource, index) => {
    if (resource?.id === undefined) return;
    const key = `${resource.resourceType}/${resource.id}`;
    if (byKey.has(key)) {
      throw invalid(
        `Bundle.entry[${index}].resource.id`,
        `The message holds ${key} twice; keep one.`,
        'MSG_DUPLICATE_ID',
      );
    }
    byKey.set(key, resource);
  });
  return <T extends Resource>(type: T['resourceType'], reference: Reference | undefined): T | undefined => {
    const id = idOf(type, reference);
    return id === undefined ? undefined : (byKey.get(`${type}/${id}`) as T | undefined);
  };
}
