import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { forEachConcurrently } from '../../src/cli/load/send-all.ts';

const later = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('work done concurrently', () => {
  it('is all done, never more at a time than allowed, and what is done without a gap only grows', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat(3), { maxLength: 30 }),
        fc.integer({ min: 1, max: 6 }),
        async (waits, concurrency) => {
          let running = 0;
          let most = 0;
          const finished = new Set<number>();
          const reported: number[] = [];
          await forEachConcurrently(
            waits,
            concurrency,
            async (wait, index) => {
              running += 1;
              most = Math.max(most, running);
              await later(wait);
              running -= 1;
              finished.add(index);
            },
            (done) => {
              reported.push(done);
              for (let index = 0; index < done; index += 1) expect(finished.has(index)).toBe(true);
            },
          );
          expect(finished.size).toBe(waits.length);
          expect(most).toBeLessThanOrEqual(concurrency);
          expect(reported).toEqual([...reported].sort((a, b) => a - b));
          expect(reported.at(-1) ?? 0).toBe(waits.length);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('stops at the first failure, waits for what runs, and reports nothing beyond the gap', async () => {
    const begun: number[] = [];
    let done = 0;
    const work = forEachConcurrently(
      [0, 1, 2, 3, 4, 5, 6, 7],
      2,
      async (item) => {
        begun.push(item);
        await later(1);
        if (item === 2) throw new Error('two');
      },
      (count) => {
        done = count;
      },
    );
    await expect(work).rejects.toThrow('two');
    expect(done).toBe(2);
    expect(begun.length).toBeLessThan(8);
  });
});
