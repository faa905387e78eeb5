import type { AuditEvent } from '@medplum/fhirtypes';
import { messageIdentifier } from '../message/message-ids.ts';

/** A transmission as an AuditEvent, shaped on EHMI's delivery status (danish-domain B.3): who sent what, how it went. */
export function transmissionAudit(told: {
  readonly message: string;
  readonly transmission: string;
  readonly endpoint: string;
  readonly about: string | null;
  readonly state: 'msg-sent' | 'msg-acknowledged' | 'msg-refused' | 'msg-failed';
  readonly now: string;
}): AuditEvent {
  const failed = told.state === 'msg-failed' || told.state === 'msg-refused';
  return {
    resourceType: 'AuditEvent',
    type: {
      system: 'http://terminology.hl7.org/CodeSystem/audit-event-type',
      code: 'transmit',
      display: 'Transmit Record',
    },
    subtype: [{ system: 'https://overgang.dk/fhir/CodeSystem/delivery-status', code: told.state }],
    action: 'E',
    recorded: told.now,
    outcome: failed ? '4' : '0',
    agent: [
      { requestor: true, who: { display: 'Overgang' } },
      { requestor: false, who: { display: told.endpoint }, network: { address: told.endpoint, type: '5' } },
    ],
    source: { observer: { display: 'Overgang' } },
    entity: [
      { what: { identifier: messageIdentifier(told.message) }, name: 'message' },
      { what: { identifier: messageIdentifier(told.transmission) }, name: 'transmission' },
      ...(told.about === null ? [] : [{ what: { reference: told.about } }]),
    ],
  };
}
