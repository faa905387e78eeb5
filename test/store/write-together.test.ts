import { describe, expect, it } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { sqlOf } from '../../src/store/sql.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { onEveryStore, onStore } from '../support/stores.ts';

const citizen = (id: string, family: string): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
});
const put = (id: string, family: string, ifMatch?: number): Change => ({
  op: 'update',
  resource: citizen(id, family),
  ...(ifMatch === undefined ? {} : { ifMatch }),
});

async function found(store: Store, family: string): Promise<readonly string[]> {
  const { matches } = await store.search(parseSearch('Patient', [['family:exact', family]]));
  return matches.map(({ id }) => id);
}

const statusOf = (result: PromiseSettledResult<unknown>) =>
  result.status === 'fulfilled' ? 200 : (result.reason as { status?: number }).status;

/** Statements that were made for a number of writes: all versions of one statement have one transaction id. */
async function commits(store: Store): Promise<number> {
  const [row] = await sqlOf(store).query<{ n: number }>('SELECT count(DISTINCT xid) AS n FROM resource');
  return row?.n ?? 0;
}

describe('writes under way at the same time', () => {
  onEveryStore((fixture) => {
    it('share a commit, and each is stored and found by its own values', async () => {
      const store = await fixture.open();
      const ids = Array.from({ length: 40 }, (_, n) => `p${n}`);
      const written = await Promise.all(ids.map((id) => store.write(put(id, `Family${id}`))));
      expect(written.map(({ id, version, outcome }) => [id, version, outcome])).toEqual(
        ids.map((id) => [id, 1, 'created']),
      );
      expect(await commits(store)).toBe(1);
      for (const id of ['p0', 'p17', 'p39']) {
        expect(await found(store, `Family${id}`)).toEqual([id]);
        expect((await store.read('Patient', id))?.content).toBe(written[ids.indexOf(id)]?.content);
      }
    });

    it('lose no update of the same resource: every version is stored, in the order asked for', async () => {
      const store = await fixture.open();
      const names = Array.from({ length: 20 }, (_, n) => `Name${n}`);
      const written = await Promise.all(names.map((name) => store.write(put('p', name))));
      expect(written.map(({ version }) => version)).toEqual(names.map((_, n) => n + 1));
      expect(await found(store, 'Name19')).toEqual(['p']);
      expect(await found(store, 'Name18')).toEqual([]);
      const { entries } = await store.history({ type: 'Patient', id: 'p', count: 100 });
      expect(entries.map(({ content }) => JSON.parse(content).name[0].family)).toEqual(names.toReversed());
    });

    it('fail each by itself: one If-Match of many wins, an id that exists is 409, a deletion counts once', async () => {
      const store = await fixture.open();
      await store.write(put('p', 'First'));
      const results = await Promise.allSettled([
        ...Array.from({ length: 10 }, (_, n) => store.write(put('p', `Name${n}`, 1))),
        store.write({ op: 'create', resource: citizen('p', 'Again') }),
        store.write(put('q', 'Other')),
        store.write({ op: 'delete', type: 'Patient', id: 'q' }),
        store.write({ op: 'delete', type: 'Patient', id: 'q', ifMatch: 1 }),
        store.write({ op: 'create', resource: { resourceType: 'Patient', gender: 'no gender' } as never }),
      ]);
      expect(results.map(statusOf)).toEqual([200, ...Array(9).fill(412), 409, 200, 200, 412, 422]);
      expect(await found(store, 'Name0')).toEqual(['p']);
      expect(await found(store, 'Again')).toEqual([]);
      expect((await store.read('Patient', 'q'))?.deleted).toBe(true);
    });

    it('of several creations each are stored all or none: another writer does not share their fate', async () => {
      const store = await fixture.open();
      await store.write(put('old', 'Old'));
      const several = (name: string, count: number) =>
        Array.from({ length: count }, (_, n) => citizen(`${name}${n}`, name));
      const fine = await Promise.all([
        store.create(several('a', 30)),
        store.create(several('b', 170)),
        store.write(put('p', 'P')),
      ]);
      expect(fine.map((written) => [written].flat().length)).toEqual([30, 170, 1]);
      expect((await found(store, 'b')).length).toBe(50);
      // The two share a commit, or each has its own where the second came too late; the update never joins them.
      expect(await commits(store)).toBeLessThanOrEqual(4);
      const results = await Promise.allSettled([
        store.create(several('c', 5)),
        store.create([...several('d', 5), citizen('old', 'Again')]),
        store.create([citizen('p', 'Again'), ...several('e', 5)]),
        store.create([...several('f', 2), { resourceType: 'Patient', gender: 'no gender' } as never]),
        store.create([citizen('twin', 'Twin'), citizen('twin', 'Twin')]),
        store.create([]),
        store.write(put('old', 'New')),
      ]);
      expect(results.map(statusOf)).toEqual([200, 409, 409, 422, 400, 200, 200]);
      expect((await found(store, 'c')).length).toBe(5);
      for (const nobody of ['d', 'e', 'f', 'Twin', 'Again']) {
        expect(await found(store, nobody)).toEqual([]);
      }
      expect(await found(store, 'New')).toEqual(['old']);
    });

    it('survive a statement that fails for the sake of one of them', async () => {
      const store = await fixture.open();
      const sql = sqlOf(store);
      await sql.query(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'refused' USING ERRCODE = '53100'; END $$`);
      await sql.query(`CREATE TRIGGER refuse BEFORE INSERT ON resource
        FOR EACH ROW WHEN (NEW.id = 'bad') EXECUTE FUNCTION refuse()`);
      const ids = ['p1', 'p2', 'bad', 'p3'];
      const results = await Promise.allSettled(ids.map((id) => store.write(put(id, 'Same'))));
      expect(results.map(({ status }) => status)).toEqual([
        'fulfilled',
        'fulfilled',
        'rejected',
        'fulfilled',
      ]);
      expect([...(await found(store, 'Same'))].sort()).toEqual(['p1', 'p2', 'p3']);
    });

    it('tell listeners, in a transaction each', async () => {
      const store = await fixture.open();
      store.addListener({
        name: 'refusing',
        types: new Set(['Patient']),
        written: async (transaction, written) => {
          await transaction.write(
            written.map(({ id }) => ({
              op: 'update',
              resource: { resourceType: 'Basic', id, code: { text: 'heard' } },
            })),
          );
          if (written.some(({ id }) => id === 'bad')) throw new Error('refused');
        },
      });
      const results = await Promise.allSettled(['p1', 'bad', 'p2'].map((id) => store.write(put(id, 'Same'))));
      expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      const noted = await Promise.all(['p1', 'bad', 'p2'].map((id) => store.read('Basic', id)));
      expect(noted.map((version) => version?.version)).toEqual([1, undefined, 1]);
    });

    it('are refused inside a transaction, which would wait for them for ever', async () => {
      const store = await fixture.open();
      await expect(store.transaction(() => store.write(put('p', 'Inside')))).rejects.toThrow(
        'Inside a transaction',
      );
    });
  });

  onStore('PostgreSQL', (fixture) => {
    it('do not wait for a resource that another transaction holds, save the one who writes it', async () => {
      const store = await fixture.open();
      await store.write(put('held', 'First'));
      const { promise: released, resolve: release } = Promise.withResolvers<void>();
      const { promise: holding, resolve: hold } = Promise.withResolvers<void>();
      const transaction = store.transaction(async (t) => {
        await t.write([put('held', 'Second')]);
        hold();
        await released;
      });
      await holding;
      let done = false;
      const waiting = store.write(put('held', 'Third', 2)).then((written) => {
        done = true;
        return written;
      });
      for (let round = 0; round < 3; round++) {
        await Promise.all(['a', 'b'].map((id) => store.write(put(id, `Round${round}`))));
      }
      expect(done).toBe(false);
      release();
      await transaction;
      expect((await waiting).version).toBe(3);
      expect(await found(store, 'Third')).toEqual(['held']);
      expect(await found(store, 'Second')).toEqual([]);
    });
  });
});
