import { describe, expect, it } from '@jest/globals';
import type { Basic, Patient, Resource } from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore, onStore } from '../support/stores.ts';

const citizen = (id: string, family = 'Hansen'): Patient & { id: string } => ({
  resourceType: 'Patient',
  id,
  name: [{ family }],
});

const basic = (id: string): Basic & { id: string } => ({ resourceType: 'Basic', id, code: { text: 'note' } });

const count = async (store: Store, type: string) =>
  (await store.search(parseSearch(type, [['_summary', 'count']]))).total;

describe('transactions', () => {
  onEveryStore((fixture) => {
    it('all of it is stored or nothing', async () => {
      const store = await fixture.open();
      const broken = store.transaction(async (t) => {
        await t.write([{ op: 'create', resource: citizen('a') }]);
        throw new Error('no');
      });
      await expect(broken).rejects.toThrow('no');
      expect(await store.read('Patient', 'a')).toBeUndefined();
      expect(await count(store, 'Patient')).toBe(0);
    });

    it('reads and searches inside see what was written before', async () => {
      const store = await fixture.open();
      await store.transaction(async (t) => {
        await t.write([{ op: 'create', resource: citizen('a') }]);
        expect((await t.read('Patient', 'a'))?.version).toBe(1);
        expect((await t.search(parseSearch('Patient', [['family', 'hansen']]))).matches).toHaveLength(1);
      });
    });

    it('the same content is no new version; changed content is, and is found by its new values only', async () => {
      const store = await fixture.open();
      const write = (resource: Patient & { id: string }) =>
        store.transaction((t) => t.write([{ op: 'update', resource }]));
      expect(await write(citizen('a'))).toMatchObject([{ outcome: 'created', version: 1 }]);
      expect(await write(citizen('a'))).toMatchObject([{ outcome: 'unchanged', version: 1 }]);
      expect(await write(citizen('a', 'Jensen'))).toMatchObject([{ outcome: 'updated', version: 2 }]);
      const found = async (family: string) =>
        (await store.search(parseSearch('Patient', [['family', family]]))).matches.length;
      expect([await found('hansen'), await found('jensen')]).toEqual([0, 1]);
    });

    it('a deleted resource is found no more, and a later update creates its next version', async () => {
      const store = await fixture.open();
      const run = (
        change: Parameters<Parameters<Parameters<Store['transaction']>[0]>[0]['write']>[0][number],
      ) => store.transaction((t) => t.write([change]));
      await run({ op: 'create', resource: citizen('a') });
      expect(await run({ op: 'delete', type: 'Patient', id: 'a' })).toMatchObject([
        { outcome: 'deleted', version: 2 },
      ]);
      expect(await run({ op: 'delete', type: 'Patient', id: 'a' })).toMatchObject([
        { outcome: 'unchanged', version: 2 },
      ]);
      expect(await store.read('Patient', 'a')).toMatchObject({ deleted: true, content: '', version: 2 });
      expect(await count(store, 'Patient')).toBe(0);
      expect((await store.readMany([{ type: 'Patient', id: 'a' }])).size).toBe(0);
      expect(await run({ op: 'update', resource: citizen('a') })).toMatchObject([
        { outcome: 'created', version: 3 },
      ]);
      expect(await count(store, 'Patient')).toBe(1);
      const { entries } = await store.history({ type: 'Patient', id: 'a', count: 10 });
      expect(entries.map(({ version, method }) => [version, method])).toEqual([
        [3, 'PUT'],
        [2, 'DELETE'],
        [1, 'POST'],
      ]);
    });

    it('refusals name the change they are about, and nothing is stored', async () => {
      const store = await fixture.open();
      await store.transaction((t) => t.write([{ op: 'create', resource: citizen('a') }]));
      const write = (changes: Parameters<Parameters<Parameters<Store['transaction']>[0]>[0]['write']>[0]) =>
        store.transaction((t) => t.write(changes));
      await expect(
        write([
          { op: 'create', resource: citizen('b') },
          { op: 'create', resource: citizen('a') },
        ]),
      ).rejects.toMatchObject({ status: 409, changeOf: [1] });
      await expect(
        write([
          { op: 'create', resource: citizen('b') },
          { op: 'update', resource: citizen('a', 'X'), ifMatch: 7 },
        ]),
      ).rejects.toMatchObject({ status: 412, changeOf: [1] });
      await expect(
        write([
          { op: 'update', resource: citizen('b') },
          { op: 'delete', type: 'Patient', id: 'b' },
        ]),
      ).rejects.toMatchObject({ status: 400, changeOf: [1] });
      await expect(
        write([
          { op: 'create', resource: citizen('b') },
          { op: 'create', resource: { resourceType: 'Patient', gender: 'x' } as unknown as Patient },
        ]),
      ).rejects.toMatchObject({ status: 422, changeOf: [1] });
      expect(await store.read('Patient', 'b')).toBeUndefined();
    });

    it('listeners hear of their types, see what was before, and may write until all is settled', async () => {
      const store = await fixture.open();
      const heard: unknown[] = [];
      store.addListener({
        name: 'notes',
        types: new Set(['Patient']),
        async written(t, written) {
          heard.push(
            written.map(({ id, outcome, previous }) => [
              id,
              outcome,
              (previous as Patient)?.name?.[0]?.family,
            ]),
          );
          await t.write(written.map(({ id }) => ({ op: 'update', resource: basic(`note-${id}`) })));
        },
      });
      store.addListener({
        name: 'refuses',
        types: new Set(['Basic']),
        async written(_, written) {
          if (written.some(({ id }) => id === 'note-bad')) {
            throw new Error('refused');
          }
        },
      });
      await store.transaction((t) => t.write([{ op: 'create', resource: citizen('a', 'Old') }]));
      await store.transaction((t) =>
        t.write([
          { op: 'update', resource: citizen('a', 'New') },
          { op: 'create', resource: basic('x') },
        ]),
      );
      await store.transaction((t) => t.write([{ op: 'update', resource: citizen('a', 'New') }]));
      expect(heard).toEqual([[['a', 'created', undefined]], [['a', 'updated', 'Old']]]);
      await expect(
        store.transaction((t) => t.write([{ op: 'create', resource: citizen('bad') }])),
      ).rejects.toThrow('refused');
      expect(await store.read('Patient', 'bad')).toBeUndefined();
      expect((await store.read('Basic', 'note-a'))?.version).toBe(1);
    });

    it('a question to the store inside a transaction is refused instead of waiting for ever', async () => {
      const store = await fixture.open();
      await expect(store.transaction(() => store.read('Patient', 'a'))).rejects.toThrow(
        'use the transaction',
      );
      await expect(store.transaction(() => store.transaction(async () => 1))).rejects.toThrow('open already');
      expect(await store.read('Patient', 'a')).toBeUndefined();
    });

    it(`${fixture.kind === 'PGlite' ? '1,000' : '10,000'} entries pass in one transaction`, async () => {
      const store = await fixture.open({ validate: () => [] });
      const size = fixture.kind === 'PGlite' ? 1_000 : 10_000;
      const resources = Array.from(
        { length: size },
        (_, index): Resource => citizen(`p${index}`, `F${index % 100}`),
      );
      const written = await store.transaction((t) =>
        t.write(resources.map((resource) => ({ op: 'create', resource }))),
      );
      expect(written).toHaveLength(size);
      const { total } = await store.search(
        parseSearch('Patient', [
          ['family', 'F7'],
          ['_total', 'accurate'],
        ]),
      );
      expect(total).toBe(size * 0.11);
    }, 120_000);
  });

  onStore('PostgreSQL', (fixture) => {
    it('concurrent updates of one resource lose none: one version each, index rows of the last only', async () => {
      const store = await fixture.open({ validate: () => [] });
      const writers = Array.from({ length: 20 }, (_, index) =>
        store.transaction((t) => t.write([{ op: 'update', resource: citizen('a', `Name${index}`) }])),
      );
      const results = (await Promise.all(writers)).flat();
      expect(results.map(({ version }) => version).sort((one, other) => one - other)).toEqual(
        results.map((_, index) => index + 1),
      );
      expect((await store.search(parseSearch('Patient', [['family', 'Name']]))).matches).toHaveLength(1);
      const last = JSON.parse((await store.read('Patient', 'a'))?.content ?? '{}') as Patient;
      const family = last.name?.[0]?.family ?? '';
      const found = await store.search(parseSearch('Patient', [['family:exact', family]]));
      expect(found.matches).toHaveLength(1);
    });

    it('of concurrent updates with the same If-Match exactly one wins', async () => {
      const store = await fixture.open({ validate: () => [] });
      await store.transaction((t) => t.write([{ op: 'create', resource: citizen('a') }]));
      const results = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          store.transaction((t) =>
            t.write([{ op: 'update', resource: citizen('a', `N${index}`), ifMatch: 1 }]),
          ),
        ),
      );
      expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      expect(results.filter((each) => each.status === 'rejected' && each.reason.status === 412)).toHaveLength(
        9,
      );
    });

    it('writers that take resources in opposite orders all succeed', async () => {
      const store = await fixture.open({ validate: () => [] });
      const names = ['a', 'b', 'c'];
      const one = (order: readonly string[], tag: string) =>
        store.transaction(async (t) => {
          for (const id of order) {
            await t.write([{ op: 'update', resource: citizen(id, tag) }]);
          }
        });
      await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          one(index % 2 === 0 ? names : [...names].reverse(), `T${index}`),
        ),
      );
      const versions = await Promise.all(names.map((id) => store.read('Patient', id)));
      expect(versions.map((version) => version?.version)).toEqual([8, 8, 8]);
    });

    it('a named lock is held until the transaction ends', async () => {
      const store = await fixture.open();
      const order: string[] = [];
      const take = (name: string) =>
        store.transaction(async (t) => {
          await t.lock(['x', 'y']);
          order.push(`${name} in`);
          await new Promise((resolve) => setTimeout(resolve, 30));
          order.push(`${name} out`);
        });
      await Promise.all([take('one'), take('two')]);
      expect([order[0]?.slice(0, 3), order[2]?.slice(0, 3)].sort()).toEqual(['one', 'two']);
      expect(order[1]).toBe(`${order[0]?.slice(0, 3)} out`);
    });
  });
});
