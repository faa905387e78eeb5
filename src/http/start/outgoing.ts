import type { Bundle } from '@medplum/fhirtypes';
import type { FastifyBaseLogger } from 'fastify';
import { sendDue } from '../../medcom/outgoing/send-due.ts';
import type { Store } from '../../store/store.ts';

const INTERVAL = 60_000;
/** Milliseconds that a receiver may take to answer. */
const PATIENCE = 30_000;

/**
 * Sends queued messages now and every minute.
 * @returns ends it; what was not sent stays in the queue
 */
export function sendInBackground(store: Store, log: FastifyBaseLogger): () => Promise<void> {
  let work = Promise.resolve();
  const round = (): void => {
    work = work
      .then(() => sendDue(store, { post }))
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

async function post(endpoint: string, bundle: Bundle): Promise<Bundle | undefined> {
  const answer = await fetch(endpoint, {
    method: 'POST',
    headers: { 'content-type': 'application/fhir+json', accept: 'application/fhir+json' },
    body: JSON.stringify(bundle),
    signal: AbortSignal.timeout(PATIENCE),
  });
  if (!answer.ok) throw new Error(`The receiver answered ${answer.status}.`);
  const text = await answer.text();
  return text === '' ? undefined : (JSON.parse(text) as Bundle);
}
