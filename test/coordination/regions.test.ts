import { describe, expect, it } from '@jest/globals';
import { MUNICIPALITIES, municipality } from '../../src/coordination/municipalities.ts';
import {
  LOCAL_REGION_SYSTEM,
  REGIONS,
  regionOfMunicipality,
  regionOn,
} from '../../src/coordination/regions.ts';

const count = (day: string): Record<string, number> => {
  const counts: Record<string, number> = {};
  for (const { code } of MUNICIPALITIES) {
    const region = regionOfMunicipality(code, day)?.code ?? 'none';
    counts[region] = (counts[region] ?? 0) + 1;
  }
  return counts;
};

describe('the municipalities', () => {
  it('are 98, each once, with four digits and a name', () => {
    expect(MUNICIPALITIES).toHaveLength(98);
    expect(new Set(MUNICIPALITIES.map(({ code }) => code)).size).toBe(98);
    expect(new Set(MUNICIPALITIES.map(({ name }) => name)).size).toBe(98);
    for (const { code, name } of MUNICIPALITIES) {
      expect(code).toMatch(/^\d{4}$/);
      expect(name).toMatch(/^[A-ZÆØÅ][a-zæøå]+(-[A-ZÆØÅ][a-zæøå]+)?$/);
    }
    expect(municipality('0751')?.name).toBe('Aarhus');
  });

  it('are 29, 17, 22, 19 and 11 to a region until the end of 2026', () => {
    expect(count('2026-12-31')).toEqual({ 'DK-84': 29, 'DK-85': 17, 'DK-83': 22, 'DK-82': 19, 'DK-81': 11 });
  });

  it('of Hovedstaden and Sjælland are 46 of Region Østdanmark from 2027, the others unchanged', () => {
    expect(count('2027-01-01')).toEqual({ oestdanmark: 46, 'DK-83': 22, 'DK-82': 19, 'DK-81': 11 });
    expect(regionOfMunicipality('0101', '2027-01-01')).toMatchObject({
      system: LOCAL_REGION_SYSTEM,
      name: 'Region Østdanmark',
    });
  });

  it.each(['0411', '0956', '9999', '', '751'])('do not include %s: no region is guessed for it', (code) => {
    expect(regionOfMunicipality(code, '2026-01-01')).toBeUndefined();
  });
});

describe('a region on a day', () => {
  it('is its successor once it has ended', () => {
    expect(regionOn('DK-84', '2026-12-31')?.code).toBe('DK-84');
    expect(regionOn('DK-84', '2027-01-01')?.code).toBe('oestdanmark');
    expect(regionOn('DK-82', '2030-01-01')?.code).toBe('DK-82');
  });

  it('is unknown before it began, and for codes of nowhere', () => {
    expect(regionOn('oestdanmark', '2026-12-31')).toBeUndefined();
    expect(regionOn('SE-M', '2026-12-31')).toBeUndefined();
  });

  it('bears an ISO 3166-2 code only where ISO has given one', () => {
    for (const { system, code } of REGIONS)
      expect(system.startsWith('urn:iso')).toBe(/^DK-8[1-5]$/.test(code));
  });
});
