import type { AuditEvent, AuditEventAgent, AuditEventEntity } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM, OVERGANG } from '../../fhir/canonical.ts';
import type { OutgoingState } from '../../store/receipts/outgoing.ts';
import { messageIdentifier } from '../message/message-ids.ts';
import type { Delivery, DeliveryParty } from './delivery.ts';

const DELIVERY_STATUS = `${OVERGANG}/CodeSystem/delivery-status`;

/**
 * One step of a delivery as an AuditEvent, in the shape of EHMI's delivery status (danish-domain B.3): sender and
 * receiver with SOR and GLN as agents; the message, its envelope, the citizen and what is sent as entities. `subtype`
 * is the state that the step led to.
 */
export function transmissionAudit(told: {
  readonly message: string;
  readonly delivery: Delivery;
  /** Bundle.id or envelope of the transmission; of the answer, when that was the step. */
  readonly envelope: string;
  readonly endpoint: string;
  readonly about: string | null;
  readonly state: OutgoingState;
  /** Why the step failed. */
  readonly failure?: string;
  readonly now: string;
}): AuditEvent {
  const { delivery } = told;
  return {
    resourceType: 'AuditEvent',
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'transmit',
      display: 'Transmit Record',
    },
    subtype: [{ system: DELIVERY_STATUS, code: told.state }],
    action: 'C',
    recorded: told.now,
    outcome: told.failure === undefined ? '0' : '8',
    ...(told.failure === undefined ? {} : { outcomeDesc: told.failure }),
    agent: [
      agent('ehmiSender', true, delivery.sender, undefined),
      agent('ehmiReceiver', false, delivery.receiver, told.endpoint),
    ],
    source: { observer: { display: 'Overgang' } },
    entity: [
      {
        what: { identifier: messageIdentifier(told.message) },
        name: 'ehmiMessage',
        ...detailsOf(delivery),
      },
      { what: { identifier: messageIdentifier(told.envelope) }, name: 'ehmiMessageEnvelope' },
      ...(delivery.patient === undefined
        ? []
        : [{ what: { reference: delivery.patient }, name: 'ehmiPatient' }]),
      ...(told.about === null ? [] : [{ what: { reference: told.about } }]),
    ],
  };
}

function agent(
  role: 'ehmiSender' | 'ehmiReceiver',
  requestor: boolean,
  party: DeliveryParty | undefined,
  address: string | undefined,
): AuditEventAgent {
  return {
    type: { text: role },
    requestor,
    who:
      party === undefined
        ? { display: address ?? 'Overgang' }
        : {
            reference: party.reference,
            ...(party.sor === undefined
              ? {}
              : { identifier: { system: IDENTIFIER_SYSTEM.sor, value: party.sor } }),
            ...(party.name === undefined ? {} : { display: party.name }),
          },
    ...(party?.gln === undefined ? {} : { altId: party.gln }),
    ...(party?.name === undefined ? {} : { name: party.name }),
    ...(address === undefined ? {} : { network: { address, type: '5' as const } }),
  };
}

function detailsOf({ type, version }: Delivery): Pick<AuditEventEntity, 'detail'> {
  const detail = [
    ...(type === undefined ? [] : [{ type: 'ehmiMessageType', valueString: type }]),
    ...(version === undefined ? [] : [{ type: 'ehmiMessageVersion', valueString: version }]),
  ];
  return detail.length === 0 ? {} : { detail };
}
