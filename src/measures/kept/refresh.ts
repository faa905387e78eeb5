import { setImmediate as breathe } from 'node:timers/promises';
import type { Calendar } from '../../coordination/calendar.ts';
import type { StayFacts } from '../../coordination/stay-facts.ts';
import { loadStayFacts } from '../../coordination/stay-facts.ts';
import type { Store, StoreTransaction } from '../../store/store.ts';
import { replaceVerdicts } from '../../store/verdicts/rows.ts';
import { lastMark, takeStale } from '../../store/verdicts/stale.ts';
import { idsOfValues } from '../../store/verdicts/values.ts';
import { evaluateStay } from '../stays/engine.ts';
import type { Verdict } from '../stays/verdict.ts';
import { currentlyKept, type Kept, registerMeasures } from './kept-measures.ts';
import { packedRows, reasonRow, stratumValues, worthKeeping } from './packed-rows.ts';

/** Stays in one transaction: its length bounds how long others wait on a store with one connection. */
const BATCH = 100;
/** Milliseconds of evaluation after which others get their turn. */
const SLICE = 20;

const LOCK = 'measures/refresh';

export interface RefreshOptions {
  /** Told after each batch how many stays were refreshed so far. */
  readonly progress?: (refreshed: number) => void;
  /** Ends the work after the batch in hand. */
  readonly signal?: AbortSignal;
}

/**
 * Makes the verdicts of all stays that are stale now, and tells how many there were. Afterwards the kept verdicts hold
 * every fact that was committed before the call.
 *
 * A batch takes stays off the list and only then reads their facts (READ COMMITTED: each statement sees what is
 * committed by then). A fact that commits later brings a mark of its own, which this batch has not taken. Those who
 * refresh at once wait for each other by a lock, so that older verdicts never replace newer ones.
 */
export async function refreshVerdicts(
  store: Store,
  calendar: Calendar,
  options: RefreshOptions = {},
): Promise<number> {
  if ((await currentlyKept(store, calendar)) === undefined || !registered.has(store)) {
    await store.transaction((transaction) => registerMeasures(transaction, calendar));
    registered.add(store);
  }
  const upTo = await lastMark(store);
  if (upTo === undefined) {
    // A batch of somebody else may have taken the marks and not be done yet.
    await store.transaction((transaction) => transaction.lock([LOCK]));
    return 0;
  }
  let refreshed = 0;
  for (;;) {
    const batch = await store.transaction((transaction) => refreshBatch(transaction, calendar, upTo));
    refreshed += batch;
    options.progress?.(refreshed);
    if (batch === 0 || options.signal?.aborted === true) return refreshed;
  }
}

/** Stores whose Measures this process has registered: those written before there was anybody to listen count too. */
const registered = new WeakSet<Store>();

async function refreshBatch(
  transaction: StoreTransaction,
  calendar: Calendar,
  upTo: number,
): Promise<number> {
  await transaction.lock([LOCK]);
  const ids = await takeStale(transaction, BATCH, upTo);
  if (ids.length === 0) return 0;
  let kept = await currentlyKept(transaction, calendar);
  if (kept === undefined) {
    await registerMeasures(transaction, calendar);
    kept = (await currentlyKept(transaction, calendar)) ?? [];
  }
  const stays = (await loadStayFacts(transaction, ids, { calendar })).filter(isStay);
  const verdicts = await evaluateAll(stays, kept, calendar);
  const values = await idsOfValues(transaction, stratumValues([...verdicts.values()].flat()));
  const found = stays.flatMap((facts) => {
    const own = verdicts.get(facts) ?? [];
    return own.length === 0 ? [] : [{ facts, own }];
  });
  await replaceVerdicts(
    transaction,
    ids,
    found.flatMap(({ facts, own }) => packedRows(facts.stay.id, own, kept, values, calendar)),
    found.map(({ facts, own }) => reasonRow(facts, own)),
  );
  return ids.length;
}

/** Hospital stays; other encounters (a home visit) have no verdicts. */
function isStay({ stay }: StayFacts): boolean {
  return stay.class?.code === 'IMP' || stay.class?.code === 'EMER';
}

async function evaluateAll(
  stays: readonly StayFacts[],
  kept: readonly Kept[],
  calendar: Calendar,
): Promise<Map<StayFacts, Verdict[]>> {
  const measures = kept.map(({ compiled }) => compiled);
  const verdicts = new Map<StayFacts, Verdict[]>();
  let until = performance.now() + SLICE;
  for (const facts of stays) {
    verdicts.set(facts, worthKeeping(evaluateStay(measures, facts, { calendar })));
    if (performance.now() > until) {
      await breathe();
      until = performance.now() + SLICE;
    }
  }
  return verdicts;
}
