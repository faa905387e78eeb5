import type { Communication, Endpoint, Organization, Patient, Resource } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { errorIssue, notFound, unprocessable } from '../../fhir/outcome.ts';
import { enqueue } from '../../store/receipts/outgoing.ts';
import type { Reader, StoreTransaction } from '../../store/store.ts';
import { messageIdentifier } from '../message/message-ids.ts';
import { buildCareCommunication } from './build-care-communication.ts';

/**
 * Puts a Communication on its way to its (first) recipient as a CareCommunication message. The recipient's address is
 * that of its Endpoint (`Organization.endpoint`); both parties need a SOR code. Returns the MessageHeader.id.
 * @throws FhirError 404 without such a Communication, 422 naming what it lacks
 */
export async function queueCommunication(
  transaction: StoreTransaction,
  communicationId: string,
  sent: string,
): Promise<string> {
  const communication = await load<Communication>(transaction, `Communication/${communicationId}`);
  if (communication === undefined) throw notFound(`Communication/${communicationId} is not here.`);
  const patient = await load<Patient>(transaction, communication.subject?.reference);
  const sender = await load<Organization>(transaction, communication.sender?.reference);
  const receiver = await load<Organization>(transaction, communication.recipient?.[0]?.reference);
  const endpoint = await load<Endpoint>(transaction, receiver?.endpoint?.[0]?.reference);
  const sorOf = (organization: Organization | undefined) =>
    organization?.identifier?.find((identifier) => identifier.system === IDENTIFIER_SYSTEM.sor)?.value;
  const [from, to] = [sorOf(sender), sorOf(receiver)];
  const lacking = [
    ...(patient === undefined ? ['Communication.subject'] : []),
    ...(sender === undefined || from === undefined ? ['Communication.sender.resolve().identifier(SOR)'] : []),
    ...(receiver === undefined || to === undefined
      ? ['Communication.recipient.resolve().identifier(SOR)']
      : []),
    ...(endpoint?.address === undefined
      ? ['Communication.recipient.resolve().endpoint.resolve().address']
      : []),
    ...(communication.payload?.some((payload) => payload.contentString)
      ? []
      : ['Communication.payload.contentString']),
  ];
  if (lacking.length > 0) {
    throw unprocessable(
      lacking.map((place) => errorIssue('required', `To be sent, the Communication needs ${place}.`, place)),
    );
  }
  const answers = communication.inResponseTo?.find(
    (each) => each.identifier?.system === IDENTIFIER_SYSTEM.message,
  );
  const bundle = buildCareCommunication({
    communication,
    patient: patient!,
    sender: sender! as Organization & { id: string },
    receiver: receiver! as Organization & { id: string },
    endpoints: { sender: from!, receiver: to! },
    sent,
    ...(answers?.identifier?.value === undefined ? {} : { answers: answers.identifier.value }),
  });
  const message = bundle.entry![0]!.resource!.id!;
  const about = `Communication/${communicationId}`;
  await enqueue(
    transaction,
    { message, endpoint: endpoint!.address, content: JSON.stringify(bundle), about },
    sent,
  );
  // The message's identity on the Communication: the answer that comes back finds what it answers.
  const identifier = [...(communication.identifier ?? []), messageIdentifier(message)];
  await transaction.write([
    { op: 'update', resource: { ...communication, id: communicationId, identifier } },
  ]);
  return message;
}

async function load<T extends Resource>(
  reader: Reader,
  reference: string | undefined,
): Promise<T | undefined> {
  const match = /^([A-Z][A-Za-z]+)\/([A-Za-z0-9\-.]{1,64})$/.exec(reference ?? '');
  if (match === null) return undefined;
  const found = await reader.read(match[1]!, match[2]!);
  return found === undefined || found.deleted ? undefined : (JSON.parse(found.content) as T);
}
