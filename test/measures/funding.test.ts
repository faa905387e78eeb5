import { describe, expect, it } from '@jest/globals';
import type { MeasureReport } from '@medplum/fhirtypes';
import { REGIONS } from '../../src/coordination/regions.ts';
import { fundedIn, isNation } from '../../src/measures/funding.ts';
import { addFunded } from '../../src/measures/report/funded.ts';
import { fundingIn } from '../../src/measures/yearly/funding.ts';
import { unitsIn } from '../../src/measures/yearly/units.ts';
import { nationalMeasure } from './support/facts.ts';

const courses = nationalMeasure('courses');
const code = { coding: [{ code: 'initial-population' }] };

function report(start: string, end: string): MeasureReport {
  const stratum = REGIONS.map((region) => ({
    value: { coding: [{ system: region.system, code: region.code }] },
    population: [{ code, count: 1 }],
  }));
  return {
    resourceType: 'MeasureReport',
    status: 'complete',
    type: 'summary',
    measure: 'm',
    period: { start, end },
    group: [{ population: [{ code, count: 7 }], stratifier: [{ stratum }] }],
  };
}

/** The funded numbers of the whole and of the regions, in their order. */
function funded(start: string, end: string): (number | undefined)[] {
  const own = report(start, end);
  addFunded(own, courses);
  const [group] = own.group ?? [];
  const all = [group, ...(group?.stratifier?.[0]?.stratum ?? [])];
  return all.map((one) => one?.population?.[0]?.extension?.[0]?.valueInteger);
}

describe('what is funded', () => {
  it('is 10,000 courses and 32.47 mio. kr. in every year, divided among the regions of that year', () => {
    for (const year of [2013, 2026, 2027, 2030]) {
      const found = fundedIn(courses, year);
      const nation = found.filter(isNation);
      expect(nation).toMatchObject([{ courses: 10_000, regions: 9_740_000, municipalities: 22_730_000 }]);
      const regions = unitsIn(`${year}-12-31`).filter(({ level }) => level === 'region');
      const { shares } = fundingIn(courses, year, regions) ?? {};
      expect([...(shares?.coursesOf.keys() ?? [])].sort()).toEqual(regions.map(({ id }) => id).sort());
      expect([...(shares?.coursesOf.values() ?? [])].reduce((sum, one) => sum + one, 0)).toBe(10_000);
    }
    expect(fundedIn(courses, 2012)).toEqual([]);
    expect(fundingIn(courses, 2012, [])).toBeUndefined();
  });

  it('stands beside the counts of whole years, summed, and of no part of a year', () => {
    expect(funded('2026-01-01', '2026-12-31')).toEqual([10_000, 1040, 2270, 2140, 3090, 1460, undefined]);
    expect(funded('2026-01-01', '2027-12-31')).toEqual([
      20_000,
      2080,
      4540,
      4280,
      undefined,
      undefined,
      undefined,
    ]);
    expect(funded('2026-01-01', '2026-11-30').every((one) => one === undefined)).toBe(true);
    expect(funded('2012-01-01', '2013-12-31').every((one) => one === undefined)).toBe(true);
  });

  it('is what was agreed last', () => {
    const [first] = courses.extension?.filter(({ url }) => url.endsWith('/course-funding')) ?? [];
    const parts = (first?.extension ?? []).map((part) => {
      if (part.url === 'period') return { url: 'period', valuePeriod: { start: '2028' } };
      return part.url === 'courses' ? { url: 'courses', valueInteger: 12_000 } : part;
    });
    const later = {
      extension: [{ ...first, url: first?.url ?? '', extension: parts }, ...(courses.extension ?? [])],
    };
    expect([2027, 2028].map((year) => fundedIn(later, year).find(isNation)?.courses)).toEqual([
      10_000, 12_000,
    ]);
  });
});
