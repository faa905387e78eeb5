import { randomUUID } from 'node:crypto';
import type { Bundle, Communication, CommunicationPayload, Organization, Patient } from '@medplum/fhirtypes';
import { messageBundle, messageHeader, messageProvenance } from '../build/frame.ts';
import { EVENT, MEDCOM_EXTENSION, MEDCOM_PROFILE, MEDCOM_SYSTEM } from '../vocabulary.ts';

const CARE = 'http://medcomfhir.dk/ig/carecommunication/StructureDefinition/medcom-careCommunication';
const DEFINITION =
  'http://medcomfhir.dk/ig/messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|5.0';

export interface CareCommunicationFacts {
  readonly communication: Communication;
  readonly patient: Patient;
  readonly sender: Organization & { readonly id: string };
  readonly receiver: Organization & { readonly id: string };
  /** SOR codes of the endpoints. */
  readonly endpoints: { readonly sender: string; readonly receiver: string };
  /** Instant of sending. */
  readonly sent: string;
  /** The message that this one answers. */
  readonly answers?: string;
  readonly newId?: () => string;
}

/** A CareCommunication message (MedCom 5.0) from a Communication on a course; its category is kept, else `carecoordination`. */
export function buildCareCommunication(facts: CareCommunicationFacts): Bundle {
  const newId = facts.newId ?? randomUUID;
  const { communication, patient, sender, receiver } = facts;
  const headerId = newId();
  const patientId = newId();
  const id = newId();
  const payloadIds: string[] = [];
  const payload = (communication.payload ?? []).flatMap((each): CommunicationPayload[] => {
    if (each.contentString === undefined) return [];
    const identifier = `urn:uuid:${newId()}`;
    payloadIds.push(identifier);
    return [
      {
        extension: [
          { url: MEDCOM_EXTENSION.payloadDate, valueDateTime: communication.sent ?? facts.sent },
          {
            url: MEDCOM_EXTENSION.payloadIdentifier,
            valueIdentifier: { value: identifier, assigner: { reference: `Organization/${sender.id}` } },
          },
        ],
        contentString: each.contentString,
      },
    ];
  });
  const category = communication.category?.find((each) =>
    each.coding?.some((coding) => coding.system === MEDCOM_SYSTEM.careCategory),
  ) ?? { coding: [{ system: MEDCOM_SYSTEM.careCategory, code: 'carecoordination' }] };
  const activity = facts.answers === undefined ? 'new-message' : 'reply-message';
  return messageBundle(newId(), `${CARE}-message`, facts.sent, [
    {
      ...messageHeader(headerId, {
        event: EVENT.careCommunication,
        profile: `${CARE}-messageHeader`,
        sender: { id: sender.id, sor: facts.endpoints.sender },
        receiver: { id: receiver.id, sor: facts.endpoints.receiver },
      }),
      focus: [{ reference: `Communication/${id}` }],
      definition: DEFINITION,
    },
    {
      resourceType: 'Patient',
      id: patientId,
      meta: { profile: [MEDCOM_PROFILE.patient] },
      identifier: patient.identifier ?? [],
      ...(patient.name === undefined ? {} : { name: patient.name }),
    },
    {
      resourceType: 'Communication',
      id,
      meta: { profile: [`${CARE}-communication`] },
      identifier: [{ value: `urn:uuid:${newId()}` }],
      // MedCom fixes the status so (danish-domain A.7).
      status: 'unknown',
      category: [category],
      subject: { reference: `Patient/${patientId}` },
      ...(communication.topic === undefined ? {} : { topic: communication.topic }),
      payload,
    },
    ...[sender, receiver].map(
      ({ resourceType, id: organizationId, identifier, name }): Organization => ({
        resourceType,
        id: organizationId,
        meta: { profile: [MEDCOM_PROFILE.organization] },
        ...(identifier === undefined ? {} : { identifier }),
        ...(name === undefined ? {} : { name }),
      }),
    ),
    withSources(
      messageProvenance({
        id: newId(),
        headerId,
        activity,
        sent: facts.sent,
        senderId: sender.id,
        ...(facts.answers === undefined
          ? {}
          : { predecessor: { headerId: facts.answers, role: 'revision' as const } }),
      }),
      payloadIds,
    ),
  ]);
}

/** The Provenance names the texts that this message adds. */
function withSources(provenance: ReturnType<typeof messageProvenance>, identifiers: readonly string[]) {
  return {
    ...provenance,
    entity: [
      ...(provenance.entity ?? []),
      ...identifiers.map((value) => ({ role: 'source' as const, what: { identifier: { value } } })),
    ],
  };
}
