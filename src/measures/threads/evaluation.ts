import type { Calendar } from '../../coordination/calendar.ts';
import { digestOf } from '../../store/keys.ts';
import type { Reader } from '../../store/store.ts';
import { DEFAULT_LIMITS, EvaluationEnded, type EvaluationLimits } from './limits.ts';
import type { Answers, Emitted, Task } from './messages.ts';
import { createPool, type EvaluationPool } from './pool.ts';

const limitsOfCalendars = new WeakMap<Calendar, EvaluationLimits>();
const pools = new Map<string, EvaluationPool>();

/** Sets the limits for what is evaluated with a calendar; those that are left out keep their defaults. */
export function limitEvaluation(calendar: Calendar, limits: Partial<EvaluationLimits>): void {
  limitsOfCalendars.set(calendar, { ...DEFAULT_LIMITS, ...limits });
}

export function limitsOf(calendar: Calendar): EvaluationLimits {
  return limitsOfCalendars.get(calendar) ?? DEFAULT_LIMITS;
}

function poolOf(calendar: Calendar): EvaluationPool {
  const limits = limitsOf(calendar);
  const key = JSON.stringify([calendar.timeZone, limits]);
  let pool = pools.get(key);
  if (pool === undefined) {
    pool = createPool(calendar.timeZone, limits);
    pools.set(key, pool);
  }
  return pool;
}

/** Whether a thread is kept ready where there may soon be something to evaluate; else they end after a while. */
export function keepThreadReady(calendar: Calendar, ready: boolean): void {
  poolOf(calendar).keepReady(ready);
}

/** Does a task in a thread of its own. @throws EvaluationEnded when it takes too much; what the reader throws */
export async function evaluate<K extends Task['kind']>(
  calendar: Calendar,
  task: Extract<Task, { kind: K }>,
  reader: Reader,
  take: (value: Emitted[K]) => Promise<void> = async () => {},
): Promise<Answers[K]> {
  const guilty = task.kind === 'judge' ? undefined : condemned.find(task);
  if (guilty !== undefined) throw guilty;
  try {
    const errand = { task, reader, take: take as (value: unknown) => Promise<void> };
    return (await poolOf(calendar).perform(errand)) as Answers[K];
  } catch (error) {
    if (error instanceof EvaluationEnded && task.kind !== 'judge') condemned.add(task, error);
    throw error;
  }
}

/** The parts of a task's result as they come; leaving the loop early ends the task. */
export async function* evaluateInParts<K extends 'stays' | 'subjects'>(
  calendar: Calendar,
  task: Extract<Task, { kind: K }>,
  reader: Reader,
): AsyncGenerator<Emitted[K]> {
  const parts: { readonly value: Emitted[K]; readonly taken: PromiseWithResolvers<void> }[] = [];
  let wake = Promise.withResolvers<void>();
  let left = false;
  const end: { reached: boolean; error?: unknown } = { reached: false };
  const take = (value: Emitted[K]): Promise<void> => {
    if (left) return Promise.reject(new Error('Nobody wants the rest'));
    const taken = Promise.withResolvers<void>();
    parts.push({ value, taken });
    wake.resolve();
    return taken.promise;
  };
  evaluate<K>(calendar, task, reader, take)
    .catch((error) => {
      end.error = error;
    })
    .finally(() => {
      end.reached = true;
      wake.resolve();
    });
  try {
    for (;;) {
      for (let part = parts.shift(); part !== undefined; part = parts.shift()) {
        yield part.value;
        part.taken.resolve();
      }
      if (end.reached) break;
      await wake.promise;
      wake = Promise.withResolvers();
    }
    if (end.error !== undefined) throw end.error;
  } finally {
    left = true;
    for (const { taken } of parts) taken.reject(new Error('Nobody wants the rest'));
  }
}

/**
 * Measures whose evaluation had to be ended a moment ago: asking again at once would only take the thread from others.
 * By content: a Measure that was mended is tried.
 */
const condemned = (() => {
  const MOMENT = 60_000;
  const known = new Map<string, { readonly error: EvaluationEnded; readonly until: number }>();
  const keyFor = (task: Task): string => digestOf(JSON.stringify(task.measures));
  return {
    find(task: Task): EvaluationEnded | undefined {
      for (const [key, { until }] of known) if (until < Date.now()) known.delete(key);
      return known.size === 0 ? undefined : known.get(keyFor(task))?.error;
    },
    add(task: Task, error: EvaluationEnded): void {
      known.set(keyFor(task), { error, until: Date.now() + MOMENT });
    },
  };
})();
