import { receiveNotification } from '../notification/receive-notification.ts';
import { EVENT } from '../vocabulary.ts';
import type { MessageReader } from './handler.ts';

/** What Overgang receives, by the event code of the MessageHeader. */
export const MESSAGE_READERS: ReadonlyMap<string, MessageReader> = new Map<string, MessageReader>([
  [EVENT.hospitalNotification, receiveNotification],
]);
