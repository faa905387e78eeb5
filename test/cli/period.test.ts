import { describe, expect, it } from '@jest/globals';
import { readPeriod } from '../../src/cli/evaluate/period.ts';

describe('a period', () => {
  it.each([
    ['2026', '2026-01-01', '2026-12-31'],
    ['2026-Q1', '2026-01-01', '2026-03-31'],
    ['2026-q4', '2026-10-01', '2026-12-31'],
    ['2024-02', '2024-02-01', '2024-02-29'],
    ['2025-12', '2025-12-01', '2025-12-31'],
    ['2026-01-15..2026-02-14', '2026-01-15', '2026-02-14'],
  ])('%s is %s to %s', (text, start, end) => {
    expect(readPeriod(text)).toEqual({ start, end });
  });

  it.each(['', '26', '2026-13', '2026-Q0', '2026-01-15', '2026-01-15-2026-02-14'])('%j is none', (text) => {
    expect(() => readPeriod(text)).toThrow(/is no year/);
  });
});
