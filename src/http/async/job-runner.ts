import { setTimeout as wait } from 'node:timers/promises';
import { cancellable } from '../../store/cancellable.ts';
import {
  beatJob,
  forgetExpired,
  releaseJob,
  settleJob,
  type TakenJob,
  takeJob,
} from '../../store/jobs/jobs.ts';
import type { Store } from '../../store/store.ts';

export interface JobRunnerOptions {
  readonly store: Store;
  /**
   * Answers the request of a job over this store, which rejects once the signal tells that the job is cancelled or the
   * server stops; the answer does not matter then.
   */
  readonly answer: (store: Store, request: string, signal: AbortSignal) => Promise<string>;
  /** What is answered for a job that no server has survived. */
  readonly givenUp: () => string;
  readonly onError: (error: unknown) => void;
  /** Milliseconds between two looks for jobs that other servers left; default 5,000. */
  readonly rest?: number;
  /** Seconds without a sign of life after which a job is taken from its server; default 30. */
  readonly lease?: number;
}

export interface JobRunner {
  /** Works now on what waits. */
  kick(): void;
  /** Looks for work again and again, also for that of servers that died. */
  start(): void;
  /** Stops what works on this job; whoever deleted it calls this so that it ends at once. */
  cancel(id: string): void;
  /** Ends it all; the job in hand waits for the next server. */
  stop(): Promise<void>;
}

/** A day: long enough to fetch an answer, short enough that person data does not gather. */
const KEEP = 24 * 3600;
/** A job on which so many servers ended is the likely reason. */
const MOST_ATTEMPTS = 3;
/** Signs of life within a lease. */
const BEATS = 6;

/**
 * Works on the jobs of the store, one at a time, so that what is asked directly has the rest of the server. Their
 * state is in the database: a server that starts goes on where another one ended.
 */
export function createJobRunner(options: JobRunnerOptions): JobRunner {
  const { store, answer, givenUp, onError, rest = 5_000, lease = 30 } = options;
  const ended = new AbortController();
  let current: { readonly job: TakenJob; readonly abort: AbortController } | undefined;
  let working: Promise<void> | undefined;
  let looking: Promise<void> | undefined;

  const work = async (job: TakenJob): Promise<void> => {
    if (job.attempts > MOST_ATTEMPTS) return settleJob(store, job, givenUp(), KEEP);
    const abort = new AbortController();
    current = { job, abort };
    const beat = setInterval(
      () => {
        beatJob(store, job).then((own) => {
          if (!own) abort.abort(new Error('The job was cancelled'));
        }, onError);
      },
      (lease * 1000) / BEATS,
    ).unref();
    try {
      const text = await answer(cancellable(store, abort.signal), job.request, abort.signal);
      if (abort.signal.aborted) await releaseJob(store, job);
      else await settleJob(store, job, text, KEEP);
    } finally {
      clearInterval(beat);
      current = undefined;
    }
  };

  const workOff = async (): Promise<void> => {
    while (!ended.signal.aborted) {
      const job = await takeJob(store, lease);
      if (job === undefined) return;
      await work(job);
    }
  };

  let again = false;
  const kick = (): void => {
    again = true;
    working ??= (async () => {
      while (again) {
        again = false;
        await workOff().catch(onError);
      }
      working = undefined;
    })();
  };

  return {
    kick,
    start: () => {
      looking ??= (async () => {
        while (!ended.signal.aborted) {
          await forgetExpired(store).catch(onError);
          kick();
          await wait(rest, undefined, { signal: ended.signal, ref: false }).catch(() => {});
        }
      })();
    },
    cancel: (id) => {
      if (current?.job.id === id) current.abort.abort(new Error('The job was cancelled'));
    },
    stop: async () => {
      ended.abort();
      current?.abort.abort(new Error('The server stops'));
      await looking;
      await working;
    },
  };
}
