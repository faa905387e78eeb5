import { describe, expect, it } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { loadConfig } from '../../src/config.ts';
import { buildApp } from '../../src/http/app.ts';
import { expectedVerdicts } from '../../src/synthetic/expected.ts';
import { planCourse } from '../../src/synthetic/plan/course.ts';
import type { PlannedCourse } from '../../src/synthetic/plan/types.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { onStore } from '../support/stores.ts';
import { deliver, keptVerdicts } from './both-ways.ts';
import { differences } from './compare.ts';

const COURSES = Number(process.env.OVERGANG_TEST_COURSES ?? 40);
const options = populationOptions({
  ...DEFAULT_REQUEST,
  // In its first course a citizen is admitted, and letters are sent, in the hour that clocks show twice.
  seed: 'letters-202',
  courses: COURSES,
  from: '2026-01-01',
  until: '2026-12-31',
  as: 'medcom',
});

/** The hour of 2026 that clocks show twice, the second time. */
const AGAIN = { from: Date.UTC(2026, 9, 25, 1), until: Date.UTC(2026, 9, 25, 2) };

/** A letter has no offset: that it was sent in the second of the two hours shows only where the stay began in it. */
const isTellable = ({ stays }: PlannedCourse): boolean =>
  stays.every(
    ({ shape, letters }) =>
      shape.admission >= AGAIN.from || letters.every(({ sent }) => sent < AGAIN.from || sent >= AGAIN.until),
  );

describe('a population in messages and letters', () => {
  it('is the same, byte for byte, for the same seed', () => {
    const few = { ...options, courses: 5 };
    expect(JSON.stringify([...generateCourses(few)])).toBe(JSON.stringify([...generateCourses(few)]));
  });

  it('tells of stays in notifications and letters alone', () => {
    const few = { ...options, courses: 16 };
    const sendings = [...generateCourses(few)].flatMap((course) => course.sendings);
    const transactions = sendings.filter((one): one is Bundle => 'type' in one && one.type === 'transaction');
    const types = transactions.flatMap((one) => one.entry?.map((entry) => entry.resource?.resourceType));
    for (const told of ['Encounter', 'Communication', 'CarePlan']) expect(types).not.toContain(told);
    expect(sendings.length).toBeGreaterThan(6 * few.courses);
  });
});

onStore('PostgreSQL', (fixture) => {
  describe('the courses of a year delivered as HospitalNotification messages and OIOXML letters', () => {
    it(
      'get exactly the verdicts, anchors and reasons of the same courses as plain FHIR, which are those planted',
      async () => {
        const all = Array.from({ length: COURSES }, (_, index) => planCourse(options, index));
        const courses = all.filter(isTellable);
        const config = loadConfig({ OVERGANG_DATA: 'memory', LOG_LEVEL: 'silent' });
        const kept = async (as: 'fhir' | 'medcom') => {
          const store = await fixture.open();
          const app = await buildApp(config, { store });
          await deliver(app, courses, as);
          const verdicts = await keptVerdicts(store, options.asOf);
          await app.close();
          return { store, verdicts };
        };
        const plain = await kept('fhir');
        const told = await kept('medcom');

        const planted = courses.flatMap(expectedVerdicts);
        const months = new Set(planted.map(({ anchor }) => anchor?.slice(0, 7)));
        for (let month = 1; month <= 12; month += 1) {
          expect(months).toContain(`2026-${String(month).padStart(2, '0')}`);
        }
        expect(await differences(told.store, planted, options.asOf)).toEqual([]);
        expect(plain.verdicts.length).toBeGreaterThan(6 * COURSES);
        expect(told.verdicts).toEqual(plain.verdicts);
      },
      300 * Math.max(1_000, COURSES),
    );
  });
});
