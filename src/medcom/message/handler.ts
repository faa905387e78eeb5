import type { Identifier, Patient } from '@medplum/fhirtypes';
import type { StoreTransaction } from '../../store/store.ts';
import type { Message } from './read-message.ts';

/** A message understood: whom it is about, and what to do with it inside the transaction. */
export interface ReadyMessage {
  /** Absent for messages about no citizen. */
  readonly patient?: Patient;
  /** Names to lock besides the citizen and the message itself. */
  readonly locks?: readonly string[];
  /** Identifiers of stays that it brings, where all it asks is of its citizen: then it can share a transaction. */
  readonly stays?: readonly Identifier[];
  apply(transaction: StoreTransaction, received: string): Promise<void>;
}

/** Reads one kind of message. @throws MessageError when it cannot be understood. */
export type MessageReader = (message: Message) => ReadyMessage;
