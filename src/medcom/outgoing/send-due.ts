import { randomUUID } from 'node:crypto';
import type { Bundle } from '@medplum/fhirtypes';
import { toXml } from '../../fhir/xml.ts';
import { findOutgoing, noteAttempt, type OutgoingMessage, takeDue } from '../../store/receipts/outgoing.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import { type Delivery, readDelivery } from './delivery.ts';
import { type DirectAnswer, readAnswer } from './read-answer.ts';
import { auditStep, settleLetters, settleMessage } from './settle.ts';

/** One HTTP POST to a receiver. */
export interface Transmission {
  readonly endpoint: string;
  readonly contentType: string;
  readonly body: string | Uint8Array;
}

/** Posts; resolves with whatever HTTP answer came, rejects when none did. */
export type Post = (
  transmission: Transmission,
) => Promise<{ readonly status: number; readonly body: string }>;

export interface SendOptions {
  readonly post: Post;
  readonly now?: () => string;
  /** Attempts after the first one; default 3 (MR2, MR3). */
  readonly retries?: number;
  /** Milliseconds without an acknowledgement until the next attempt; default 30 minutes (KR7). */
  readonly patience?: number;
}

const HALF_AN_HOUR = 30 * 60_000;
const NO_ANSWER = 'no acknowledgement';

/**
 * Sends what is due, until nothing is. What is answered by its acknowledgement or receipt is settled; what is not is
 * sent again after 30 minutes (a message as a new transmission: new Bundle.id and timestamp, same MessageHeader.id; a
 * letter as it is), and given up after the last retry. Returns the number handled. Several senders may run at once.
 */
export async function sendDue(store: Store, options: SendOptions): Promise<number> {
  let handled = 0;
  while (await sendOne(store, options)) handled += 1;
  return handled;
}

/**
 * The attempt is noted before anything goes out, with the time of the next one: whoever dies in between leaves the
 * message waiting to be sent again, and no transaction waits for the receiver.
 */
async function sendOne(store: Store, options: SendOptions): Promise<boolean> {
  const now = options.now?.() ?? new Date().toISOString();
  const { retries = 3, patience = HALF_AN_HOUR } = options;
  const next = new Date(Date.parse(now) + patience).toISOString();
  const due = await store.transaction(async (transaction) => {
    const found = await takeDue(transaction, now);
    if (found === undefined) return undefined;
    const { attempts, message } = found;
    if (attempts > retries) {
      await noteAttempt(transaction, message, { state: 'in-error', attempts, error: NO_ANSWER, now });
      const envelope = readDelivery(found.facts).envelope ?? message;
      await auditStep(transaction, found, { state: 'in-error', envelope, failure: NO_ANSWER, now });
      return { ...found, spent: true };
    }
    await noteAttempt(transaction, message, { state: found.state, attempts: attempts + 1, next, now });
    return { ...found, attempts: attempts + 1, spent: false };
  });
  if (due === undefined || due.spent) return due !== undefined;
  const delivery = readDelivery(due.facts);
  const { transmission, envelope } = transmissionOf(due, delivery, now);
  const outcome = await attempt(options.post, due.kind, transmission);
  await store.transaction((transaction) =>
    noteOutcome(transaction, { due, delivery, envelope, outcome, next, now }),
  );
  return true;
}

function transmissionOf(due: OutgoingMessage, delivery: Delivery, now: string) {
  const { endpoint } = due;
  if (due.kind === 'letter') {
    const body = Buffer.from(due.content, 'base64');
    const contentType = delivery.contentType ?? 'application/xml';
    return { transmission: { endpoint, contentType, body }, envelope: delivery.envelope ?? due.message };
  }
  const bundle: Bundle = { ...(JSON.parse(due.content) as Bundle), id: randomUUID(), timestamp: now };
  const contentType = delivery.contentType ?? 'application/fhir+json';
  const body = contentType === 'application/fhir+xml' ? toXml(bundle) : JSON.stringify(bundle);
  return { transmission: { endpoint, contentType, body }, envelope: bundle.id! };
}

interface Outcome extends DirectAnswer {
  readonly failure?: string;
}

async function attempt(
  post: Post,
  kind: OutgoingMessage['kind'],
  transmission: Transmission,
): Promise<Outcome> {
  let answer: Awaited<ReturnType<Post>>;
  try {
    answer = await post(transmission);
  } catch (error) {
    return { failure: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
  const read = readAnswer(kind, answer.body);
  const silent = read.acknowledgement === undefined && (read.receipts ?? []).length === 0;
  return answer.status >= 300 && silent ? { failure: `The receiver answered ${answer.status}.` } : read;
}

async function noteOutcome(
  transaction: StoreTransaction,
  sent: {
    readonly due: OutgoingMessage;
    readonly delivery: Delivery;
    readonly envelope: string;
    readonly outcome: Outcome;
    readonly next: string;
    readonly now: string;
  },
): Promise<void> {
  const { due, delivery, envelope, outcome, next, now } = sent;
  const { attempts, message } = due;
  const { failure } = outcome;
  const reached = failure !== undefined ? 'waiting' : delivery.expectsReceipt === false ? 'sent' : 'awaiting';
  const current = await findOutgoing(transaction, message);
  // The acknowledgement may have come as a message of its own while the receiver still answered: it holds.
  const isSettled = current !== undefined && (current.state === 'acknowledged' || current.refused);
  const state = isSettled ? current.state : reached;
  if (!isSettled) {
    await noteAttempt(transaction, message, {
      state,
      attempts,
      ...(state === 'sent' ? {} : { next }),
      ...(failure === undefined ? {} : { error: failure }),
      now,
    });
  }
  await auditStep(transaction, due, { state, envelope, failure, now });
  if (outcome.acknowledgement !== undefined) {
    await settleMessage(transaction, outcome.acknowledgement, now, message);
  }
  for (const receipt of outcome.receipts ?? []) await settleLetters(transaction, receipt, now, message);
}
