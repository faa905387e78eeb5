/** Milliseconds of processor time since it was made: other work on the machine adds nothing to them. */
export interface Effort {
  /** Of this thread alone, the one that serves requests. */
  readonly thread: () => number;
  /** Of the whole process: its threads and its garbage collection. */
  readonly process: () => number;
}

export function effort(): Effort {
  const thread = process.threadCpuUsage();
  const whole = process.cpuUsage();
  const sum = ({ user, system }: { readonly user: number; readonly system: number }) =>
    (user + system) / 1000;
  return { thread: () => sum(process.threadCpuUsage(thread)), process: () => sum(process.cpuUsage(whole)) };
}

/** The least that several tries took, in milliseconds: whatever else runs on the machine only ever adds time. */
export async function quickest(tries: number, work: () => unknown): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let count = 0; count < tries; count += 1) {
    const start = performance.now();
    await work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}
