import type { Bundle, MessageHeader, OperationOutcome, Provenance, Resource } from '@medplum/fhirtypes';
import { MEDCOM_EXTENSION, MEDCOM_PROFILE, MEDCOM_SYSTEM, sorEndpoint } from '../vocabulary.ts';

const BASE = 'https://overgang.dk/fhir/message';

/** `MessageHeader.destination[0]` with the primary use that MedCom requires. */
export function primaryDestination(endpoint: string, organizationId: string): MessageHeader['destination'] {
  return [
    {
      extension: [
        {
          url: MEDCOM_EXTENSION.destinationUse,
          valueCoding: { system: MEDCOM_SYSTEM.destinationUse, code: 'primary' },
        },
      ],
      endpoint,
      receiver: { reference: `Organization/${organizationId}` },
    },
  ];
}

export interface FrameFacts {
  readonly event: string;
  readonly profile: string;
  readonly receiver: { readonly id: string; readonly sor: string };
  readonly sender: { readonly id: string; readonly sor: string };
}

/** A MessageHeader with destination, sender and source filled in. */
export function messageHeader(id: string, facts: FrameFacts): MessageHeader {
  return {
    resourceType: 'MessageHeader',
    id,
    meta: { profile: [facts.profile] },
    eventCoding: { system: MEDCOM_SYSTEM.event, code: facts.event },
    destination: primaryDestination(sorEndpoint(facts.receiver.sor), facts.receiver.id)!,
    sender: { reference: `Organization/${facts.sender.id}` },
    source: { endpoint: sorEndpoint(facts.sender.sor) },
  };
}

export interface ProvenanceFacts {
  readonly id: string;
  readonly headerId: string;
  readonly activity: string;
  /** Instant with offset. */
  readonly sent: string;
  readonly senderId: string;
  readonly predecessor?: { readonly headerId: string; readonly role: 'revision' | 'removal' };
}

/** The Provenance that tells activity, time and agent of one message (medcom-messaging-provenance). */
export function messageProvenance(facts: ProvenanceFacts): Provenance {
  return {
    resourceType: 'Provenance',
    id: facts.id,
    meta: { profile: [MEDCOM_PROFILE.provenance] },
    target: [{ reference: `MessageHeader/${facts.headerId}` }],
    occurredDateTime: facts.sent,
    recorded: facts.sent,
    activity: { coding: [{ system: MEDCOM_SYSTEM.activity, code: facts.activity }] },
    agent: [{ who: { reference: `Organization/${facts.senderId}` } }],
    ...(facts.predecessor === undefined
      ? {}
      : {
          entity: [
            {
              role: facts.predecessor.role,
              what: { reference: `MessageHeader/${facts.predecessor.headerId}` },
            },
          ],
        }),
  };
}

/** A message Bundle of these resources, the MessageHeader first. */
export function messageBundle(
  id: string,
  profile: string,
  timestamp: string,
  resources: readonly (Resource | OperationOutcome)[],
): Bundle {
  return {
    resourceType: 'Bundle',
    id,
    meta: { profile: [profile] },
    type: 'message',
    timestamp,
    entry: resources.map((resource) => ({
      fullUrl: `${BASE}/${resource.resourceType}/${resource.id}`,
      resource,
    })),
  };
}
