import { describe, expect, it } from '@jest/globals';
import pino from 'pino';
import { loadConfig } from '../../src/config.ts';
import { openServices } from '../../src/http/start/compose.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { DEFAULT_REQUEST, populationOptions } from '../../src/synthetic/population.ts';
import { onEveryStore } from '../support/stores.ts';
import { differences, loadPopulation } from './compare.ts';

/** The 2,000 on PostgreSQL; the embedded database shares the one thread with the test and gets a share. */
const MOST = Number(process.env.OVERGANG_TEST_COURSES ?? 2000);
const COURSES = { PGlite: Math.ceil(MOST / 20), PostgreSQL: MOST };

onEveryStore((fixture) => {
  describe('a synthetic quarter', () => {
    it(
      'gets from the product exactly the verdicts that were planted, course by course',
      async () => {
        const options = populationOptions({
          ...DEFAULT_REQUEST,
          seed: 'quarter',
          courses: COURSES[fixture.kind],
        });
        const store = await fixture.open();
        const config = loadConfig({ OVERGANG_DATA: 'memory' });
        await openServices(config, pino({ level: 'silent' }), { store });
        const planted = await loadPopulation(store, options);
        expect(planted.length).toBeGreaterThan(6 * options.courses);
        expect((await differences(store, planted, options.asOf)).slice(0, 5)).toEqual([]);

        const inQuarter = planted.filter(
          (one) => one.measure === 'discharge-letter' && (one.anchor ?? '') < '2026-04',
        );
        const count = (...verdicts: string[]): number =>
          inQuarter.filter((one) => verdicts.includes(one.verdict) && (one.anchor ?? '') >= '2026-01').length;
        const report = await evaluateMeasure(store, {
          measureId: 'discharge-letter',
          periodStart: '2026-01-01',
          periodEnd: '2026-03-31',
          asOf: new Date(options.asOf).toISOString(),
        });
        const counts = Object.fromEntries(
          (report.group?.[0]?.population ?? []).map((one) => [one.code?.coding?.[0]?.code, one.count]),
        );
        expect(counts).toMatchObject({
          denominator: count('met', 'not-met', 'pending', 'excluded'),
          'denominator-exclusion': count('excluded'),
          'denominator-exception': count('pending'),
          numerator: count('met'),
        });
      },
      300 * Math.max(2000, MOST),
    );
  });
});
