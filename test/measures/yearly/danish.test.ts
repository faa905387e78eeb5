import { describe, expect, it } from '@jest/globals';
import {
  danishDate,
  danishInstant,
  danishMonth,
  danishNumber,
  danishPercent,
  danishPoints,
} from '../../../src/measures/yearly/danish.ts';
import { html } from '../../../src/measures/yearly/markup.ts';
import { periodsOfYear, withLonger } from '../../../src/measures/yearly/periods.ts';

describe('Danish texts', () => {
  it('write numbers with points between thousands and a decimal comma', () => {
    expect(danishNumber(1234567.891, 2)).toBe('1.234.567,89');
    expect(danishNumber(999)).toBe('999');
    expect(danishNumber(-1234.5, 1)).toBe('−1.234,5');
    expect(danishNumber(-0.04, 1)).toBe('0,0');
    expect(danishNumber(0)).toBe('0');
  });

  it('write shares as per cent with a space that does not break', () => {
    expect(danishPercent(0.8333)).toBe('83,3\u00a0%');
    expect(danishPercent(1, 0)).toBe('100\u00a0%');
    expect(danishPoints(0.012)).toBe('+1,2');
    expect(danishPoints(-0.012)).toBe('−1,2');
    expect(danishPoints(0.0001)).toBe('0,0');
  });

  it('write dates, and instants in Danish time, summer and winter', () => {
    expect(danishDate('2026-03-05')).toBe('5.\u00a0marts 2026');
    expect(danishMonth('2026-11-01')).toBe('nov. 2026');
    expect(danishMonth('2026-05-01')).toBe('maj 2026');
    expect(danishInstant('2026-07-01T12:05:00Z')).toBe('1.\u00a0juli 2026 kl.\u00a014.05');
    expect(danishInstant('2025-12-31T23:30:00Z')).toBe('1.\u00a0januar 2026 kl.\u00a000.30');
  });
});

describe('markup', () => {
  it('escapes what is put in, in text and in attributes, but not markup itself', () => {
    const name = '<b onclick="x">Ærø & \'Fanø\'';
    expect(html`<p title="${name}">${[html`<i>${name}</i>`, 3, undefined, false]}</p>`.markup).toBe(
      '<p title="&lt;b onclick=&quot;x&quot;&gt;Ærø &amp; &#39;Fanø&#39;"><i>&lt;b onclick=&quot;x&quot;&gt;Ærø &amp; &#39;Fanø&#39;</i>3</p>',
    );
  });
});

describe('the periods of a year', () => {
  it('are the year, four quarters and twelve months that make it up', () => {
    const periods = periodsOfYear(2024);
    expect(periods).toHaveLength(17);
    expect(periods.find(({ id }) => id === '2024-02')).toEqual({
      id: '2024-02',
      parent: '2024-Q1',
      kind: 'month',
      start: '2024-02-01',
      end: '2024-02-29',
    });
    expect(periods.find(({ id }) => id === '2024-Q4')).toMatchObject({
      start: '2024-10-01',
      end: '2024-12-31',
    });
    expect(withLonger(periods, '2024-11').map(({ id }) => id)).toEqual(['2024-11', '2024-Q4', '2024']);
  });
});
