import { writeSync } from 'node:fs';
import { queueCommunication } from '../../src/medcom/outgoing/queue-communication.ts';
import { sendDue } from '../../src/medcom/outgoing/send-due.ts';
import { openStore } from '../../src/store/open.ts';

/**
 * A sender in a process of its own, to be killed: `node outgoing-sender.ts URL STEP NOW`. It dies of SIGKILL at the
 * step: `queueing` (before the transaction of $send commits), `before` or `after` the message went out (which is a
 * line on stdout).
 */
const [databaseUrl, step, now] = process.argv.slice(2) as [string, string, string];
const die = (): Promise<never> => {
  process.kill(process.pid, 'SIGKILL');
  return new Promise<never>(() => undefined);
};

const store = await openStore({ databaseUrl, connections: 2, validate: () => [] });
if (step === 'queueing') {
  await store.transaction(async (transaction) => {
    await queueCommunication(transaction, 'question', now);
    await die();
  });
}
await sendDue(store, {
  now: () => now,
  post: async ({ body }) => {
    if (step === 'before') await die();
    writeSync(1, `${body}\n`);
    return die();
  },
});
