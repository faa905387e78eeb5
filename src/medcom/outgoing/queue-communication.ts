import type { Communication, Encounter, Organization, Patient } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { errorIssue, type FhirError, notFound, unprocessable } from '../../fhir/outcome.ts';
import {
  enqueue,
  findOutgoing,
  type NewOutgoing,
  type OutgoingState,
  outgoingAbout,
} from '../../store/receipts/outgoing.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { keptFacts, keptParty } from '../letter/facts-extension.ts';
import { letterTypeOf } from '../letter/letter-type-of.ts';
import { loadResource } from '../load.ts';
import { messageIdentifier } from '../message/message-ids.ts';
import { EVENT } from '../vocabulary.ts';
import { buildCareCommunication, type CareCommunicationFacts } from './build-care-communication.ts';
import { chooseWay, type Way } from './choose-way.ts';
import { type Delivery, type DeliveryParty, deliveryParty, readDelivery } from './delivery.ts';
import { letterToSend } from './letter-to-send.ts';
import { loadReceivers, type Receiver, recipientsOf } from './receivers.ts';

/** What became of sending to one receiver. */
export interface Queued {
  /** MessageHeader.id; of a letter, its sender, identifier and receiver. */
  readonly message: string;
  readonly kind: 'letter' | 'message';
  /** `Organization/[id]` */
  readonly receiver: string;
  readonly state: OutgoingState;
}

type Stored = Communication & { readonly id: string };
type Sender = Organization & { readonly id: string };

/** What has to go to one receiver, and the identity that the Communication is known by there. */
interface Parcel {
  readonly queued: NewOutgoing;
  readonly identity: string;
}

/**
 * Puts a Communication on its way to each of its recipients, in the form that the recipient's Endpoint takes: an
 * exchange as its letter (the original where it came as one), else as a CareCommunication message. What is on its way
 * to a recipient already, or was acknowledged, is not queued again; what failed is begun anew.
 * @throws FhirError 404 without such a Communication, 422 naming what it or a recipient lacks; nothing is queued then
 */
export async function queueCommunication(
  transaction: StoreTransaction,
  communicationId: string,
  sent: string,
): Promise<readonly Queued[]> {
  const about = `Communication/${communicationId}`;
  await transaction.lock([`send ${about}`]);
  const communication = await loadResource<Stored>(transaction, about);
  if (communication === undefined) throw notFound(`${about} is not here.`);
  if (communication.status === 'entered-in-error') {
    throw lacking('Communication.status', 'What was entered in error is not sent.');
  }
  const stay = await loadResource<Encounter>(transaction, communication.encounter?.reference);
  const receivers = await loadReceivers(transaction, recipientsOf(communication, stay));
  if (receivers.length === 0) {
    throw lacking('Communication.recipient', 'To be sent, the Communication needs a recipient.');
  }
  const before = await outgoingAbout(transaction, about);
  const results: Queued[] = [];
  const identities: string[] = [];
  for (const receiver of receivers) {
    const known = before.find(
      (each) =>
        each.state !== 'in-error' &&
        readDelivery(each.facts).receiver?.reference === `Organization/${receiver.organization?.id}`,
    );
    if (known !== undefined) {
      const { message, kind, state } = known;
      results.push({ message, kind, receiver: `Organization/${receiver.organization!.id}`, state });
      continue;
    }
    const { queued, identity } = await parcel(transaction, { communication, stay, receiver, sent });
    await enqueue(transaction, { ...queued, about }, sent);
    const { state } = (await findOutgoing(transaction, queued.message))!;
    identities.push(identity);
    results.push({
      message: queued.message,
      kind: queued.kind ?? 'message',
      receiver: `Organization/${receiver.organization!.id}`,
      state,
    });
  }
  await rememberIdentities(transaction, communication, identities);
  return results;
}

interface Errand {
  readonly communication: Stored;
  readonly stay: Encounter | undefined;
  readonly receiver: Receiver;
  /** Instant. */
  readonly sent: string;
}

async function parcel(transaction: StoreTransaction, errand: Errand): Promise<Parcel> {
  const { communication, receiver } = errand;
  const { organization, place, endpoints } = receiver;
  if (organization === undefined) {
    throw lacking(place, `${place} must be an Organization that is stored here.`);
  }
  const type = letterTypeOf(communication);
  const way = chooseWay(endpoints, type);
  if (way === undefined) {
    throw lacking(
      `${place}.resolve().endpoint`,
      `The recipient needs an active Endpoint with an http(s) address that takes ${
        type === undefined
          ? ''
          : `${type} letters (payloadType ${type}, or payloadMimeType application/xml) or `
      }FHIR messages (connectionType hl7-fhir-msg, or payloadMimeType application/fhir+json).`,
    );
  }
  const to = deliveryParty(organization);
  return way.form === 'letter'
    ? letterParcel(transaction, communication, way, to)
    : messageParcel(transaction, errand, way, organization);
}

/** Stands where an organisation has no location number, as in the receipts that Overgang writes. */
const UNKNOWN_GLN = '0000000000000';

async function letterParcel(
  transaction: StoreTransaction,
  communication: Stored,
  way: Way,
  to: DeliveryParty,
): Promise<Parcel> {
  const letter = await letterToSend(transaction, communication);
  const { facts, identity } = letter;
  const sender = await loadResource<Sender>(transaction, communication.sender?.reference);
  const delivery: Delivery = {
    ...(sender === undefined ? {} : { sender: deliveryParty(sender) }),
    receiver: to,
    ...(communication.subject?.reference === undefined ? {} : { patient: communication.subject.reference }),
    type: facts.type,
    version: facts.version,
    contentType: way.contentType,
    envelope: facts.envelope,
    ...(letter.wantsReceipt ? {} : { expectsReceipt: false }),
  };
  return {
    identity,
    queued: {
      message: `${identity} ${to.reference}`,
      kind: 'letter',
      endpoint: way.address,
      content: Buffer.from(letter.bytes).toString('base64'),
      facts: JSON.stringify(delivery),
      about: null,
      keys: {
        letter: facts.identifier,
        envelope: facts.envelope,
        senderGln: facts.sender.gln ?? UNKNOWN_GLN,
        receiverGln: to.gln ?? facts.receiver.gln ?? UNKNOWN_GLN,
      },
    },
  };
}

async function messageParcel(
  transaction: StoreTransaction,
  { communication, stay, sent }: Errand,
  way: Way,
  receiver: Sender,
): Promise<Parcel> {
  const patient = await loadResource<Patient>(transaction, communication.subject?.reference);
  const sender = await loadResource<Sender>(transaction, communication.sender?.reference);
  const from = sender === undefined ? undefined : deliveryParty(sender);
  const to = deliveryParty(receiver);
  const phone = phoneOf(sender);
  const faults = [
    ...(patient === undefined ? ['Communication.subject'] : []),
    ...(from?.sor === undefined || from.gln === undefined
      ? ['Communication.sender.resolve().identifier (SOR and GLN)']
      : []),
    ...(phone === undefined ? ['Communication.sender.resolve().telecom (phone)'] : []),
    ...(to.sor === undefined || to.gln === undefined
      ? ['Communication.recipient.resolve().identifier (SOR and GLN)']
      : []),
    ...(communication.payload?.some((payload) => payload.contentString)
      ? []
      : ['Communication.payload.contentString']),
  ];
  if (faults.length > 0) {
    throw unprocessable(
      faults.map((place) =>
        errorIssue('required', `To be sent as a message, the Communication needs ${place}.`, place),
      ),
    );
  }
  const answers = communication.inResponseTo?.find(
    (each) => each.identifier?.system === IDENTIFIER_SYSTEM.message,
  )?.identifier?.value;
  const bundle = buildCareCommunication({
    communication,
    patient: patient!,
    sender: sender!,
    receiver,
    endpoints: { sender: from!.sor!, receiver: to.sor! },
    ...(stay === undefined ? {} : { stay }),
    ...authorOf(communication, sender!),
    phone: phone!,
    sent,
    ...(answers === undefined ? {} : { answers }),
  });
  const message = bundle.entry![0]!.resource!.id!;
  const delivery: Delivery = {
    sender: from!,
    receiver: to,
    patient: communication.subject!.reference!,
    type: EVENT.careCommunication,
    version: '5.0',
    contentType: way.contentType,
  };
  return {
    identity: message,
    queued: {
      message,
      endpoint: way.address,
      content: JSON.stringify(bundle),
      facts: JSON.stringify(delivery),
      about: null,
    },
  };
}

/** MedCom wants a number to call beside every text: the sender's own, else that of a contact of theirs. */
function phoneOf(sender: Organization | undefined): string | undefined {
  const points = [
    ...(sender?.telecom ?? []),
    ...(sender?.contact ?? []).flatMap((each) => each.telecom ?? []),
  ];
  const phones = points
    .filter((each) => each.system === 'phone')
    .map((each) => (each.value ?? '').replace(/[\s()-]/g, ''));
  return phones.find((value) => /^\+?\d+$/.test(value));
}

/** Who signed the letter that it came in; else the sender speaks as such. */
function authorOf(communication: Stored, sender: Sender): Pick<CareCommunicationFacts, 'author' | 'title'> {
  const signed = keptParty(keptFacts(communication.extension), 'sender')?.signedBy;
  if (signed === undefined || signed.family === '') return { author: [{ text: sender.name ?? 'Ukendt' }] };
  const { given, family, title } = signed;
  return {
    author: [{ family, ...(given === '' ? {} : { given: [given] }) }],
    ...(title === '' ? {} : { title }),
  };
}

/** What was sent is known by its identity on the Communication: the answer that comes back finds what it answers. */
async function rememberIdentities(
  transaction: StoreTransaction,
  communication: Stored,
  identities: readonly string[],
): Promise<void> {
  const known = new Set(communication.identifier?.map((each) => `${each.system}|${each.value}`));
  const added = [...new Set(identities)]
    .map(messageIdentifier)
    .filter((each) => !known.has(`${each.system}|${each.value}`));
  if (added.length === 0) return;
  const identifier = [...(communication.identifier ?? []), ...added];
  await transaction.write([{ op: 'update', resource: { ...communication, identifier } }]);
}

function lacking(place: string, text: string): FhirError {
  return unprocessable([errorIssue('required', text, place)]);
}
