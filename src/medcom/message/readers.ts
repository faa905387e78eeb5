import { receiveCareCommunication } from '../correspondence/receive-care-communication.ts';
import { receiveNotification } from '../notification/receive-notification.ts';
import { receiveObservations } from '../observation/receive-observations.ts';
import { receiveAcknowledgement } from '../outgoing/receive-acknowledgement.ts';
import { EVENT } from '../vocabulary.ts';
import type { MessageReader } from './handler.ts';

/** What Overgang receives, by the event code of the MessageHeader. */
export const MESSAGE_READERS: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([
  [EVENT.hospitalNotification, receiveNotification],
  [EVENT.careCommunication, receiveCareCommunication],
  [EVENT.homeCareObservation, receiveObservations],
  [EVENT.acknowledgement, receiveAcknowledgement],
]);
