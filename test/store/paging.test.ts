import { beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Patient } from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Change, Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';

const citizen = (number: number, day = number): Patient & { id: string } => ({
  resourceType: 'Patient',
  id: `c${number}`,
  name: [{ family: `Family${String(day).padStart(3, '0')}` }],
  birthDate: `1940-01-${String((day % 28) + 1).padStart(2, '0')}`,
});

const write = (store: Store, changes: readonly Change[]) => store.transaction((t) => t.write(changes));

/** Reads all pages, letting `between` disturb the store after each. */
async function readAll(
  store: Store,
  text: string,
  between: (page: number) => Promise<unknown>,
): Promise<string[]> {
  const found: string[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < 100; page++) {
    const pairs = [
      ...new URLSearchParams(text),
      ...(cursor === undefined ? [] : [['_cursor', cursor] as [string, string]]),
    ];
    const { matches, next } = await store.search(parseSearch('Patient', pairs));
    found.push(...matches.map(({ id }) => id));
    cursor = next;
    if (cursor === undefined) {
      return found;
    }
    await between(page);
  }
  throw new Error('The pages do not end');
}

const SORTS = [
  '',
  '&_sort=birthdate',
  '&_sort=-birthdate,family',
  '&_sort=-_lastUpdated',
  '&_sort=_id',
  '&_sort=family',
];

describe('pages', () => {
  onEveryStore(
    (fixture) => {
      let store: Store;

      beforeAll(async () => {
        store = await fixture.open();
      });

      beforeEach(async () => {
        const { matches } = await store.search(parseSearch('Patient', [['_count', '1000']]));
        await write(
          store,
          matches.map(({ id }) => ({ op: 'delete', type: 'Patient', id })),
        );
      });

      it.each(SORTS)(
        'inserts, updates and deletes between pages neither repeat nor lose a match (%s)',
        async (sort) => {
          const numbers = Array.from({ length: 40 }, (_, index) => index);
          await write(
            store,
            numbers.map((number) => ({ op: 'update', resource: citizen(number) })),
          );
          const found = await readAll(store, `_count=7${sort}`, async (page) => {
            // Everything moves: to the other end of the order, or away, and new ones come.
            await write(store, [
              { op: 'update', resource: citizen(page, 60 - page) },
              { op: 'update', resource: citizen(30 - page, 90 + page) },
              { op: 'update', resource: citizen(12 + page, 3) },
              { op: 'update', resource: citizen(100 + page) },
              { op: 'delete', type: 'Patient', id: `c${39 - page}` },
            ]);
          });
          const deleted = new Set(['c39', 'c38', 'c37', 'c36', 'c35', 'c34']);
          const stable = numbers.map((number) => `c${number}`).filter((id) => !deleted.has(id));
          expect(found.filter((id) => stable.includes(id)).sort()).toEqual([...stable].sort());
          expect(new Set(found).size).toBe(found.length);
        },
      );

      it('a sorted search is in the order of its first page', async () => {
        await write(
          store,
          [5, 3, 9, 1, 7].map((number) => ({ op: 'update', resource: citizen(number) })),
        );
        const found = await readAll(store, '_count=2&_sort=family', () =>
          write(store, [{ op: 'update', resource: citizen(7, 2) }]),
        );
        expect(found).toEqual(['c1', 'c3', 'c5', 'c7', 'c9']);
      });

      it('what has no value to sort by comes last', async () => {
        await write(store, [
          { op: 'update', resource: { resourceType: 'Patient', id: 'nobody', active: true } },
          { op: 'update', resource: citizen(1) },
          { op: 'update', resource: citizen(2) },
        ]);
        const none = async () => undefined;
        expect(await readAll(store, '_count=1&_sort=family', none)).toEqual(['c1', 'c2', 'nobody']);
        expect(await readAll(store, '_count=1&_sort=-family', none)).toEqual(['c2', 'c1', 'nobody']);
      });

      it('a changed page link, and one of another search, are refused', async () => {
        await write(
          store,
          [1, 2].map((number) => ({ op: 'update', resource: citizen(number) })),
        );
        const { next = '' } = await store.search(parseSearch('Patient', [['_count', '1']]));
        const [body = '', sign = ''] = next.split('.');
        const changed = Buffer.from(
          Buffer.from(body, 'base64url').toString().replace('"seq":', '"seq":9'),
        ).toString('base64url');
        for (const cursor of [`${changed}.${sign}`, 'x', `${body}.`, '']) {
          await expect(store.search(parseSearch('Patient', [['_cursor', cursor]]))).rejects.toMatchObject({
            status: 400,
          });
        }
        const other = parseSearch('Patient', [
          ['family', 'x'],
          ['_cursor', next],
        ]);
        await expect(store.search(other)).rejects.toMatchObject({ status: 400 });
      });

      it('history pages stay in place while versions are added', async () => {
        for (let day = 0; day < 6; day++) {
          await write(store, [{ op: 'update', resource: { ...citizen(1, day), id: 'h1' } }]);
        }
        const first = await store.history({ type: 'Patient', id: 'h1', count: 4 });
        await write(store, [{ op: 'delete', type: 'Patient', id: 'h1' }]);
        const second = await store.history({ type: 'Patient', id: 'h1', count: 4, cursor: first.next ?? '' });
        expect([...first.entries, ...second.entries].map(({ version }) => version)).toEqual([
          6, 5, 4, 3, 2, 1,
        ]);
        expect(second.next).toBeUndefined();
      });
    },
    { lifetime: 'block' },
  );
});
