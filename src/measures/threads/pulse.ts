/**
 * What a thread is doing now, in memory that it shares with the one who watches: nothing has to be sent, and it can
 * be read when the thread hears nothing any more.
 */
export interface Pulse {
  /** Counts begun and ended evaluations; the same number later means that the same one still runs. */
  readonly beat: number;
  /** Index of the Measure that is evaluated, -1 when none is. */
  readonly measure: number;
  /** Milliseconds that each Measure of the task has taken so far, and on how many members. */
  costOf(measure: number): { readonly milliseconds: number; readonly members: number };
}

/** Measures whose cost is counted; those beyond are watched by the limit on one member alone. */
const COUNTED = 256;
const BYTES = 16 + COUNTED * 16;

export function pulseMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(BYTES);
}

export function readPulse(memory: SharedArrayBuffer): Pulse {
  const state = new Int32Array(memory, 0, 2);
  const costs = new Float64Array(memory, 16);
  return {
    get beat() {
      return Atomics.load(state, 0);
    },
    get measure() {
      return Atomics.load(state, 1) - 1;
    },
    costOf: (measure) => ({
      milliseconds: costs[measure * 2] ?? 0,
      members: costs[measure * 2 + 1] ?? 0,
    }),
  };
}

/** The thread's side: says which Measure it turns to. */
export interface PulseWriter {
  /** A new task: costs begin at nothing. */
  reset(): void;
  begin(measure: number): void;
  end(): void;
}

export function writePulse(memory: SharedArrayBuffer): PulseWriter {
  const state = new Int32Array(memory, 0, 2);
  const costs = new Float64Array(memory, 16);
  let current = -1;
  let since = 0;
  const settle = (now: number): void => {
    if (current < 0 || current >= COUNTED) return;
    costs[current * 2] = (costs[current * 2] ?? 0) + now - since;
    costs[current * 2 + 1] = (costs[current * 2 + 1] ?? 0) + 1;
  };
  const turnTo = (measure: number): void => {
    const now = performance.now();
    settle(now);
    current = measure;
    since = now;
    Atomics.store(state, 1, measure + 1);
    Atomics.add(state, 0, 1);
  };
  return {
    reset() {
      current = -1;
      costs.fill(0);
      turnTo(-1);
    },
    begin: turnTo,
    end: () => turnTo(-1),
  };
}
