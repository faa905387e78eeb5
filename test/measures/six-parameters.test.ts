import { describe, expect, it } from '@jest/globals';
import type { StayFacts } from '../../src/coordination/stay-facts.ts';
import { EXTENSION } from '../../src/fhir/canonical.ts';
import { type VerdictWord, verdictWord } from '../../src/measures/report/populations.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import type { Verdict } from '../../src/measures/stays/verdict.ts';
import {
  calendar,
  course,
  facts,
  jointPlan,
  letter,
  lettersWith,
  patient,
  SIX,
  type Six,
  services,
  six,
  stay,
} from './support/facts.ts';

function verdicts(given: StayFacts): Record<Six, Verdict> {
  const all = evaluateStay(six, given, { calendar });
  return Object.fromEntries(all.map((verdict, index) => [SIX[index], verdict])) as Record<Six, Verdict>;
}

function word(given: StayFacts, measure: Six, beforeDue = false): VerdictWord {
  const verdict = verdicts(given)[measure];
  expect(verdict.failure).toBeUndefined();
  return verdictWord(verdict.groups[0]?.bits ?? -1, beforeDue);
}

const discharge = '2026-03-13T14:00:00+01:00';

describe('the six national parameters', () => {
  it('are all met by a stay where everything was done in time', () => {
    for (const verdict of Object.values(verdicts(facts()))) {
      expect([verdict.measure, verdict.failure, verdictWord(verdict.groups[0]?.bits ?? -1, false)]).toEqual([
        verdict.measure,
        undefined,
        'met',
      ]);
    }
  });

  it('carry their reasons: anchor, due, actual, agreement and letters', () => {
    const { 'ready-for-discharge': p4 } = verdicts(facts());
    expect(p4).toMatchObject({
      member: 'Encounter/stay',
      subject: 'Patient/citizen',
      anchor: '2026-03-13T13:00:00.000Z',
      due: '2026-03-12T22:59:59.999Z',
      actual: '2026-03-12T09:00:00.000Z',
      evidence: ['Communication/ready-for-discharge-1'],
    });
    expect(p4.agreement).toMatch(/^https:\/\/overgang\.dk\/fhir\/PlanDefinition\/agreement-DK-82\|/);
    expect(p4.groups[0]?.strata).toEqual([
      'DK-82',
      '0751',
      'Organization/hospital',
      'Organization/ward',
      '75-84',
      'weekday',
      'rule',
    ]);
  });

  it('concern only stays of a citizen with a course', () => {
    const { course: _none, ...rest } = facts();
    for (const id of SIX) expect(word(rest, id)).toBe('not-applicable');
  });

  it('leave out cancelled and planned stays', () => {
    for (const status of ['planned', 'cancelled'] as const) {
      for (const id of SIX) expect(word(facts({ stay: stay({ status }) }), id)).toBe('not-applicable');
    }
  });

  it('exclude stays entered in error and acute ambulant contacts', () => {
    for (const id of SIX) {
      expect(word(facts({ stay: stay({ status: 'entered-in-error' }) }), id)).toBe('excluded');
      expect(word(facts({ stay: stay({ class: { code: 'EMER' } }) }), id)).toBe('excluded');
    }
  });

  it('exclude a death during the stay from all but the first', () => {
    const died = facts({
      stay: stay({ hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } }),
    });
    expect(SIX.map((id) => word(died, id))).toEqual([
      'met',
      'excluded',
      'excluded',
      'excluded',
      'excluded',
      'excluded',
    ]);
  });

  it('wait for the discharge, P1 excepted', () => {
    const open = facts({
      stay: stay({ status: 'in-progress', period: { start: '2026-03-09T10:00:00+01:00' } }),
    });
    expect(SIX.map((id) => word(open, id))).toEqual(['met', ...Array(5).fill('not-applicable')]);
    expect(verdicts(open)['discharge-report'].anchor).toBeUndefined();
  });

  it('are pending before their due time when not done, and not met from then on', () => {
    const nothing = facts({ exchanges: [], plans: [] });
    for (const id of SIX) {
      expect([id, word(nothing, id, true)]).toEqual([id, 'pending']);
      expect([id, word(nothing, id, false)]).toEqual([id, 'not-met']);
    }
  });
});

describe('P1, admission report', () => {
  const p1 = (exchanges: ReturnType<typeof lettersWith>, more: Partial<StayFacts> = {}): VerdictWord =>
    word(facts({ exchanges, ...more }), 'admission-report');

  it('is due when the hospital asked for it or the citizen has municipal services at admission', () => {
    expect(word(facts({ episodes: [course] }), 'admission-report')).toBe('not-applicable');
    const asked = stay({ extension: [{ url: EXTENSION.reportRequested, valueBoolean: true }] });
    expect(word(facts({ stay: asked, episodes: [course] }), 'admission-report')).toBe('met');
    const ended = { ...services, period: { start: '2025-06-01', end: '2026-03-08' } };
    expect(word(facts({ episodes: [course, ended] }), 'admission-report')).toBe('not-applicable');
    const lastDay = { ...services, period: { start: '2025-06-01', end: '2026-03-09' } };
    expect(word(facts({ episodes: [course, lastDay] }), 'admission-report')).toBe('met');
    const mistaken = { ...services, status: 'entered-in-error' as const };
    expect(word(facts({ episodes: [course, mistaken] }), 'admission-report')).toBe('not-applicable');
  });

  it('is met at the last millisecond of 24 hours and not after', () => {
    expect(p1(lettersWith('admission-report', letter('admission-report', '2026-03-10T10:00:00+01:00')))).toBe(
      'met',
    );
    expect(
      p1(lettersWith('admission-report', letter('admission-report', '2026-03-10T10:00:00.001+01:00'))),
    ).toBe('not-met');
  });

  it('does not count a report sent before the admission, but one sent inside the window beside it', () => {
    const early = letter('admission-report', '2026-03-09T09:59:59+01:00', { id: 'early' });
    const inside = letter('admission-report', '2026-03-09T10:30:00+01:00', { id: 'inside' });
    expect(p1(lettersWith('admission-report', early))).toBe('not-met');
    expect(p1(lettersWith('admission-report', early, inside))).toBe('met');
  });

  it('judges timeliness by the first letter and content by the latest', () => {
    const thin = letter('admission-report', '2026-03-09T11:00:00+01:00', {
      id: 'thin',
      sections: ['relatives'],
    });
    const full = letter('admission-report', '2026-03-20T11:00:00+01:00', { id: 'full' });
    expect(p1(lettersWith('admission-report', thin))).toBe('not-met');
    expect(p1(lettersWith('admission-report', thin, full))).toBe('met');
    const emptied = letter('admission-report', '2026-03-20T11:00:00+01:00', { id: 'emptied', sections: [] });
    expect(
      p1([
        ...lettersWith('admission-report', letter('admission-report', '2026-03-09T12:00:00+01:00')),
        emptied,
      ]),
    ).toBe('not-met');
  });

  it('tells timely and complete apart', () => {
    const thin = lettersWith(
      'admission-report',
      letter('admission-report', '2026-03-09T11:00:00+01:00', { sections: ['relatives'] }),
    );
    expect(verdicts(facts({ exchanges: thin }))['admission-report'].groups[0]?.strata.slice(0, 2)).toEqual([
      'true',
      'false',
    ]);
    const late = lettersWith('admission-report', letter('admission-report', '2026-03-12T11:00:00+01:00'));
    expect(verdicts(facts({ exchanges: late }))['admission-report'].groups[0]?.strata.slice(0, 2)).toEqual([
      'false',
      'true',
    ]);
  });

  it('counts five of the seven required sections as complete at the threshold 0.7, four as not', () => {
    const of = (count: number) =>
      lettersWith(
        'admission-report',
        letter('admission-report', '2026-03-09T11:00:00+01:00', {
          sections: [
            'relatives',
            'services',
            'medicine',
            'functional-ability',
            'cause',
            'contact',
            'aids',
          ].slice(0, count),
        }),
      );
    expect(p1(of(5))).toBe('met');
    expect(p1(of(4))).toBe('not-met');
  });
});

describe('P2, joint plan', () => {
  const p2 = (hospital?: string, municipality?: string): VerdictWord =>
    word(
      facts({ plans: [jointPlan({ ...(hospital && { hospital }), ...(municipality && { municipality }) })] }),
      'discharge-plan',
    );

  it('is met when the later of both sectors agreed before the discharge', () => {
    expect(p2('2026-03-10T09:00:00+01:00', '2026-03-13T13:59:59+01:00')).toBe('met');
    expect(p2('2026-03-10T09:00:00+01:00', discharge)).toBe('not-met');
    expect(verdicts(facts())['discharge-plan'].actual).toBe('2026-03-12T14:00:00.000Z');
  });

  it('is not met by one sector alone', () => {
    expect(p2('2026-03-10T09:00:00+01:00')).toBe('not-met');
    expect(p2(undefined, '2026-03-10T09:00:00+01:00')).toBe('not-met');
  });

  it('takes the plan that was agreed first', () => {
    const plans = [
      jointPlan({ hospital: '2026-03-20T09:00:00+01:00', municipality: '2026-03-20T09:00:00+01:00' }, 'late'),
      jointPlan(
        { hospital: '2026-03-11T09:00:00+01:00', municipality: '2026-03-11T09:00:00+01:00' },
        'first',
      ),
    ];
    expect(word(facts({ plans }), 'discharge-plan')).toBe('met');
  });

  it('excludes stays shorter than the minimum of the agreement: 24 hours, 48 in Hovedstaden', () => {
    const of = (start: string, region: string): VerdictWord =>
      word(facts({ stay: stay({ period: { start, end: discharge } }) }, region), 'discharge-plan');
    expect(of('2026-03-12T14:00:00.001+01:00', 'DK-82')).toBe('excluded');
    expect(of('2026-03-12T14:00:00+01:00', 'DK-82')).toBe('met');
    expect(of('2026-03-12T14:00:00+01:00', 'DK-84')).toBe('excluded');
    expect(of('2026-03-11T14:00:00+01:00', 'DK-84')).toBe('met');
  });
});

describe('P3, care pathway plan', () => {
  const p3 = (sent: string, region = 'DK-82'): VerdictWord =>
    word(
      facts({ exchanges: lettersWith('care-pathway-plan', letter('care-pathway-plan', sent)) }, region),
      'care-pathway-plan',
    );

  it('is met when sent before the discharge', () => {
    expect(p3('2026-03-13T13:59:59+01:00')).toBe('met');
    expect(p3(discharge)).toBe('not-met');
  });

  it('is due the day before the discharge in Hovedstaden', () => {
    expect(p3('2026-03-12T23:59:59+01:00', 'DK-84')).toBe('met');
    expect(p3('2026-03-13T00:00:00+01:00', 'DK-84')).toBe('not-met');
  });
});

describe('P4, notice of readiness', () => {
  const at = (end: string): Partial<StayFacts> => ({
    stay: stay({ extension: [{ url: EXTENSION.endOfTreatment, valueDateTime: end }] }),
  });

  it('concerns discharges on a later local day than the end of treatment', () => {
    expect(word(facts(at('2026-03-13T00:00:00+01:00')), 'ready-for-discharge')).toBe('not-applicable');
    expect(word(facts(at('2026-03-12T23:30:00+01:00')), 'ready-for-discharge')).toBe('met');
    // 23:30 UTC is half past midnight in Copenhagen: the day of the discharge.
    expect(word(facts(at('2026-03-12T23:30:00Z')), 'ready-for-discharge')).toBe('not-applicable');
  });

  it('reads the end of treatment from the notice when the stay has none', () => {
    const notice = letter('ready-for-discharge', '2026-03-12T10:00:00+01:00');
    notice.extension = [{ url: EXTENSION.endOfTreatment, valueDateTime: '2026-03-11T08:00:00+01:00' }];
    const given = facts({
      stay: stay({ extension: [] }),
      exchanges: lettersWith('ready-for-discharge', notice),
    });
    expect(verdicts(given)['ready-for-discharge'].due).toBe('2026-03-11T22:59:59.999Z');
    expect(word(given, 'ready-for-discharge')).toBe('not-met');
  });
});

describe('P5, discharge report', () => {
  const p5 = (...sent: string[]): VerdictWord =>
    word(
      facts({
        exchanges: lettersWith(
          'discharge-report',
          ...sent.map((at, index) => letter('discharge-report', at, { id: `r${index}` })),
        ),
      }),
      'discharge-report',
    );

  it('counts reports from 24 hours before the discharge to the end of its day', () => {
    expect(p5('2026-03-12T14:00:00+01:00')).toBe('met');
    expect(p5('2026-03-12T13:59:59+01:00')).toBe('not-met');
    expect(p5('2026-03-13T23:59:59.999+01:00')).toBe('met');
    expect(p5('2026-03-14T00:00:00+01:00')).toBe('not-met');
    expect(p5('2026-03-11T10:00:00+01:00', '2026-03-13T15:00:00+01:00')).toBe('met');
  });
});

describe('P6, discharge letter', () => {
  const p6 = (sent: string, recipient?: string): VerdictWord =>
    word(
      facts({
        exchanges: lettersWith(
          'discharge-letter',
          letter('discharge-letter', sent, recipient === undefined ? {} : { recipient }),
        ),
      }),
      'discharge-letter',
    );

  it('is due at the end of the third business day after the discharge', () => {
    // Discharged on Friday 13 March 2026: Monday, Tuesday, Wednesday 18 March.
    expect(p6('2026-03-18T23:59:59+01:00')).toBe('met');
    expect(p6('2026-03-19T00:00:00+01:00')).toBe('not-met');
  });

  it('counts only letters to the registered practice', () => {
    expect(p6('2026-03-16T12:00:00+01:00', 'Organization/another')).toBe('not-met');
  });

  it('concerns only citizens with a registered practice', () => {
    const { generalPractitioner: _none, ...without } = patient;
    expect(word(facts({ patient: without }), 'discharge-letter')).toBe('not-applicable');
  });
});
