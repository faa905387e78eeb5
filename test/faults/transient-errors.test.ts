import { afterEach, describe, expect, it } from '@jest/globals';
import type { Basic, Patient } from '@medplum/fhirtypes';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';
import { injectFault, mend } from './inject-fault.ts';

const citizen = (id: string): Patient & { id: string } => ({ resourceType: 'Patient', id, gender: 'female' });
const note = (id: string): Basic & { id: string } => ({ resourceType: 'Basic', id, code: { text: 'note' } });

function addNotes(store: Store): void {
  store.addListener({
    name: 'notes',
    types: new Set(['Patient']),
    written: async (t, written) => {
      await t.write(written.map(({ id }) => ({ op: 'update', resource: note(id) })));
    },
  });
}

const work = (store: Store, id: string) =>
  store.transaction(async (t) => {
    await t.lock([id]);
    const before = await t.read('Patient', id);
    return t.write([
      { op: 'create', resource: citizen(id) },
      { op: 'update', resource: { ...citizen(`${id}-too`), active: before === undefined } },
    ]);
  });

async function versions(store: Store, id: string): Promise<readonly (number | undefined)[]> {
  const all = await Promise.all([
    store.read('Patient', id),
    store.read('Patient', `${id}-too`),
    store.read('Basic', id),
    store.read('Basic', `${id}-too`),
  ]);
  return all.map((version) => version?.version);
}

describe('transient database errors', () => {
  afterEach(mend);

  onEveryStore((fixture) => {
    it.each(['40001', '40P01'])(
      '%s at any statement, COMMIT included, is retried and stores everything once',
      async (code) => {
        const store = await fixture.open({ validate: () => [] });
        addNotes(store);
        const failedAt: string[] = [];
        for (let fault = 1; ; fault++) {
          let failed: string | undefined;
          injectFault((number, text) => {
            if (number === fault && failed === undefined) {
              failed = text;
              return code;
            }
            return undefined;
          });
          const written = await work(store, `a${fault}`);
          mend();
          expect(written.map(({ outcome }) => outcome)).toEqual(['created', 'created']);
          expect(await versions(store, `a${fault}`)).toEqual([1, 1, 1, 1]);
          if (failed === undefined) {
            break;
          }
          failedAt.push(failed);
        }
        expect(failedAt[0]).toMatch(/^BEGIN/);
        expect(failedAt.at(-1)).toBe('COMMIT');
        // BEGIN, lock, read, write, the listener's write, COMMIT.
        expect(failedAt).toHaveLength(6);
      },
    );

    it('an error that keeps coming is answered with 409, and nothing is stored', async () => {
      const store = await fixture.open({ validate: () => [] });
      addNotes(store);
      const seen = injectFault((_, text) => (text === 'COMMIT' ? '40001' : undefined));
      await expect(work(store, 'a')).rejects.toMatchObject({ status: 409 });
      mend();
      expect(seen.statements.filter((text) => text === 'COMMIT').length).toBeGreaterThan(3);
      expect(await versions(store, 'a')).toEqual([undefined, undefined, undefined, undefined]);
    });

    it('another error is not retried, and the connection serves the next', async () => {
      const store = await fixture.open({ validate: () => [] });
      const seen = injectFault((_, text) => (text.includes('write_resources') ? '53100' : undefined));
      await expect(work(store, 'a')).rejects.toMatchObject({ code: '53100' });
      mend();
      expect(seen.statements.filter((text) => text.includes('write_resources'))).toHaveLength(1);
      expect((await work(store, 'a')).map(({ version }) => version)).toEqual([1, 1]);
    });

    it('a statement that takes too long is 422 with advice', async () => {
      const store = await fixture.open({ validate: () => [] });
      injectFault((_, text) => (text.includes('FROM resource') ? '57014' : undefined));
      await expect(store.read('Patient', 'a')).rejects.toMatchObject({
        status: 422,
        message: expect.stringContaining('selective'),
      });
      await expect(store.transaction((t) => t.read('Patient', 'a'))).rejects.toMatchObject({ status: 422 });
    });
  });
});
