import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import {
  advanceFilling,
  completeFilling,
  countEncounters,
  encountersAfter,
} from '../../store/verdicts/filling.ts';
import { lastMark, markStale } from '../../store/verdicts/stale.ts';
import { limitsOf } from '../threads/evaluation.ts';
import { inTurn } from './in-turn.ts';
import type { Kept } from './kept-measures.ts';
import { ensureRegistered, refreshUpTo } from './refresh.ts';

export interface FillOptions {
  /** Ends the work after the step in hand. */
  readonly signal?: AbortSignal;
  /** Told after each step what there is to fill. */
  readonly progress?: (filling: readonly Kept[]) => void;
}

/**
 * Makes the verdicts of Measures that are new or changed for the stays that were there before them, step by step in
 * the order of the stays' keys. A step marks its stays stale, refreshes them, and notes how far it has come: what
 * ends in between is done again from the last note on, by this process or the next one.
 * @returns whether anything was filled
 */
export async function fillVerdicts(
  store: Store,
  calendar: Calendar,
  options: FillOptions = {},
): Promise<boolean> {
  let filled = false;
  for (;;) {
    const filling = fillingOf(await ensureRegistered(store, calendar));
    if (filled) options.progress?.(filling);
    if (filling.length === 0 || options.signal?.aborted === true) return filled;
    await inTurn(store, () => fillStep(store, calendar));
    filled = true;
  }
}

/** Fills what little there is to fill, so that a small store never answers from anything but kept verdicts. */
export async function fillIfLittle(store: Store, calendar: Calendar): Promise<void> {
  const filling = fillingOf(await ensureRegistered(store, calendar));
  if (filling.length === 0) return;
  const { batch } = limitsOf(calendar);
  const some = await encountersAfter(store, lowest(filling), batch + 1);
  if (some.length <= batch) await fillVerdicts(store, calendar);
}

function fillingOf(measures: readonly Kept[]): Kept[] {
  return measures.filter(({ kept }) => kept.state === 'filling');
}

/** The Measure that has come least far goes first: the others meet it there. Undefined: it has not begun. */
function lowest(filling: readonly Kept[]): string | undefined {
  const [least] = filling.map(({ kept }) => kept.filledTo ?? '').sort();
  return least || undefined;
}

async function fillStep(store: Store, calendar: Calendar): Promise<void> {
  const filling = fillingOf(await ensureRegistered(store, calendar));
  if (filling.length === 0) return;
  const after = lowest(filling);
  // An answer that comes meanwhile waits for the step in hand.
  const { batch, threads } = limitsOf(calendar);
  const stays = await encountersAfter(store, after, batch * threads);
  const last = stays.at(-1);
  if (last === undefined) {
    await store.transaction((transaction) => completeFilling(transaction, after));
    return;
  }
  await store.transaction((transaction) =>
    markStale(
      transaction,
      stays.map(({ id }) => id),
    ),
  );
  const upTo = await lastMark(store);
  if (upTo !== undefined) await refreshUpTo(store, calendar, upTo);
  const begun = filling.find(({ kept }) => kept.filledTo === after)?.kept.total;
  const total = begun ?? (await countEncounters(store));
  await store.transaction((transaction) => advanceFilling(transaction, after, last.key, stays.length, total));
}
