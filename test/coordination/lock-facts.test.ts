import { describe, expect, it } from '@jest/globals';
import { lockFacts } from '../../src/coordination/lock-facts.ts';
import type { StoreTransaction } from '../../src/store/store.ts';

type Asked = { readonly alone: readonly string[]; readonly together: readonly string[] };

function recorder(): { readonly transaction: StoreTransaction; readonly asked: Asked[] } {
  const asked: Asked[] = [];
  const lock: StoreTransaction['lock'] = async (alone, together = []) => {
    asked.push({ alone, together });
  };
  return { transaction: { lock } as StoreTransaction, asked };
}

const names = (count: number) => Array.from({ length: count }, (_, number) => `stay/${number}`);

describe('the locks of stays and citizens', () => {
  it('are single names, beside one that all hold together', async () => {
    const { transaction, asked } = recorder();
    await lockFacts(transaction, names(3));
    expect(asked).toEqual([{ alone: names(3), together: ['coordination'] }]);
  });

  it('are asked for once in a transaction', async () => {
    const { transaction, asked } = recorder();
    await lockFacts(transaction, names(3));
    await lockFacts(transaction, names(2));
    await lockFacts(transaction, names(4));
    expect(asked.map(({ alone }) => alone)).toEqual([names(3), ['stay/3']]);
  });

  it('become one lock of everything where they would be more than 200', async () => {
    const { transaction, asked } = recorder();
    await lockFacts(transaction, names(150));
    await lockFacts(transaction, names(250));
    await lockFacts(transaction, names(400));
    expect(asked.slice(1)).toEqual([{ alone: ['coordination'], together: [] }]);
  });
});
