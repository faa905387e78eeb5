import type { Calendar } from '../../coordination/calendar.ts';
import type { Store } from '../../store/store.ts';
import { endMeasure, keptMeasures } from '../../store/verdicts/measures.ts';
import { replaceVerdicts } from '../../store/verdicts/rows.ts';
import { lastMark, type StaleStay, staleStays, takeMarks } from '../../store/verdicts/stale.ts';
import { idsOfValues } from '../../store/verdicts/values.ts';
import { evaluate, limitsOf } from '../threads/evaluation.ts';
import { EvaluationEnded } from '../threads/limits.ts';
import type { Judged } from '../threads/messages.ts';
import { taskMeasure } from '../threads/task-measure.ts';
import { inTurn } from './in-turn.ts';
import { type Kept, registeredMeasures, registerMeasures } from './kept-measures.ts';
import { packedRow, stratumValues } from './packed-rows.ts';

/** Parts of a batch, each a transaction: one is stored while the next is judged. */
const PARTS = 4;
/** Fewer than these are not worth a second thread. */
const LEAST = 20;

const LOCK = 'measures/refresh';

export interface RefreshOptions {
  /** Told after each batch how many stays were refreshed so far. */
  readonly progress?: (refreshed: number) => void;
  /** Ends the work after the batch in hand. */
  readonly signal?: AbortSignal;
  /** Asked after each batch whether the rest is to wait for another call. */
  readonly putOff?: () => boolean;
}

/**
 * Makes the verdicts of all stays that are stale now, and tells how many there were. Afterwards the kept verdicts hold
 * every fact that was committed before the call.
 *
 * A batch looks at marks and only then reads facts, so its verdicts are at least as new as the marks. Evaluation goes
 * on in other threads with no transaction open. The transaction that stores the verdicts takes exactly the marks that
 * were seen: a fact that commits meanwhile brings a mark of its own, which stays. Several servers on one database may
 * do the same stays at once; one whose marks somebody else has settled meanwhile stores nothing of that stay.
 */
export async function refreshVerdicts(
  store: Store,
  calendar: Calendar,
  options: RefreshOptions = {},
): Promise<number> {
  await ensureRegistered(store, calendar);
  return inTurn(store, async () => {
    const upTo = await lastMark(store);
    return upTo === undefined ? 0 : refreshUpTo(store, calendar, upTo, options);
  });
}

/**
 * Refreshes the stays with marks up to one; the caller has its turn. While the verdicts of a batch are stored, those of
 * the next are made.
 */
export async function refreshUpTo(
  store: Store,
  calendar: Calendar,
  upTo: number,
  options: RefreshOptions = {},
): Promise<number> {
  const { batch, threads } = limitsOf(calendar);
  const size = Math.ceil(batch / PARTS) * threads;
  let refreshed = 0;
  let before: { readonly stays: ReadonlySet<string>; readonly stored: Promise<number> } | undefined;
  const settle = async (): Promise<void> => {
    if (before === undefined) return;
    const { stored } = before;
    before = undefined;
    refreshed += await stored;
    options.progress?.(refreshed);
  };
  try {
    for (;;) {
      if (before !== undefined && options.putOff?.() === true) {
        await settle();
        return refreshed;
      }
      const busy: ReadonlySet<string> = before?.stays ?? new Set();
      const stale = await staleStays(store, size + busy.size, upTo);
      const stays = stale.filter(({ id }) => !busy.has(id)).slice(0, size);
      const judged = stays.length === 0 ? undefined : await judgeStays(store, calendar, stays);
      const last = before === undefined;
      await settle();
      if (options.signal?.aborted === true || (stays.length === 0 && last)) return refreshed;
      if (judged === undefined) continue;
      const stored = storeVerdicts(store, judged);
      // Whoever waits for it hears of its failure; until then it is nobody's.
      stored.catch(() => {});
      before = { stays: new Set(stays.map(({ id }) => id)), stored };
    }
  } finally {
    // Nothing goes on behind the back of who has the next turn.
    await before?.stored.catch(() => {});
  }
}

/** Stores whose Measures this process has registered: those written before there was anybody to listen count too. */
const registered = new WeakSet<Store>();

/** Whether this process knows that the stored Measures are registered, but for what changes from now on. */
export function hasRegistered(store: Store): boolean {
  return registered.has(store);
}

/** The registered Measures; registers them first when the stored ones have changed since. */
export async function ensureRegistered(store: Store, calendar: Calendar): Promise<readonly Kept[]> {
  for (let tries = 0; tries < 5; tries += 1) {
    const known = registered.has(store) ? await registeredMeasures(store, calendar) : undefined;
    if (known !== undefined) return known;
    await store.transaction((transaction) => registerMeasures(transaction, calendar));
    registered.add(store);
  }
  throw new Error('The Measures are changed faster than they can be registered');
}

interface Judgement {
  readonly measures: readonly Kept[];
  readonly stays: readonly StaleStay[];
  readonly judged: readonly Judged[];
}

/** @returns undefined when a Measure was ended: then it has to be done again without it */
async function judgeStays(
  store: Store,
  calendar: Calendar,
  stays: readonly StaleStay[],
): Promise<Judgement | undefined> {
  const measures = (await ensureRegistered(store, calendar)).filter(({ kept }) => kept.state !== 'ended');
  const judged = await judge(store, calendar, measures, stays);
  return judged === undefined ? undefined : { measures, stays, judged };
}

/** @returns how many stays' verdicts were stored; 0 when the Measures changed meanwhile: then it has to be done again */
function storeVerdicts(store: Store, { measures, stays, judged }: Judgement): Promise<number> {
  return store.transaction(async (transaction) => {
    await transaction.lock([LOCK]);
    if (!sameMeasures(measures, await keptMeasures(transaction))) return 0;
    const own = await takeMarks(transaction, stays);
    const found = judged.filter(({ reason }) => own.has(reason.id));
    const values = await idsOfValues(transaction, stratumValues(found.flatMap(({ rows }) => rows)));
    await replaceVerdicts(
      transaction,
      [...own],
      found.flatMap(({ rows, reason }) => rows.map((row) => packedRow(reason.id, row, values))),
      found.map(({ reason }) => reason),
    );
    return own.size;
  });
}

/** Whether verdicts made with some Measures may be stored while others are registered now. */
function sameMeasures(used: readonly Kept[], now: Awaited<ReturnType<typeof keptMeasures>>): boolean {
  const name = (one: Kept['kept']): string => `${one.id} ${one.digest} ${JSON.stringify(one.layout)}`;
  const current = new Set(now.filter(({ state }) => state !== 'ended').map(name));
  return current.size === used.length && used.every(({ kept }) => current.has(name(kept)));
}

/**
 * The verdicts of the stays, by as many threads as there are. A Measure that takes too much is ended, once that has
 * happened twice: a machine that stood still for a while must not cost a national parameter.
 * @returns undefined when a Measure was ended: then without it
 */
async function judge(
  store: Store,
  calendar: Calendar,
  measures: readonly Kept[],
  stays: readonly StaleStay[],
): Promise<Judged[] | undefined> {
  const texts = measures.map(({ compiled }) => taskMeasure(compiled.measure));
  const layouts = measures.map(({ kept }) => kept.layout);
  const { batch, threads } = limitsOf(calendar);
  const size = Math.max(Math.min(LEAST, batch), Math.ceil(stays.length / threads));
  const judgeSome = async (ids: readonly string[]): Promise<readonly Judged[]> => {
    const task = { kind: 'judge', measures: texts, layouts, ids } as const;
    try {
      return await evaluate(calendar, task, store);
    } catch (error) {
      if (!(error instanceof EvaluationEnded)) throw error;
      return evaluate(calendar, task, store);
    }
  };
  const some: Promise<readonly Judged[]>[] = [];
  for (let start = 0; start < stays.length; start += size) {
    some.push(judgeSome(stays.slice(start, start + size).map(({ id }) => id)));
  }
  const results = await Promise.allSettled(some);
  const failed = results.find((result) => result.status === 'rejected');
  if (failed === undefined) {
    return results.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  }
  const guilty = measures.find(({ compiled }) => compiled.canonical === failed.reason?.measure)?.kept;
  if (!(failed.reason instanceof EvaluationEnded) || guilty === undefined) throw failed.reason;
  const { reason } = failed.reason;
  await store.transaction((transaction) => endMeasure(transaction, guilty, reason));
  return undefined;
}
