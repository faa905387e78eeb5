import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { Sql } from '../../src/store/sql.ts';
import { createStatisticsKeeper } from '../../src/store/statistics.ts';
import { until } from '../support/until.ts';

/** A keeper over a database that has 2,000 resources, and how often it was analysed. */
function keeperOverNothing() {
  const counted = { analyses: 0 };
  const sql = {
    query: async (text: string) => {
      if (text.startsWith('ANALYZE')) counted.analyses += 1;
      return text.includes('reltuples') ? [{ rows: 2_000 }] : [{ tables: 'resource' }];
    },
  } as unknown as Sql;
  return { keeper: createStatisticsKeeper(sql), counted };
}

/** Until what is under way without waiting is done. */
const turn = () => new Promise((resolve) => setImmediate(resolve));

test('the first statistics come with the 2,000th change, in the middle of a burst too', async () => {
  const { keeper, counted } = keeperOverNothing();
  keeper.wrote(1_999);
  await turn();
  expect(counted.analyses).toBe(0);
  keeper.wrote(1);
  keeper.wrote(500);
  await turn();
  expect(counted.analyses).toBe(1);
  await keeper.stop();
});

test('later ones wait for the end of a burst', async () => {
  const { keeper, counted } = keeperOverNothing();
  keeper.wrote(2_000);
  await turn();
  keeper.wrote(2_000);
  for (let round = 0; round < 8; round++) {
    await wait(100);
    keeper.wrote(60);
  }
  expect(counted.analyses).toBe(1);
  const analyses = until(
    () => counted.analyses,
    (count) => count === 2,
  );
  expect(await analyses).toBe(2);
  await keeper.stop();
});

test('nor do they wait beyond twice the growth', async () => {
  const { keeper, counted } = keeperOverNothing();
  keeper.wrote(2_000);
  await turn();
  for (let round = 0; round < 12; round++) {
    keeper.wrote(500);
    await wait(100);
  }
  expect(counted.analyses).toBeGreaterThanOrEqual(2);
  await keeper.stop();
});

test('what still waits when the store is closed does not take place', async () => {
  const { keeper, counted } = keeperOverNothing();
  keeper.wrote(2_000);
  await turn();
  keeper.wrote(3_000);
  await keeper.stop();
  expect(counted.analyses).toBe(1);
});
