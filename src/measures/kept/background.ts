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
  /** Told after each round that refreshed something. */
  readonly onRefreshed?: (stays: number) => void;
  /** Told after each step of filling what is left to fill. */
  readonly onFilled?: (filling: readonly Kept[]) => void;
  /** Told when a round failed; the next one tries again. */
  readonly onError?: (error: unknown) => void;
}

/**
 * Refreshes stale stays in the background, so that those who ask find little left to do, and fills new Measures. What
 * was not done when the server stops is still marked, and done after the next start.
 * @returns ends it; resolves when the batch at work is committed
 */
export function refreshInBackground(store: Store, options: BackgroundOptions): () => Promise<void> {
  const stop = new AbortController();
  const { calendar, rest = 2_000, onRefreshed, onFilled, onError } = options;
  const filling = { signal: stop.signal, ...(onFilled === undefined ? {} : { progress: onFilled }) };
  const work = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      try {
        const refreshed = await refreshVerdicts(store, calendar, { signal: stop.signal });
        if (refreshed > 0) onRefreshed?.(refreshed);
        await fillVerdicts(store, calendar, filling);
      } catch (error) {
        onError?.(error);
      }
      await wait(rest, undefined, { signal: stop.signal, ref: false }).catch(() => {});
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
