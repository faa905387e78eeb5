import { randomUUID } from 'node:crypto';
import type { Bundle, MessageHeader } from '@medplum/fhirtypes';
import { findOutgoing, noteAttempt, type OutgoingMessage, takeDue } from '../../store/receipts/outgoing.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import { transmissionAudit } from './transmission-audit.ts';

/** Posts a message; resolves with the body of a 2xx answer (undefined when empty), rejects otherwise. */
type Post = (endpoint: string, bundle: Bundle) => Promise<unknown>;

export interface SendOptions {
  readonly post: Post;
  readonly now?: () => string;
  /** Attempts after the first one; default 3 (MR2, MR3). */
  readonly retries?: number;
  /** Milliseconds without an acknowledgement until the next attempt; default 30 minutes (KR7). */
  readonly patience?: number;
}

const HALF_AN_HOUR = 30 * 60_000;

/**
 * Sends what is due, until nothing is. A message that is answered by its acknowledgement is settled; one that is not
 * is sent again after 30 minutes as a new transmission (new Bundle.id and timestamp, same MessageHeader.id), and given
 * up after the last retry. Returns the number of messages handled. Several senders may run at once.
 */
export async function sendDue(store: Store, options: SendOptions): Promise<number> {
  let handled = 0;
  while (await sendOne(store, options)) handled += 1;
  return handled;
}

/**
 * The attempt is noted before the message goes out, with the time of the next one: whoever dies in between leaves
 * it to be sent again, and no transaction waits for the receiver.
 */
async function sendOne(store: Store, options: SendOptions): Promise<boolean> {
  const now = options.now?.() ?? new Date().toISOString();
  const { retries = 3, patience = HALF_AN_HOUR } = options;
  const next = new Date(Date.parse(now) + patience).toISOString();
  const due = await store.transaction(async (transaction) => {
    const found = await takeDue(transaction, now);
    if (found === undefined) return undefined;
    const spent = found.attempts > retries;
    if (spent) {
      await noteAttempt(transaction, found.message, {
        state: 'in-error',
        attempts: found.attempts,
        error: NO_ANSWER,
        now,
      });
      await audit(transaction, found, found.message, 'msg-failed', now);
    } else {
      await noteAttempt(transaction, found.message, {
        state: 'awaiting',
        attempts: found.attempts + 1,
        next,
        now,
      });
    }
    return { ...found, spent };
  });
  if (due === undefined || due.spent) return due !== undefined;
  const bundle: Bundle = { ...(JSON.parse(due.content) as Bundle), id: randomUUID(), timestamp: now };
  const outcome = await attempt(options.post, due.endpoint, bundle);
  await store.transaction(async (transaction) => {
    await audit(transaction, due, bundle.id!, outcome.failure === undefined ? 'msg-sent' : 'msg-failed', now);
    if (outcome.failure !== undefined) {
      // Not reached: the message waits, and is tried again like an unanswered one.
      await noteAttempt(transaction, due.message, {
        state: 'waiting',
        attempts: due.attempts + 1,
        next,
        error: outcome.failure,
        now,
      });
    }
    await settle(transaction, outcome.answer, now);
  });
  return true;
}

const NO_ANSWER = 'no acknowledgement';

async function attempt(
  post: Post,
  endpoint: string,
  bundle: Bundle,
): Promise<{ readonly answer?: Bundle | undefined; readonly failure?: string }> {
  try {
    return { answer: (await post(endpoint, bundle)) as Bundle | undefined };
  } catch (error) {
    return { failure: (error instanceof Error ? error.message : String(error)).slice(0, 200) };
  }
}

/**
 * Settles the message that an Acknowledgement answers: `ok` and `fatal-error` are final, `transient-error` waits for
 * the next attempt. An acknowledgement of something Overgang never sent changes nothing.
 */
export async function settle(
  transaction: StoreTransaction,
  answer: Bundle | undefined,
  now: string,
): Promise<void> {
  const header = answer?.entry?.[0]?.resource;
  const response = header?.resourceType === 'MessageHeader' ? (header as MessageHeader).response : undefined;
  if (response?.identifier === undefined) return;
  const sent = await findOutgoing(transaction, response.identifier);
  if (sent === undefined || sent.state === 'acknowledged' || sent.state === 'in-error') return;
  if (response.code === 'transient-error') return;
  const isOk = response.code === 'ok';
  await noteAttempt(transaction, sent.message, {
    state: isOk ? 'acknowledged' : 'in-error',
    attempts: sent.attempts,
    ...(isOk ? {} : { error: 'fatal-error' }),
    now,
  });
  await audit(
    transaction,
    sent,
    answer?.id ?? response.identifier,
    isOk ? 'msg-acknowledged' : 'msg-refused',
    now,
  );
}

async function audit(
  transaction: StoreTransaction,
  message: OutgoingMessage,
  transmission: string,
  state: Parameters<typeof transmissionAudit>[0]['state'],
  now: string,
): Promise<void> {
  const { endpoint, about } = message;
  const resource = transmissionAudit({ message: message.message, transmission, endpoint, about, state, now });
  await transaction.write([{ op: 'create', resource }]);
}
