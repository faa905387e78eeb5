import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createJobRunner, type JobRunnerOptions } from '../../../src/http/async/job-runner.ts';
import {
  addJob,
  beatJob,
  forgetExpired,
  forgetJob,
  jobStatus,
  settleJob,
  takeJob,
} from '../../../src/store/jobs/jobs.ts';
import type { Store } from '../../../src/store/store.ts';
import { onEveryStore } from '../../support/stores.ts';

onEveryStore((fixture) => {
  const runnerOver = (store: Store, answer: JobRunnerOptions['answer'], onError = (): void => {}) =>
    createJobRunner({ store, answer, givenUp: () => 'given up', onError, rest: 10, lease: 30 });
  const added = async (store: Store, request = 'ask'): Promise<string> =>
    (await addJob(store, randomUUID(), request, 100)) as string;
  const answered = async (store: Store, id: string): Promise<string> => {
    for (;;) {
      const status = await jobStatus(store, id);
      if (status?.answer) return status.answer;
      await wait(10);
    }
  };

  describe('requests that are answered later', () => {
    it('are answered in their order, one at a time', async () => {
      const store = await fixture.open();
      const seen: string[] = [];
      let open = 0;
      const runner = runnerOver(store, async (_own, request) => {
        expect(++open).toBe(1);
        await wait(5);
        open -= 1;
        seen.push(request);
        return `${request}!`;
      });
      const ids = [await added(store, 'one'), await added(store, 'two'), await added(store, 'three')];
      runner.kick();
      expect(await Promise.all(ids.map((id) => answered(store, id)))).toEqual(['one!', 'two!', 'three!']);
      expect(seen).toEqual(['one', 'two', 'three']);
      await runner.stop();
    });

    it('are gone on with by the next server when one stops in the middle', async () => {
      const store = await fixture.open();
      const begun = Promise.withResolvers<void>();
      const first = runnerOver(store, async (own, _request, signal) => {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await own.ping();
        return 'half';
      });
      const id = await added(store);
      first.kick();
      await begun.promise;
      expect(await jobStatus(store, id)).toMatchObject({ state: 'running', answer: null });
      await first.stop();
      expect(await jobStatus(store, id)).toMatchObject({ state: 'waiting', answer: null });
      const second = runnerOver(store, async () => 'whole');
      second.start();
      expect(await answered(store, id)).toBe('whole');
      await second.stop();
    });

    it('are taken from a server that died, whose late answer is void', async () => {
      const store = await fixture.open();
      const id = await added(store);
      const dead = await takeJob(store, 30);
      expect(await takeJob(store, 30)).toBeUndefined();
      await wait(5);
      const alive = await takeJob(store, 0);
      expect([alive?.id, alive?.attempts]).toEqual([id, 2]);
      expect(await beatJob(store, dead as never)).toBe(false);
      await settleJob(store, dead as never, 'late', 60);
      expect((await jobStatus(store, id))?.state).toBe('running');
      await settleJob(store, alive as never, 'in time', 60);
      expect((await jobStatus(store, id))?.answer).toBe('in time');
    });

    it('are given up when three servers did not survive them', async () => {
      const store = await fixture.open();
      const id = await added(store);
      for (let attempt = 0; attempt < 3; attempt += 1) {
        await wait(5);
        expect((await takeJob(store, 0))?.attempts).toBe(attempt + 1);
      }
      await wait(5);
      const runner = createJobRunner({
        store,
        answer: async () => 'answered',
        givenUp: () => 'given up',
        onError: () => {},
        lease: 0,
      });
      runner.kick();
      expect(await answered(store, id)).toBe('given up');
      await runner.stop();
    });

    it('end at their next question when they are cancelled', async () => {
      const store = await fixture.open();
      const begun = Promise.withResolvers<void>();
      const refused = Promise.withResolvers<unknown>();
      const runner = runnerOver(store, async (own, _request, signal) => {
        begun.resolve();
        await new Promise((resolve) => signal.addEventListener('abort', resolve));
        await own.read('Patient', 'anna').catch(refused.resolve);
        return 'too late';
      });
      const id = await added(store);
      runner.kick();
      await begun.promise;
      expect(await forgetJob(store, id)).toBe(true);
      runner.cancel(id);
      expect(String(await refused.promise)).toContain('cancelled');
      await runner.stop();
      expect(await jobStatus(store, id)).toBeUndefined();
    });

    it('are forgotten when their time is over, and not taken while too many wait', async () => {
      const store = await fixture.open();
      const id = await added(store);
      expect(await addJob(store, randomUUID(), 'another', 1)).toBeUndefined();
      const job = await takeJob(store, 30);
      await settleJob(store, job as never, 'answer', 0);
      await wait(5);
      expect(await jobStatus(store, id)).toBeUndefined();
      await forgetExpired(store);
      expect(await forgetJob(store, id)).toBe(false);
      expect(await addJob(store, randomUUID(), 'another', 1)).toBeDefined();
    });
  });
});
