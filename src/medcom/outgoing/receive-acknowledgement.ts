import type { ReadyMessage } from '../message/handler.ts';
import { missing } from '../message/message-error.ts';
import type { Message } from '../message/read-message.ts';
import { settleMessage } from './settle.ts';

/** An Acknowledgement that comes in as a message of its own settles what Overgang sent. */
export function receiveAcknowledgement(message: Message): ReadyMessage {
  if (message.header.response?.identifier === undefined) {
    throw missing('MessageHeader.response', 'An acknowledgement names the MessageHeader.id that it answers.');
  }
  return { apply: (transaction, received) => settleMessage(transaction, message.bundle, received) };
}
