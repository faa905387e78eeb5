import { afterEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore, onStore } from '../support/stores.ts';

const original = pg.Client.prototype.query;

/** Counts what is sent to the database, each packet once. */
function countPackets(): { packets: number } {
  const seen = { packets: 0 };
  pg.Client.prototype.query = function query(this: pg.Client, ...args: unknown[]) {
    seen.packets++;
    return (original as (...all: unknown[]) => unknown).apply(this, args);
  } as typeof original;
  return seen;
}

const ADD = 'INSERT INTO setting (name, value) VALUES ($1, $2)';

const settings = async (store: Store) =>
  (
    await sqlOf(store).query<{ name: string }>(`SELECT name FROM setting WHERE name LIKE 't%' ORDER BY name`)
  ).map(({ name }) => name);

describe('the statements of a transaction', () => {
  afterEach(() => {
    pg.Client.prototype.query = original;
  });

  onEveryStore((fixture) => {
    it('run in the order given, also those that nobody waits for', async () => {
      const store = await fixture.open();
      await store.transaction(async (transaction) => {
        const sql = sqlOf(transaction);
        await sql.later(ADD, ['t1', '1']);
        const [row] = await sql.query<{ value: string }>(`SELECT value FROM setting WHERE name = 't1'`);
        expect(row?.value).toBe('1');
        await sql.later(ADD, ['t2', '2'], 'add');
        await sql.later(ADD, ['t3', '3'], 'add');
      });
      expect(await settings(store)).toEqual(['t1', 't2', 't3']);
    });

    it('are undone, all of them, by an error of one that nobody waits for', async () => {
      const store = await fixture.open();
      const failing = store.transaction(async (transaction) => {
        await sqlOf(transaction).query(ADD, ['t1', '1']);
        await sqlOf(transaction).later(ADD, ['t1', 'twice'], 'add');
        await sqlOf(transaction).later(ADD, ['t2', '2'], 'add');
      });
      await expect(failing).rejects.toMatchObject({ code: '23505' });
      expect(await settings(store)).toEqual([]);
      // Neither connection nor prepared names are left in disorder.
      await store.transaction(async (transaction) => sqlOf(transaction).later(ADD, ['t4', '4'], 'add'));
      expect(await settings(store)).toEqual(['t4']);
    });

    it('cannot be lost by swallowing an error', async () => {
      const store = await fixture.open();
      const failing = store.transaction(async (transaction) => {
        await sqlOf(transaction).query(ADD, ['t1', '1']);
        await sqlOf(transaction)
          .query('SELECT nothing FROM nowhere')
          .catch(() => undefined);
      });
      await expect(failing).rejects.toMatchObject({ code: '42P01' });
      expect(await settings(store)).toEqual([]);
    });

    it('asked side by side are answered each with its own rows', async () => {
      const store = await fixture.open();
      const rows = await store.transaction((transaction) =>
        Promise.all([1, 2, 3].map((n) => sqlOf(transaction).query('SELECT $1::integer AS n', [n], 'echo'))),
      );
      expect(rows).toEqual([[{ n: 1 }], [{ n: 2 }], [{ n: 3 }]]);
    });
  });

  onStore('PostgreSQL', (fixture) => {
    it('take no packet of their own for BEGIN, and what nobody waits for none at all', async () => {
      const store = await fixture.open();
      const seen = countPackets();
      await store.transaction(async (transaction) => {
        await Promise.all([1, 2].map((n) => sqlOf(transaction).query('SELECT $1::integer', [n])));
        await sqlOf(transaction).later(ADD, ['t1', '1']);
      });
      expect(seen.packets).toBe(2);
      await store.transaction(async () => undefined);
      expect(seen.packets).toBe(2);
    });
  });
});
