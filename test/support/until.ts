import { setTimeout as wait } from 'node:timers/promises';

/** What a machine that others use may need for anything that takes a moment on an idle one. */
const PATIENCE = 90_000;

/**
 * Looks again and again until what it sees is right: tests wait for a condition, never for a time.
 * @returns what was seen last; not right when it never became so, for the test to show
 */
export async function until<T>(look: () => T | Promise<T>, isRight: (seen: T) => boolean): Promise<T> {
  const deadline = performance.now() + PATIENCE;
  for (;;) {
    const seen = await look();
    if (isRight(seen) || performance.now() > deadline) return seen;
    await wait(20);
  }
}
