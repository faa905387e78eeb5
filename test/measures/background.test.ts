import { setImmediate as turn, setTimeout as wait } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { refreshInBackground } from '../../src/measures/kept/background.ts';
import { lastMark } from '../../src/store/verdicts/stale.ts';
import { onStore } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { calendar } from './support/facts.ts';
import { aarhus, planned, profiles, put } from './support/stored.ts';

onStore('PostgreSQL', (fixture) => {
  it('verdicts are not refreshed while requests keep the thread busy, but soon after', async () => {
    const store = planned(await fixture.open());
    await put(store, ...profiles, ...aarhus);
    // The patience is longer than a slow machine takes for what the test does while the thread is busy.
    const stop = refreshInBackground(store, { calendar, rest: 10, patience: 30_000 });
    // A machine that others use makes this thread look busy: all its patience may pass before the refresh.
    const settled = () =>
      until(
        () => lastMark(store),
        (mark) => mark === undefined,
      );
    expect(await settled()).toBeUndefined();

    let busy = true;
    const requests = (async () => {
      while (busy) await turn();
    })();
    // The look at the thread that is under way now may have begun before.
    await wait(1_200);
    await put(store, ...aarhus.map((each) => ({ ...each, language: 'da' })));
    await wait(700);
    expect(await lastMark(store)).toBeDefined();

    busy = false;
    await requests;
    expect(await settled()).toBeUndefined();
    await stop();
  });
});
