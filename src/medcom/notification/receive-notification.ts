import { randomUUID } from 'node:crypto';
import type { Provenance } from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import type { StoreTransaction } from '../../store/store.ts';
import { reattachLetters } from '../letter/letter-case.ts';
import type { ReadyMessage } from '../message/handler.ts';
import type { Message } from '../message/read-message.ts';
import { citizenChange, findCitizen } from '../parties/citizen.ts';
import { knowOrganisations } from '../parties/organisations.ts';
import { stayIdentifiers } from '../stay/episode-key.ts';
import { followStays } from '../stay/follow-stays.ts';
import type { StayEvent } from '../stay/stay-event.ts';
import { type HospitalNotification, readNotification } from './read-notification.ts';

/** HospitalNotification: the citizen, the department and the stay are kept up to date, and who told what. */
export function receiveNotification(message: Message): ReadyMessage {
  const notification = readNotification(message);
  return {
    patient: notification.patient,
    stays: stayIdentifiers(notification.event.episodes),
    apply: (transaction, received) => apply(transaction, message, notification, received),
  };
}

async function apply(
  transaction: StoreTransaction,
  message: Message,
  notification: HospitalNotification,
  received: string,
): Promise<void> {
  const { provider, reportRecipient, patient } = notification;
  const stored = await findCitizen(transaction, patient);
  const organisations = await knowOrganisations(
    transaction,
    reportRecipient === undefined ? [provider] : [provider, reportRecipient],
  );
  const told: StayEvent = {
    ...notification.event,
    provider: organisations.reference(provider),
    ...(reportRecipient === undefined ? {} : { reportRecipient: organisations.reference(reportRecipient) }),
  };
  const citizenId = stored?.id ?? randomUUID();
  const stays = await followStays(transaction, { id: citizenId, isNew: stored === undefined }, [told]);
  const citizen = citizenChange(stored, { ...patient, id: citizenId }, stays.deceased);
  const stayId = stays.stayOf.get(told.source);
  await transaction.write([
    ...organisations.changes,
    ...citizen.changes,
    ...stays.changes,
    ...(stayId === undefined
      ? []
      : [
          {
            op: 'create' as const,
            resource: provenanceOf(message, `Encounter/${stayId}`, told.provider!, received),
          },
        ]),
  ]);
  await stays.save();
  if (stored !== undefined && stays.reshaped) await reattachLetters(transaction, citizenId);
}

/** Who told what, when, in which message: each notification stays traceable, also one that changed nothing. */
function provenanceOf(message: Message, target: string, agent: string, received: string): Provenance {
  return {
    resourceType: 'Provenance',
    target: [{ reference: target }],
    occurredDateTime: message.sent,
    recorded: received,
    activity: message.provenance.activity!,
    agent: [{ who: { reference: agent } }],
    entity: [
      {
        role: 'source',
        what: { identifier: { system: IDENTIFIER_SYSTEM.message, value: message.header.id } },
      },
      ...message.predecessors.map((predecessor) => ({
        role: 'revision' as const,
        what: { identifier: { system: IDENTIFIER_SYSTEM.message, value: predecessor } },
      })),
    ],
  };
}
