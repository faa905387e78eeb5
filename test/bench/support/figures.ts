import { cpus } from 'node:os';

/** A whole number from the command line, by its place after the script's name. */
export function sizeArgument(place: number, fallback: number, least = 1): number {
  const given = process.argv[place + 2];
  const value = given === undefined ? fallback : Number(given);
  if (!Number.isInteger(value) || value < least) {
    throw new RangeError(`Argument ${place + 1} must be a whole number from ${least}, not '${given}'`);
  }
  return value;
}

/** What every figure of a run depends on, in a line. */
export function machine(database: string): string {
  const all = cpus();
  return `${all.length} × ${all[0]?.model ?? 'CPU'}, Node ${process.versions.node}, PostgreSQL ${database}`;
}

/** A line of figures under a name: wide enough to stand in columns. */
export function line(name: string, ...columns: readonly string[]): void {
  console.log(`${name.padEnd(34)}${columns.map((column) => column.padStart(15)).join('')}`);
}

/** `ours` as a share of `limit`. */
export function percent(ours: number, limit: number): string {
  return `${((ours / limit) * 100).toFixed(0)} %`;
}

export function median(times: readonly number[]): number {
  return times.toSorted((one, other) => one - other)[times.length >> 1] ?? 0;
}

/** Works `lanes` at a time until the time is over. @returns works done a second */
export async function rateOf(seconds: number, lanes: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  const end = start + seconds * 1000;
  let done = 0;
  await Promise.all(
    Array.from({ length: lanes }, async () => {
      while (performance.now() < end) {
        await work();
        done += 1;
      }
    }),
  );
  return done / ((performance.now() - start) / 1000);
}
