import { AsyncResource } from 'node:async_hooks';
import { extname } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ContentsReader, contentsOf } from '../../coordination/stay-facts.ts';
import type { Reader } from '../../store/store.ts';
import { AVERAGE_OVER, EvaluationEnded, type EvaluationLimits } from './limits.ts';
import type { FromThread, Question, Task, ToThread } from './messages.ts';
import { pulseMemory, readPulse } from './pulse.ts';
import type { ThreadData } from './thread.ts';

/** One task as whoever gave it sees it. */
export interface Errand {
  readonly task: Task;
  readonly reader: Reader;
  /** Takes a part of the result; the thread goes on when it resolves. */
  take(value: unknown): Promise<void>;
}

/** A thread at our side. It is ended, and of no further use, when a task takes more than the limits. */
export interface Thread {
  /** One at a time. @throws EvaluationEnded */
  perform(errand: Errand): Promise<unknown>;
  isAlive(): boolean;
  end(): Promise<void>;
}

/** Looks at the pulse in the time that one member may take. */
const LOOKS = 10;

interface Open extends Errand {
  resolve(answer: unknown): void;
  reject(error: unknown): void;
  /** Why the store could not answer the thread's question. */
  storeError?: unknown;
}

export function startThread(timeZone: string, limits: EvaluationLimits): Thread {
  const memory = pulseMemory();
  const pulse = readPulse(memory);
  const workerData: ThreadData = { timeZone, pulse: memory };
  const worker = new Worker(new URL(`./thread${extname(import.meta.url)}`, import.meta.url), {
    name: 'measures',
    workerData,
    resourceLimits: { maxOldGenerationSizeMb: limits.memory },
  });
  worker.unref();
  let alive = true;
  let open: Open | undefined;

  const tell = (message: ToThread): void => {
    if (alive) worker.postMessage(message);
  };
  const settle = (): Open | undefined => {
    const settled = open;
    open = undefined;
    worker.unref();
    return settled;
  };
  const end = async (): Promise<void> => {
    alive = false;
    await worker.terminate();
  };
  const blame = (measure: number, reason: string): void => {
    const settled = settle();
    const blamed = settled?.task.measures[measure];
    void end();
    settled?.reject(
      blamed === undefined
        ? new Error(`Measures cannot be evaluated: they ${reason}`)
        : new EvaluationEnded(blamed.canonical, reason),
    );
  };
  const answer = async (
    errand: Open,
    call: number,
    question: Question,
    given: readonly unknown[],
  ): Promise<void> => {
    try {
      const reader: ContentsReader = {
        ...errand.reader,
        stayContents: (ids) => contentsOf(errand.reader, ids),
      };
      const ask = reader[question] as (...given: readonly unknown[]) => Promise<unknown>;
      tell({ kind: 'reply', call, value: await ask(...given) });
    } catch (error) {
      errand.storeError = error;
      tell({ kind: 'refused', call });
    }
  };
  const takePart = async (errand: Open, call: number, value: unknown): Promise<void> => {
    try {
      await errand.take(value);
      tell({ kind: 'reply', call, value: undefined });
    } catch (error) {
      errand.storeError = error;
      tell({ kind: 'refused', call });
    }
  };
  const hear = (message: FromThread): void => {
    if (open === undefined) return;
    if (message.kind === 'ask') void answer(open, message.call, message.question, message.given);
    else if (message.kind === 'emit') void takePart(open, message.call, message.value);
    else if (message.kind === 'done') settle()?.resolve(message.answer);
    else {
      const settled = settle();
      settled?.reject(settled.storeError ?? new Error(message.message));
    }
  };
  worker.on('error', (error: Error & { code?: string }) => {
    alive = false;
    if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') {
      blame(pulse.measure, `take more than ${limits.memory} MiB of memory on one member`);
    } else settle()?.reject(error);
  });
  worker.on('exit', () => {
    alive = false;
    settle()?.reject(new Error('The thread that evaluates ended'));
  });

  return {
    isAlive: () => alive,
    end,
    async perform(errand) {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      open = { ...errand, resolve, reject };
      // What the thread asks for is asked in the name of whoever gave the task, not of who started the thread.
      worker.removeAllListeners('message');
      worker.on('message', AsyncResource.bind(hear));
      worker.ref();
      tell({ kind: 'task', task: errand.task });
      const watch = watchOver(errand.task, pulse, limits, blame);
      return promise.finally(() => clearInterval(watch));
    },
  };
}

/** Ends what takes too long: on one member, on the average member, or as a whole where somebody waits for it. */
function watchOver(
  task: Task,
  pulse: ReturnType<typeof readPulse>,
  limits: EvaluationLimits,
  blame: (measure: number, reason: string) => void,
): NodeJS.Timeout {
  const started = performance.now();
  let seen = { beat: -1, since: started };
  return setInterval(() => {
    const now = performance.now();
    const { beat, measure } = pulse;
    if (beat !== seen.beat || measure < 0) seen = { beat, since: now };
    else if (now - seen.since > limits.perMember) {
      blame(measure, `take longer than ${limits.perMember / 1000} s on one member`);
      return;
    }
    for (const index of task.measures.keys()) {
      const { milliseconds, members } = pulse.costOf(index);
      if (milliseconds > AVERAGE_OVER && milliseconds > members * limits.average) {
        blame(index, `take longer than ${limits.average} ms on the average member`);
        return;
      }
    }
    if (task.kind !== 'judge' && now - started > limits.whole) {
      blame(0, `take longer than ${limits.whole / 1000} s on all members together`);
    }
  }, limits.perMember / LOOKS).unref();
}
