import { describe, expect, it } from '@jest/globals';
import { isAgreement } from '../../src/coordination/agreement.ts';
import { type Answer, assessInclusion } from '../../src/coordination/inclusion/assess.ts';
import type { CitizenFacts } from '../../src/coordination/inclusion/citizen-facts.ts';
import { FhirError } from '../../src/fhir/outcome.ts';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import {
  AS_OF,
  answer,
  condition,
  facts,
  file,
  frailty,
  inpatient,
  medicine,
  national,
  nordjylland,
  observation,
  SOCIAL,
} from './support/citizen-facts.ts';
import { citizen, episode } from './support/stay.ts';

describe('the criteria as published', () => {
  it('are valid PlanDefinitions and no agreements', () => {
    for (const name of ['DK', 'DK-81']) {
      expect(validateResource(file(name))).toEqual([]);
      expect(isAgreement(file(name))).toBe(false);
    }
  });

  it('of a region add to the national ones and keep the national rule', () => {
    expect(nordjylland().criteria).toHaveLength(national().criteria.length + 3);
    expect(nordjylland().rule).toBe(national().rule);
    expect(nordjylland().canonicals[0]).toBe('https://overgang.dk/fhir/PlanDefinition/inclusion-DK-81|2025');
  });
});

describe('a criterion answers yes, no or unknown', () => {
  const on = (date: string, score = 7) => ({ observations: [frailty(score, date)] });
  const ROWS: readonly (readonly [
    fact: string,
    code: string,
    more: Partial<CitizenFacts>,
    expected: Answer,
  ])[] = [
    ['a score of 6 is frail', 'frailty', on('2026-03-01', 6), 'yes'],
    ['a score of 5 is not', 'frailty', on('2026-03-01', 5), 'no'],
    ['no score is unknown', 'frailty', {}, 'unknown'],
    ['a score of a year ago still counts', 'frailty', on('2025-03-12'), 'yes'],
    ['one of a year and a day ago does not', 'frailty', on('2025-03-11'), 'unknown'],
    ['one of tomorrow does not', 'frailty', on('2026-03-13'), 'unknown'],
    ['one of some day in a month does not', 'frailty', on('2026-02'), 'unknown'],
    [
      'the latest score decides',
      'frailty',
      { observations: [frailty(7, '2026-01-01'), frailty(4, '2026-03-01'), frailty(7, '2026-02-01')] },
      'no',
    ],
    [
      'a Barthel index of 60 is reduced',
      'function',
      { observations: [observation('http://loinc.org', '96761-2', '2026-03-01', { valueInteger: 60 })] },
      'yes',
    ],
    [
      'one of 65 as a quantity is not',
      'function',
      {
        observations: [
          observation('http://loinc.org', '96761-2', '2026-03-01', { valueQuantity: { value: 65 } }),
        ],
      },
      'no',
    ],
    ['heart failure is severe', 'severe-chronic', { conditions: [condition('DI509')] }, 'yes'],
    ['knee arthrosis is not', 'severe-chronic', { conditions: [condition('DM179')] }, 'no'],
    ['no diagnoses at all is unknown', 'severe-chronic', {}, 'unknown'],
    [
      'six medicines are many',
      'polypharmacy',
      { medicines: ['A', 'B', 'C', 'D', 'E', 'F'].map((code) => medicine(code)) },
      'yes',
    ],
    [
      'five, one of them twice, are not',
      'polypharmacy',
      { medicines: ['A', 'B', 'C', 'D', 'E', 'E'].map((code) => medicine(code)) },
      'no',
    ],
    [
      'an ended one does not count',
      'polypharmacy',
      {
        medicines: ['A', 'B', 'C', 'D', 'E']
          .map((code) => medicine(code))
          .concat(medicine('F', { effectivePeriod: { end: '2026-03-11' } })),
      },
      'no',
    ],
    [
      'one that ends today does',
      'polypharmacy',
      {
        medicines: ['A', 'B', 'C', 'D', 'E']
          .map((code) => medicine(code))
          .concat(medicine('F', { effectivePeriod: { end: '2026-03-12' } })),
      },
      'yes',
    ],
    ['no list of medicines is unknown', 'polypharmacy', {}, 'unknown'],
    [
      'back on the thirtieth day is readmitted',
      'readmission',
      {
        stays: [inpatient('2026-01-01T10:00:00Z', '2026-01-05T10:00:00Z'), inpatient('2026-02-04T22:00:00Z')],
      },
      'yes',
    ],
    [
      'back on the thirty-first is not',
      'readmission',
      {
        stays: [inpatient('2026-01-01T10:00:00Z', '2026-01-05T10:00:00Z'), inpatient('2026-02-04T23:30:00Z')],
      },
      'no',
    ],
    [
      'a readmission of two years ago does not count',
      'readmission',
      {
        stays: [
          inpatient('2024-01-01T10:00:00Z', '2024-01-05T10:00:00Z'),
          inpatient('2024-01-10T10:00:00Z', '2024-01-11T10:00:00Z'),
        ],
      },
      'no',
    ],
    [
      'one stay is no readmission',
      'readmission',
      { stays: [inpatient('2026-01-01T10:00:00Z', '2026-01-05T10:00:00Z')] },
      'no',
    ],
    ['no stay known is unknown', 'readmission', {}, 'unknown'],
    [
      'ten days are a long stay',
      'long-stay',
      { stays: [inpatient('2026-01-01T23:00:00+01:00', '2026-01-11T01:00:00+01:00')] },
      'yes',
    ],
    [
      'nine days are not',
      'long-stay',
      { stays: [inpatient('2026-01-01T10:00:00Z', '2026-01-10T10:00:00Z')] },
      'no',
    ],
    [
      'a stay that lasts counts to the day of asking',
      'long-stay',
      { stays: [inpatient('2026-03-02T10:00:00Z')] },
      'yes',
    ],
    [
      'services, a stay and a practice are three sectors',
      'three-sectors',
      { stays: [inpatient('2026-03-02T10:00:00Z')], episodes: [episode('municipal-services')] },
      'yes',
    ],
    [
      'services that ended are not',
      'three-sectors',
      {
        stays: [inpatient('2026-03-02T10:00:00Z')],
        episodes: [episode('municipal-services', { period: { end: '2026-03-11' } })],
      },
      'no',
    ],
    [
      'who lives alone',
      'lives-alone',
      { observations: [observation(SOCIAL, 'lives-alone', '2026-03-01', { valueBoolean: true })] },
      'yes',
    ],
    [
      'who does not',
      'lives-alone',
      { observations: [observation(SOCIAL, 'lives-alone', '2026-03-01', { valueBoolean: false })] },
      'no',
    ],
    [
      'a death of 365 days ago is within the year',
      'bereavement',
      { observations: [observation(SOCIAL, 'spouse-died', '2026-03-01', { valueDateTime: '2025-03-12' })] },
      'yes',
    ],
    [
      'one of 366 days ago is not',
      'bereavement',
      { observations: [observation(SOCIAL, 'spouse-died', '2026-03-01', { valueDateTime: '2025-03-11' })] },
      'no',
    ],
    [
      'one of some day in a year is unknown',
      'bereavement',
      { observations: [observation(SOCIAL, 'spouse-died', '2026-03-01', { valueDateTime: '2025' })] },
      'unknown',
    ],
    ['alcohol dependence is misuse', 'substance-misuse', { conditions: [condition('DF102')] }, 'yes'],
    ['dementia reduces cognition', 'cognition', { conditions: [condition('DF009')] }, 'yes'],
    [
      'dementia with a score of 7 is severe',
      'severe-dementia',
      { conditions: [condition('DF009')], observations: [frailty(7, '2026-03-01')] },
      'yes',
    ],
    [
      'dementia without a score is unknown',
      'severe-dementia',
      { conditions: [condition('DF009')] },
      'unknown',
    ],
    [
      'a score of 7 without dementia is not',
      'severe-dementia',
      { conditions: [condition('DI509')], observations: [frailty(7, '2026-03-01')] },
      'no',
    ],
  ];

  it.each(ROWS.map(([fact, code, more, expected]) => ({ fact, code, more, expected })))(
    '$code: $fact ($expected)',
    ({ code, more, expected }) => {
      expect(answer(code, more)).toBe(expected);
    },
  );

  it('age turns on the birthday, in the time zone of Denmark', () => {
    const patient = { ...citizen(), birthDate: '1961-03-12' };
    expect(answer('under-65', { patient }, '2026-03-11T23:30:00Z')).toBe('no');
    expect(answer('under-65', { patient }, '2026-03-11T22:30:00Z')).toBe('yes');
    expect(answer('under-65', { patient: { ...patient, birthDate: '1961' } })).toBe('unknown');
  });

  it('and names what it rests on', () => {
    const score = frailty(7, '2026-03-01');
    const { answers } = assessInclusion(
      national(),
      facts({ observations: [frailty(5, '2026-01-01'), score] }),
      AS_OF,
    );
    expect(answers.find(({ criterion }) => criterion.code === 'frailty')?.evidence).toEqual([
      { reference: `Observation/${score.id}` },
    ]);
  });
});

describe('the target group', () => {
  const alone = (value: boolean) => observation(SOCIAL, 'lives-alone', '2026-03-01', { valueBoolean: value });
  const result = (more: Partial<CitizenFacts>, inclusion = national()) =>
    assessInclusion(inclusion, facts(more), AS_OF).result;
  const well = {
    conditions: [condition('DM179')],
    medicines: [medicine('A')],
    stays: [inpatient('2025-06-01T10:00:00Z', '2025-06-02T10:00:00Z')],
  };
  const barthel = observation('http://loinc.org', '96761-2', '2026-03-01', { valueInteger: 90 });

  it('is met by one criterion of health and one of the others, whatever else is unknown', () => {
    expect(result({ observations: [frailty(7, '2026-03-01'), alone(true)] })).toBe('yes');
  });

  it('is unknown while what is missing could decide, and not met when it could not', () => {
    expect(result({})).toBe('unknown');
    expect(result({ observations: [frailty(7, '2026-03-01')] })).toBe('unknown');
    expect(result({ ...well, observations: [frailty(3, '2026-03-01'), barthel, alone(true)] })).toBe('no');
  });

  it('of Nordjylland leaves out the young, and cannot be told while an exclusion is unknown', () => {
    const frail = { observations: [frailty(6, '2026-03-01'), alone(true)] };
    expect(result(frail, nordjylland())).toBe('unknown');
    expect(result({ ...frail, conditions: [condition('DI509')] }, nordjylland())).toBe('yes');
    const young = { ...citizen(), birthDate: '1980-01-01' };
    expect(result({ ...frail, conditions: [condition('DI509')], patient: young }, nordjylland())).toBe('no');
  });

  it('cannot be asked for a month', () => {
    expect(() => assessInclusion(national(), facts(), '2026-03')).toThrow(FhirError);
  });
});
