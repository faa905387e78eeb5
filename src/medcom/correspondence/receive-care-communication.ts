import { randomUUID } from 'node:crypto';
import type { Communication, CommunicationPayload, Encounter, EpisodeOfCare } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION } from '../../fhir/canonical.ts';
import { parseSearch } from '../../fhir/search/parse.ts';
import type { Change, Reader } from '../../store/store.ts';
import { chooseStay } from '../letter/choose-stay.ts';
import type { ReadyMessage } from '../message/handler.ts';
import { localise } from '../message/localise.ts';
import { invalid, missing } from '../message/message-error.ts';
import { idFromMessage, messageIdentifier } from '../message/message-ids.ts';
import { requireParties, requirePatient } from '../message/parties-of-message.ts';
import type { Message } from '../message/read-message.ts';
import { exchangeOf } from '../outgoing/care-payload.ts';
import { citizenChange, findCitizen } from '../parties/citizen.ts';
import { knowOrganisations } from '../parties/organisations.ts';
import { episodeKey } from '../stay/episode-key.ts';
import { storedStays } from '../stay/follow-stays.ts';
import { MEDCOM_EXTENSION, MEDCOM_SYSTEM } from '../vocabulary.ts';
import { linkThread } from './link-thread.ts';

const ACTIVITIES = ['new-message', 'reply-message', 'forward-message', 'modified-message', 'retract-message'];

/** CareCommunication 4.x and 5.x: a Communication in a thread, on the course and the stay it speaks of. */
export function receiveCareCommunication(message: Message): ReadyMessage {
  if (!ACTIVITIES.includes(message.activity)) {
    throw invalid(
      'Provenance.activity',
      `A care communication is one of ${ACTIVITIES.join(', ')}.`,
      'MSG_VALUESET_VALUE_UNKNOWN',
    );
  }
  const told = message.resolve<Communication>('Communication', message.header.focus?.[0]);
  if (told === undefined) {
    throw missing(
      'MessageHeader.focus',
      'MessageHeader.focus must refer to the Communication in the same message.',
    );
  }
  if (!told.payload?.some((payload) => payload.contentString !== undefined)) {
    throw missing('Communication.payload.contentString', 'A care communication needs a text.');
  }
  const category = told.category?.[0]?.coding?.find((coding) => coding.system === MEDCOM_SYSTEM.careCategory);
  if (category?.code === undefined) {
    throw missing('Communication.category', `The category is a code of ${MEDCOM_SYSTEM.careCategory}.`);
  }
  const patient = requirePatient(message, told.subject, 'Communication.subject');
  const parties = requireParties(message);
  return {
    patient,
    apply: async (transaction, received) => {
      const stored = await findCitizen(transaction, patient);
      const id = stored?.id ?? randomUUID();
      const organisations = await knowOrganisations(transaction, [parties.sender, parties.receiver]);
      const reference = {
        sender: organisations.reference(parties.sender),
        receiver: organisations.reference(parties.receiver),
      };
      const { communication, attachments } = render(message, told, {
        ...reference,
        patient: `Patient/${id}`,
        received,
      });
      const thread = stored === undefined ? [] : await storedThread(transaction, id);
      const placed = {
        ...communication,
        ...(stored === undefined ? {} : await place(transaction, message, told, id)),
      };
      await transaction.write([
        ...organisations.changes,
        ...citizenChange(stored, { ...patient, id }, undefined).changes,
        ...attachments,
        ...linkThread(thread, placed),
      ]);
    },
  };
}

interface Context {
  readonly sender: string;
  readonly receiver: string;
  readonly patient: string;
  readonly received: string;
}

function render(message: Message, told: Communication, context: Context) {
  const attachments = new Map<string, Change>();
  const stored = new Map<string, string>();
  const payload = ownPayloads(message, told).map((each): CommunicationPayload => {
    const local = localise(each, message, stored);
    if (each.contentAttachment?.data === undefined) return local;
    // The same attachment comes again with every reply: its own identifier makes it one Binary.
    const { data, ...attachment } = each.contentAttachment;
    const id = idFromMessage('attachment', payloadIdentifier(each) ?? data);
    const contentType = attachment.contentType ?? 'application/octet-stream';
    attachments.set(id, { op: 'update', resource: { resourceType: 'Binary', id, contentType, data } });
    return {
      ...local,
      contentAttachment: { ...attachment, url: `Binary/${id}`, size: Buffer.from(data, 'base64').length },
    };
  });
  const exchange = exchangeOf(told);
  const communication: Communication & { id: string } = {
    resourceType: 'Communication',
    id: idFromMessage('message', message.header.id),
    identifier: [messageIdentifier(message.header.id), ...(told.identifier ?? [])],
    ...(message.predecessors.length === 0
      ? {}
      : { inResponseTo: message.predecessors.map((value) => ({ identifier: messageIdentifier(value) })) }),
    status: 'completed',
    category: [
      ...(told.category ?? []),
      ...(exchange === undefined ? [] : [{ coding: [exchange] }]),
      { coding: [{ system: MEDCOM_SYSTEM.activity, code: message.activity }] },
    ],
    ...(told.priority === undefined ? {} : { priority: told.priority }),
    subject: { reference: context.patient },
    ...(told.topic === undefined ? {} : { topic: told.topic }),
    sent: message.sent,
    received: context.received,
    recipient: [{ reference: context.receiver }],
    sender: { reference: context.sender },
    payload,
  };
  return { communication, attachments: [...attachments.values()] };
}

/** From version 5 the Provenance names the texts that this message adds; otherwise the whole is told. */
function ownPayloads(message: Message, told: Communication): readonly CommunicationPayload[] {
  const named = new Set(
    (message.provenance.entity ?? [])
      .filter((entity) => entity.role === 'source')
      .map((entity) => entity.what.identifier?.value),
  );
  const own = (told.payload ?? []).filter((payload) => named.has(payloadIdentifier(payload)));
  return own.some((payload) => payload.contentString !== undefined) ? own : (told.payload ?? []);
}

function payloadIdentifier(payload: CommunicationPayload): string | undefined {
  return payload.extension?.find((extension) => extension.url === MEDCOM_EXTENSION.payloadIdentifier)
    ?.valueIdentifier?.value;
}

async function storedThread(
  reader: Reader,
  patientId: string,
): Promise<readonly (Communication & { id: string })[]> {
  const page = await reader.search(
    parseSearch('Communication', [
      ['subject', `Patient/${patientId}`],
      ['category', `${MEDCOM_SYSTEM.activity}|`],
      ['_count', '1000'],
    ]),
  );
  return page.matches.map((match) => JSON.parse(match.content) as Communication & { id: string });
}

/** The course of the citizen, and the stay whose episode identifier the message gives. */
async function place(
  reader: Reader,
  message: Message,
  told: Communication,
  patientId: string,
): Promise<Partial<Communication>> {
  const encounter = message.resolve<Encounter>('Encounter', told.encounter);
  const keys = (encounter?.episodeOfCare ?? []).flatMap((each) => episodeKey(each.identifier)?.key ?? []);
  const stays = keys.length === 0 ? [] : await storedStays(reader, patientId);
  const stay = keys
    .map((episode) => chooseStay(stays, { episode, sent: message.sent }))
    .find((each) => each !== undefined);
  const course = await activeCourse(reader, patientId);
  return {
    ...(course === undefined
      ? {}
      : {
          extension: [
            {
              url: EXTENSION.workflowEpisodeOfCare,
              valueReference: { reference: `EpisodeOfCare/${course.id}` },
            },
          ],
        }),
    ...(stay === undefined ? {} : { encounter: { reference: `Encounter/${stay.id}` } }),
  };
}

async function activeCourse(reader: Reader, patientId: string): Promise<EpisodeOfCare | undefined> {
  const page = await reader.search(
    parseSearch('EpisodeOfCare', [
      ['patient', `Patient/${patientId}`],
      ['type', `${CODE_SYSTEM.courseType}|coordination`],
      ['status', 'active'],
      ['_count', '1'],
    ]),
  );
  const [found] = page.matches;
  return found === undefined ? undefined : (JSON.parse(found.content) as EpisodeOfCare);
}
