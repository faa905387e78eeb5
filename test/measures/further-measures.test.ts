import { describe, expect, it } from '@jest/globals';
import type { Encounter, EpisodeOfCare, Measure, Patient, Resource } from '@medplum/fhirtypes';
import { compileMeasure } from '../../src/measures/compile/compile-measure.ts';
import { measureFunctions } from '../../src/measures/compile/functions.ts';
import { measurementPeriod } from '../../src/measures/report/period.ts';
import { reportOf } from '../../src/measures/report/report.ts';
import { count, emptyTally } from '../../src/measures/report/tally.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { compileSubjectMeasure, evaluateSubject } from '../../src/measures/subjects/subject-measure.ts';
import { calendar, course, facts, nationalMeasure, patient, stay } from './support/facts.ts';

const functions = measureFunctions(calendar);
const period = measurementPeriod('2026-03', '2026-03', calendar);
const asOf = '2026-06-01T00:00:00.000Z';

function summary(measure: Measure, data: readonly Resource[], asked = asOf) {
  const compiled = compileSubjectMeasure(measure, functions);
  const tallies = compiled.groups.map((group) => emptyTally(group.stratifiers.length));
  const verdicts = evaluateSubject(
    compiled,
    { patient: patient as Patient & { id: string }, data },
    period,
    asked,
  );
  for (const verdict of verdicts) {
    expect(verdict.failure).toBeUndefined();
    count(tallies, verdict, asked);
  }
  const report = reportOf({
    measure,
    canonical: compiled.canonical,
    groups: compiled.groups,
    period,
    type: 'summary',
    date: asOf,
    tallies,
    names: new Map(),
  });
  const counts = (report.group?.[0]?.population ?? []).map((one) => one.count);
  return {
    counts,
    score: report.group?.[0]?.measureScore?.value,
    strata: report.group?.[0]?.stratifier?.map((one) => one.stratum?.[0]?.value?.text),
  };
}

const at = (id: string, start: string, end: string, more: Partial<Encounter> = {}): Encounter =>
  stay({ id, period: { start, end }, ...more });

describe('the further measures', () => {
  it('observe the hours of a stay and from end of treatment to discharge', () => {
    const measures = ['length-of-stay', 'discharge-delay'].map((id) =>
      compileMeasure(nationalMeasure(id), functions),
    );
    expect(measures.map(({ storable }) => storable)).toEqual([true, true]);
    const observed = evaluateStay(measures, facts(), { calendar }).map(
      (verdict) => verdict.groups[0]?.observation,
    );
    expect(observed).toEqual([100, 29]);
    const open = facts({
      stay: stay({ status: 'in-progress', period: { start: '2026-03-09T10:00:00+01:00' } }),
    });
    expect(
      evaluateStay(measures, open, { calendar }).map((verdict) => verdict.groups[0]?.observation),
    ).toEqual([undefined, undefined]);
  });

  it('count the courses that begin in the period', () => {
    const begun = (id: string, start: string, more: Partial<EpisodeOfCare> = {}): EpisodeOfCare => ({
      ...course,
      id,
      period: { start },
      ...more,
    });
    const data = [
      begun('a', '2026-03-01'),
      begun('b', '2026-03-31'),
      begun('c', '2026-04-01'),
      begun('d', '2026-02-28'),
      begun('e', '2026-03-05', { status: 'cancelled' }),
    ];
    expect(summary(nationalMeasure('courses'), data)).toMatchObject({
      counts: [2],
      strata: ['Region Midtjylland', 'Aarhus'],
    });
  });

  it('tell the share of new courses with a named coordinator within seven days, by the day of naming', () => {
    const measure = nationalMeasure('named-coordinator');
    const begun = (id: string, more: Partial<EpisodeOfCare> = {}): EpisodeOfCare => ({
      ...course,
      id,
      period: { start: '2026-03-02' },
      ...more,
    });
    const named = (id: string, start?: string): Resource[] => [
      begun(id, {
        careManager: { reference: 'Practitioner/kirsten' },
        team: [{ reference: `CareTeam/${id}` }],
      }),
      {
        resourceType: 'CareTeam',
        id,
        participant: [
          { member: { reference: 'Practitioner/other' }, period: { start: '2020-01-01' } },
          {
            member: { reference: 'Practitioner/kirsten' },
            ...(start === undefined ? {} : { period: { start } }),
          },
        ],
      },
    ];
    const nobody = begun('nobody', { careManager: { display: 'somebody' } });
    const inTime = named('in-time', '2026-03-09T23:30:00+01:00');
    const late = named('late', '2026-03-10T00:30:00+01:00');
    const untold = named('untold');
    expect(summary(measure, [nobody, ...inTime, ...late, ...untold])).toMatchObject({
      counts: [4, 4, 2, 0],
      score: 0.5,
    });
    const counts = (asOf: string) => summary(measure, [nobody], asOf).counts;
    expect(counts('2026-03-09T22:59:59Z')).toEqual([1, 1, 0, 1]);
    expect(counts('2026-03-09T23:00:00Z')).toEqual([1, 1, 0, 0]);
  });

  it('count readmissions within 30 days of each discharge', () => {
    const data = [
      course,
      at('first', '2026-03-01T10:00:00Z', '2026-03-05T10:00:00Z'),
      at('second', '2026-03-20T10:00:00Z', '2026-03-22T10:00:00Z'),
      at('third', '2026-04-21T10:00:00.001Z', '2026-04-23T10:00:00Z'),
    ];
    expect(summary(nationalMeasure('readmission'), data)).toMatchObject({ counts: [2, 2, 0, 1], score: 0.5 });
    const sooner = [...data.slice(0, 3), at('third', '2026-04-21T10:00:00Z', '2026-04-23T10:00:00Z')];
    expect(summary(nationalMeasure('readmission'), sooner).counts).toEqual([2, 2, 0, 2]);
  });
});
