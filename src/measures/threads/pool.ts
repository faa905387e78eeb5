import type { EvaluationLimits } from './limits.ts';
import { type Errand, startThread, type Thread } from './thread-handle.ts';

/** Threads that evaluate, started when there is work, ended when there has been none for a while. */
export interface EvaluationPool {
  /** Waits for a free thread. @throws EvaluationEnded, or what the store threw */
  perform(errand: Errand): Promise<unknown>;
  /** Whether one thread is kept ready when there is nothing to do. */
  keepReady(ready: boolean): void;
}

/** Milliseconds; starting one takes about a second of a processor. */
const IDLE = 30_000;

export function createPool(timeZone: string, limits: EvaluationLimits): EvaluationPool {
  const idle: { readonly thread: Thread; readonly timer: NodeJS.Timeout }[] = [];
  const waiting: ((thread: Thread) => void)[] = [];
  let count = 0;
  let ready = false;

  const acquire = (): Thread | Promise<Thread> => {
    for (;;) {
      // The one that worked last is the warmest.
      const free = idle.pop();
      if (free === undefined) break;
      clearTimeout(free.timer);
      if (free.thread.isAlive()) return free.thread;
      count -= 1;
    }
    if (count < limits.threads) {
      count += 1;
      return startThread(timeZone, limits);
    }
    return new Promise((resolve) => waiting.push(resolve));
  };
  const release = (thread: Thread): void => {
    const next = waiting.shift();
    if (!thread.isAlive()) {
      if (next === undefined) count -= 1;
      else next(startThread(timeZone, limits));
      return;
    }
    if (next !== undefined) {
      next(thread);
      return;
    }
    idle.push({ thread, timer: setTimeout(leave, IDLE, thread).unref() });
  };
  const leave = (thread: Thread): void => {
    const at = idle.findIndex((one) => one.thread === thread);
    if (at < 0 || (ready && count === 1)) return;
    idle.splice(at, 1);
    count -= 1;
    void thread.end();
  };

  return {
    keepReady(wanted) {
      ready = wanted;
      if (ready) return;
      for (const { thread, timer } of [...idle]) {
        clearTimeout(timer);
        leave(thread);
      }
    },
    async perform(errand) {
      const thread = await acquire();
      try {
        return await thread.perform(errand);
      } finally {
        release(thread);
      }
    },
  };
}
