import type { Bundle, MessageHeader, OperationOutcome } from '@medplum/fhirtypes';
import {
  findLetters,
  findOutgoing,
  noteAttempt,
  type OutgoingMessage,
  type OutgoingState,
} from '../../store/receipts/outgoing.ts';
import type { StoreTransaction } from '../../store/store.ts';
import type { ReceiptFacts } from '../letter/read-receipt.ts';
import { withoutCpr } from '../message/message-error.ts';
import { readDelivery } from './delivery.ts';
import { transmissionAudit } from './transmission-audit.ts';

/** What the receiver says of a message: taken, or not and why. */
interface Verdict {
  readonly refusal?: string;
  /** Bundle.id of the acknowledgement, or identity of the receipt. */
  readonly answer: string;
  readonly now: string;
}

/**
 * Settles the message that an Acknowledgement answers: `ok` and `fatal-error` are final, `transient-error` waits for
 * the next attempt. An acknowledgement of something Overgang never sent changes nothing; `only` limits it to one
 * message, for an answer that came over that message's own connection.
 */
export async function settleMessage(
  transaction: StoreTransaction,
  acknowledgement: Bundle,
  now: string,
  only?: string,
): Promise<void> {
  const header = acknowledgement.entry?.[0]?.resource;
  const response = header?.resourceType === 'MessageHeader' ? (header as MessageHeader).response : undefined;
  if (response?.identifier === undefined || response.code === 'transient-error') return;
  if (only !== undefined && response.identifier !== only) return;
  const sent = await findOutgoing(transaction, response.identifier);
  if (sent === undefined) return;
  await settle(transaction, sent, {
    ...(response.code === 'ok' ? {} : { refusal: reasons(acknowledgement) }),
    answer: acknowledgement.id ?? response.identifier,
    now,
  });
}

function reasons(acknowledgement: Bundle): string {
  const issues = (acknowledgement.entry ?? []).flatMap(({ resource }) =>
    resource?.resourceType === 'OperationOutcome' ? (resource as OperationOutcome).issue : [],
  );
  const told = issues.map(
    (issue) => issue.diagnostics ?? issue.details?.text ?? issue.details?.coding?.[0]?.code,
  );
  return withoutCpr(['fatal-error', ...told.filter((each) => each !== undefined)].join(': ')).slice(0, 500);
}

/** Settles the letters that a receipt speaks of, as {@link settleMessage} does with messages. */
export async function settleLetters(
  transaction: StoreTransaction,
  receipt: ReceiptFacts,
  now: string,
  only?: string,
): Promise<void> {
  const letters = await findLetters(transaction, {
    senderGln: receipt.sender,
    receiverGln: receipt.receiver,
    envelope: receipt.envelope,
    letters: receipt.letters.map((letter) => letter.identifier),
  });
  for (const sent of letters) {
    if (only !== undefined && sent.message !== only) continue;
    const own = receipt.letters.find((letter) => letter.identifier === sent.letter)?.reason;
    const refusal = [receipt.type, own ?? receipt.reason].filter((part) => part !== undefined).join(' ');
    await settle(transaction, sent, {
      ...(receipt.type === 'XCTL03' ? {} : { refusal }),
      answer: receipt.identity,
      now,
    });
  }
}

/**
 * The receiver's first word holds, except that what was given up or asked for no receipt may still be settled: a late
 * acknowledgement is an acknowledgement.
 */
async function settle(transaction: StoreTransaction, sent: OutgoingMessage, verdict: Verdict): Promise<void> {
  if (sent.state === 'acknowledged' || sent.refused) return;
  const { refusal, answer, now } = verdict;
  const state = refusal === undefined ? 'acknowledged' : 'in-error';
  await noteAttempt(transaction, sent.message, {
    state,
    attempts: sent.attempts,
    ...(refusal === undefined ? {} : { error: refusal, refused: true }),
    now,
  });
  await auditStep(transaction, sent, { state, envelope: answer, now, failure: refusal });
}

/** Writes the AuditEvent of one step of a delivery. */
export async function auditStep(
  transaction: StoreTransaction,
  sent: OutgoingMessage,
  step: {
    readonly state: OutgoingState;
    readonly envelope: string;
    readonly failure?: string | undefined;
    readonly now: string;
  },
): Promise<void> {
  const { message, endpoint, about } = sent;
  const { failure, ...rest } = step;
  const resource = transmissionAudit({
    ...rest,
    ...(failure === undefined ? {} : { failure }),
    message,
    endpoint,
    about,
    delivery: readDelivery(sent.facts),
  });
  await transaction.write([{ op: 'create', resource }]);
}
