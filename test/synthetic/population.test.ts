import { describe, expect, it } from '@jest/globals';
import type { Bundle, Encounter, Patient } from '@medplum/fhirtypes';
import { passesModulus11 } from '../../src/synthetic/cpr.ts';
import {
  DEFAULT_REQUEST,
  type GeneratedCourse,
  generateCourses,
  populationOptions,
} from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { fulfilled, readStay } from './naive-reading.ts';

const options = populationOptions({ ...DEFAULT_REQUEST, courses: 400, seed: 'facts' });
const courses: readonly GeneratedCourse[] = [...generateCourses(options)];
const bundleOf = ({ sendings }: GeneratedCourse): Bundle => sendings[0] as Bundle;
const resourcesOf = (course: GeneratedCourse) =>
  (bundleOf(course).entry ?? []).map((entry) => entry.resource!);
const all = courses.flatMap(resourcesOf);
const patients = all.filter((one): one is Patient => one.resourceType === 'Patient');
const stays = all.filter((one): one is Encounter => one.resourceType === 'Encounter');
const expected = courses.flatMap((course) => course.expected);

describe('a generated population', () => {
  it('is the same, byte for byte, for the same seed', () => {
    const again = [...generateCourses(options)];
    expect(JSON.stringify(again)).toBe(JSON.stringify(courses));
  });

  it('is another for another seed', () => {
    const [other] = generateCourses({ ...options, seed: 'other', courses: 1 });
    expect(JSON.stringify(other)).not.toBe(JSON.stringify(courses[0]));
  });

  it('keeps its first courses when more are asked for', () => {
    const few = [...generateCourses({ ...options, courses: 7 })];
    expect(JSON.stringify(few)).toBe(JSON.stringify(courses.slice(0, 7)));
  });

  it('holds only citizens of the official test kind, each once', () => {
    const numbers = patients.map((one) => one.identifier?.[0]?.value as string);
    expect(new Set(numbers).size).toBe(courses.length);
    for (const [at, cpr] of numbers.entries()) {
      expect(cpr).toMatch(/^\d{6}9\d{3}$/);
      expect(passesModulus11(cpr)).toBe(false);
      expect(patients[at]?.birthDate).toBe(`19${cpr.slice(4, 6)}-${cpr.slice(2, 4)}-${cpr.slice(0, 2)}`);
      expect(patients[at]?.name?.[0]?.given).toContain('Test');
    }
  });

  it('reaches all 98 municipalities and all five regions', () => {
    const codes = patients.map(
      (one) => one.address?.[0]?.extension?.[0]?.valueCodeableConcept?.coding?.[0]?.code,
    );
    expect(new Set(codes.filter((code) => code !== undefined)).size).toBe(98);
    expect(new Set(expected.map((one) => one.region))).toEqual(
      new Set(['DK-81', 'DK-82', 'DK-83', 'DK-84', 'DK-85']),
    );
  });

  it('refers only to what is in the course or among the shared organisations', () => {
    const shared = new Set(
      organisationBundles().flatMap((bundle) => (bundle.entry ?? []).map((entry) => entry.request?.url)),
    );
    for (const course of courses) {
      const own = new Set(bundleOf(course).entry?.map((entry) => entry.request?.url));
      const references = JSON.stringify(bundleOf(course)).matchAll(/"reference":"([^"]+)"/g);
      const lost = [...references]
        .map((match) => match[1])
        .filter((one) => !own.has(one) && !shared.has(one));
      expect(lost).toEqual([]);
    }
  });

  it('knows nothing later than its as-of time', () => {
    const later = JSON.stringify(all)
      .match(/\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?[+-]\d{2}:\d{2}/g)
      ?.filter((text) => Date.parse(text) > options.asOf + 120_000);
    expect(later).toEqual([]);
  });

  it('has transfers, leaves, deaths, weekend discharges, emergencies and stays that go on', () => {
    const discharged = stays.filter((one) => one.period?.end !== undefined);
    const weekend = discharged.filter((one) =>
      [0, 6].includes(new Date(one.period?.end as string).getUTCDay()),
    );
    expect(stays.filter((one) => (one.location?.length ?? 0) > 1).length).toBeGreaterThan(100);
    expect(stays.filter((one) => JSON.stringify(one).includes('leave-period')).length).toBeGreaterThan(2);
    expect(stays.filter((one) => one.hospitalization !== undefined).length).toBeGreaterThan(5);
    expect(weekend.length).toBeGreaterThan(20);
    expect(weekend.length).toBeLessThan(discharged.length / 4);
    expect(stays.filter((one) => one.class.code === 'EMER').length).toBeGreaterThan(20);
    expect(stays.filter((one) => one.classHistory !== undefined).length).toBeGreaterThan(50);
    expect(stays.filter((one) => one.period?.end === undefined).length).toBeGreaterThan(10);
  });

  it('has all verdicts of every measure that can have them', () => {
    // Some pairs are rare: a stay with death after the end of the treatment is one in a hundred.
    const many = [...generateCourses({ ...options, courses: 1500 })].flatMap((course) => course.expected);
    const pairs = new Set(many.map((one) => `${one.measure} ${one.verdict}`));
    for (const measure of new Set(expected.map((one) => one.measure))) {
      for (const verdict of ['met', 'not-met', 'excluded', 'not-applicable']) {
        expect(pairs).toContain(`${measure} ${verdict}`);
      }
    }
    expect(pairs).toContain('discharge-letter pending');
    expect(expected).toHaveLength(6 * stays.length);
  });
});

describe('planted verdicts', () => {
  const judged = courses.flatMap((course) =>
    course.expected
      .filter((one) => one.due !== undefined)
      .map((one) => ({ one, reading: readStay(resourcesOf(course), one.stay) })),
  );

  it('of "met" stand on something done in time', () => {
    const wrong = judged.filter(
      ({ one, reading }) =>
        one.verdict === 'met' && !fulfilled(reading, one.measure, Date.parse(one.due as string)),
    );
    expect(wrong.map(({ one }) => one)).toEqual([]);
  });

  it('of "not-met" and "pending" stand on nothing done in time', () => {
    const wrong = judged.filter(
      ({ one, reading }) =>
        one.verdict !== 'met' && fulfilled(reading, one.measure, Date.parse(one.due as string)),
    );
    expect(wrong.map(({ one }) => one)).toEqual([]);
  });

  it('are pending exactly when unfulfilled and not yet due', () => {
    for (const { one } of judged) {
      const due = Date.parse(one.due as string);
      if (one.verdict === 'pending') expect(due).toBeGreaterThan(options.asOf);
      if (one.verdict === 'not-met') expect(due).toBeLessThanOrEqual(options.asOf);
    }
  });
});

describe('a request for a population', () => {
  it.each([
    [{ courses: 0 }, /courses/],
    [{ courses: 1.5 }, /courses/],
    [{ from: '2026-02-30' }, /from: '2026-02-30'/],
    [{ from: 'yesterday' }, /from/],
    [{ from: '2026-05-01' }, /until must be later/],
    [{ asOf: '2026-03-01' }, /as-of must not be earlier/],
    [{ from: '2019-01-01' }, /2025-01-01/],
    [{ until: '2030-01-01' }, /2027-12-01/],
  ])('with %j is refused by name', (part, message) => {
    expect(() => populationOptions({ ...DEFAULT_REQUEST, ...part })).toThrow(message);
  });
});
