import { parentPort, workerData } from 'node:worker_threads';
import { createCalendar } from '../../coordination/calendar.ts';
import type { FromThread, Question, Task, ToThread } from './messages.ts';
import { writePulse } from './pulse.ts';
import { remoteReader } from './remote-reader.ts';
import { work } from './work.ts';

/**
 * A thread that evaluates Measures. Whoever started it gives it one task at a time, answers its questions to the store,
 * watches its pulse, and ends it when a criterion takes too much.
 */

/** What the thread is started with. */
export interface ThreadData {
  readonly timeZone: string;
  readonly pulse: SharedArrayBuffer;
}

const port = parentPort;
const { timeZone, pulse: memory } = workerData as ThreadData;
const calendar = createCalendar({ timeZone });
const pulse = writePulse(memory);

interface Call {
  resolve(value: unknown): void;
  reject(error: Error): void;
}
const calls = new Map<number, Call>();
let last = 0;

function call(message: (call: number) => FromThread): Promise<unknown> {
  last += 1;
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  calls.set(last, { resolve, reject });
  send(message(last));
  return promise;
}

function send(message: FromThread): void {
  port?.postMessage(message);
}

const reader = remoteReader((question: Question, given) =>
  call((number) => ({ kind: 'ask', call: number, question, given })),
);

async function perform(task: Task): Promise<void> {
  try {
    const emit = async (value: unknown): Promise<void> => {
      await call((number) => ({ kind: 'emit', call: number, value }));
    };
    send({ kind: 'done', answer: await work(task, { reader, calendar, pulse, emit }) });
  } catch (error) {
    pulse.end();
    send({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
  }
}

port?.on('message', (message: ToThread) => {
  if (message.kind === 'task') {
    void perform(message.task);
    return;
  }
  const waiting = calls.get(message.call);
  calls.delete(message.call);
  if (message.kind === 'reply') waiting?.resolve(message.value);
  else waiting?.reject(new Error('The store could not answer'));
});
