import type { FastifyBaseLogger } from 'fastify';
import { type Post, sendDue } from '../../medcom/outgoing/send-due.ts';
import type { Store } from '../../store/store.ts';

const INTERVAL = 60_000;
/** Milliseconds that a receiver may take to answer. */
const PATIENCE = 30_000;
/** Characters of an answer that are read; acknowledgements and receipts are far shorter. */
const LONGEST_ANSWER = 1_000_000;

export interface OutgoingSettings {
  /** Attempts after the first one. */
  readonly retries: number;
  /** Milliseconds between attempts. */
  readonly patience: number;
}

/**
 * Sends queued messages and letters now and every minute.
 * @returns ends it; what was not sent stays in the queue
 */
export function sendInBackground(
  store: Store,
  log: FastifyBaseLogger,
  settings: OutgoingSettings,
): () => Promise<void> {
  let work = Promise.resolve();
  const round = (): void => {
    work = work
      .then(() => sendDue(store, { post, ...settings }))
      .then(
        (handled) => {
          if (handled > 0) log.info({ handled }, 'outgoing messages sent');
        },
        (error: unknown) => log.warn({ err: error }, 'outgoing messages could not be sent'),
      );
  };
  round();
  const timer = setInterval(round, INTERVAL).unref();
  return async () => {
    clearInterval(timer);
    await work;
  };
}

/** Redirects are not followed: an address is where its organisation said it is. */
const post: Post = async ({ endpoint, contentType, body }) => {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': contentType, accept: contentType },
    body: typeof body === 'string' ? body : new Uint8Array(body),
    redirect: 'manual',
    signal: AbortSignal.timeout(PATIENCE),
  });
  return { status: answer.status, body: await textOf(answer) };
};

async function textOf(answer: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of answer.body ?? []) {
    text += decoder.decode(chunk as Uint8Array, { stream: true });
    if (text.length > LONGEST_ANSWER) return '';
  }
  return text + decoder.decode();
}
