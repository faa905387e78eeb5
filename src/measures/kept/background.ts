import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';
import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { keepThreadReady } from '../threads/evaluation.ts';
import { fillVerdicts } from './fill.ts';
import type { Kept } from './kept-measures.ts';
import { refreshVerdicts } from './refresh.ts';

export interface BackgroundOptions {
  readonly calendar: Calendar;
  /** Milliseconds of rest between two looks; default 2,000. */
  readonly rest?: number;
  /** Milliseconds for which a round is put off at most while requests keep this thread busy; default 15,000. */
  readonly patience?: number;
  /** Told after each round that refreshed something. */
  readonly onRefreshed?: (stays: number) => void;
  /** Told after each step of filling what is left to fill. */
  readonly onFilled?: (filling: readonly Kept[]) => void;
  /** Told when a round failed; the next one tries again. */
  readonly onError?: (error: unknown) => void;
}

/** Part of its time for which a thread that is busy with requests is at work; the database works as much beside it. */
const BUSY = 0.4;
/** Milliseconds of one look at how busy the thread is. */
const LOOK = 500;

/** Tells whether this thread has been busy since it was asked last. */
function busyLook(): () => boolean {
  let before = performance.eventLoopUtilization();
  return () => {
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, before);
    before = now;
    return utilization >= BUSY;
  };
}

/**
 * Waits while this thread is busy, up to a time: in a burst the same stays become stale again and again, and whoever
 * asks for results has them refreshed first anyway.
 */
async function untilCalm(patience: number, signal: AbortSignal): Promise<void> {
  const until = performance.now() + patience;
  const busy = busyLook();
  while (!signal.aborted && performance.now() < until) {
    await wait(LOOK, undefined, { signal, ref: false }).catch(() => {});
    if (!busy()) return;
  }
}

/**
 * Refreshes stale stays in the background, so that those who ask find little left to do, and fills new Measures. What
 * was not done when the server stops is still marked, and done after the next start.
 * @returns ends it; resolves when the batch at work is committed
 */
export function refreshInBackground(store: Store, options: BackgroundOptions): () => Promise<void> {
  const stop = new AbortController();
  const { calendar, rest = 2_000, patience = 15_000, onRefreshed, onFilled, onError } = options;
  const filling = { signal: stop.signal, ...(onFilled === undefined ? {} : { progress: onFilled }) };
  // Since when something may be waiting: patience is for all that a burst puts off, however often it does.
  let since = performance.now();
  const patienceLeft = (): number => Math.max(0, since + patience - performance.now());
  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const begun = performance.now();
        const busy = busyLook();
        let whole = true;
        const putOff = (): boolean => {
          whole = patienceLeft() === 0 || !busy();
          return !whole;
        };
        const refreshed = await refreshVerdicts(store, calendar, { signal: stop.signal, putOff });
        if (whole) since = begun;
        if (refreshed > 0) onRefreshed?.(refreshed);
        await fillVerdicts(store, calendar, filling);
      } catch (error) {
        onError?.(error);
      }
      await wait(rest, undefined, { signal: stop.signal, ref: false }).catch(() => {});
      await untilCalm(patienceLeft(), stop.signal);
    }
  };
  keepThreadReady(calendar, true);
  const ended = work();
  return async () => {
    stop.abort();
    await ended;
    keepThreadReady(calendar, false);
  };
}
