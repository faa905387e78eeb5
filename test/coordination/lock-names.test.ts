import { describe, expect, it } from '@jest/globals';
import { lockNames } from '../../src/coordination/lock-names.ts';

const names = (count: number) => Array.from({ length: count }, (_, number) => `stay/${number}`);

describe('the locks of stays and citizens', () => {
  it('are the same for the same name, however many others are asked for', () => {
    const all = new Set(lockNames(names(5000)));
    for (const name of names(50)) expect(all.has(lockNames([name])[0] as string)).toBe(true);
  });

  it('are never more than 1,024, and spread', () => {
    expect(lockNames(names(100_000)).length).toBe(1024);
    expect(lockNames(names(100)).length).toBeGreaterThan(80);
    expect(lockNames([])).toEqual([]);
  });
});
