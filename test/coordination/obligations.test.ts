import { describe, expect, it } from '@jest/globals';
import type { Encounter } from '@medplum/fhirtypes';
import { type Obligation, obligationsOf } from '../../src/coordination/obligations.ts';
import type { StayFacts } from '../../src/coordination/stay-facts.ts';
import { EXCHANGE, type ExchangeCode } from '../../src/fhir/canonical.ts';
import { calendar, factsOf } from './support/facts.ts';
import {
  ADMITTED,
  agreedDischarge,
  citizen,
  DISCHARGED,
  dischargePlan,
  endOfTreatment,
  episode,
  exchange,
  reportRequested,
  stay,
} from './support/stay.ts';

function obligation(code: ExchangeCode, more: Partial<StayFacts> = {}): Obligation {
  return obligationsOf(factsOf(more), calendar).find((one) => one.code === code) as Obligation;
}

/** Only what a reader of a worklist sees. */
function standing(code: ExchangeCode, more: Partial<StayFacts> = {}) {
  const { rule: _rule, agreement: _agreement, ...seen } = obligation(code, more) as Record<string, unknown>;
  return seen;
}

const finished = (more: Partial<Encounter> = {}) => stay({ start: ADMITTED, end: DISCHARGED }, more);
const { admissionReport, carePathwayPlan, dischargeLetter, dischargeReport, readyForDischarge } = EXCHANGE;

describe('at admission', () => {
  it('the admission report is owed within 24 hours to a citizen with municipal services', () => {
    expect(standing(admissionReport)).toEqual({
      code: admissionReport,
      standing: 'owed',
      due: '2026-03-10T09:00:00.000Z',
    });
  });

  it('it is owed when the hospital asks for it, and by nobody else', () => {
    const without = { episodes: [episode('coordination')] };
    expect(standing(admissionReport, without)).toMatchObject({
      standing: 'withdrawn',
      withdrawal: 'not-applicable',
    });
    const asked = { ...without, stay: stay({ start: ADMITTED }, { extension: [reportRequested] }) };
    expect(standing(admissionReport, asked)).toMatchObject({ standing: 'owed' });
  });

  it.each([
    ['ended before the admission', { period: { start: '2025-01-01', end: '2026-03-08' } }, 'withdrawn'],
    ['ended on the day of admission', { period: { start: '2025-01-01', end: '2026-03-09' } }, 'owed'],
    ['begin after the admission', { period: { start: '2026-03-10' } }, 'withdrawn'],
    ['were entered in error', { status: 'entered-in-error' }, 'withdrawn'],
    ['were cancelled', { status: 'cancelled' }, 'withdrawn'],
  ] as const)('services that %s: the report is %s as they say', (_fact, more, expected) => {
    const episodes = [episode('coordination'), episode('municipal-services', more)];
    expect(standing(admissionReport, { episodes })).toMatchObject({ standing: expected });
  });

  it('the plans are owed with a due time only once the discharge is agreed', () => {
    expect(standing('discharge-plan')).toEqual({ code: 'discharge-plan', standing: 'owed' });
    const agreed = stay({ start: ADMITTED }, { extension: [agreedDischarge(DISCHARGED)] });
    expect(standing('discharge-plan', { stay: agreed })).toMatchObject({ due: '2026-03-12T12:59:59.999Z' });
    expect(standing(carePathwayPlan, { stay: agreed })).toMatchObject({ due: '2026-03-12T12:59:59.999Z' });
  });

  it('what follows a discharge is not owed yet', () => {
    for (const code of [dischargeReport, dischargeLetter] as const) {
      expect(standing(code)).toEqual({ code, standing: 'withdrawn', withdrawal: 'not-yet-owed' });
    }
  });
});

describe('at discharge', () => {
  it('the report is due at the end of the day, the letter at the end of the third business day', () => {
    expect(standing(dischargeReport, { stay: finished() })).toMatchObject({
      due: '2026-03-12T22:59:59.999Z',
    });
    expect(standing(dischargeLetter, { stay: finished() })).toMatchObject({
      due: '2026-03-17T22:59:59.999Z',
    });
  });

  it('in Region Hovedstaden the care pathway plan is due the day before, and stays under 48 hours have none', () => {
    const patient = citizen('anna', '0101');
    expect(standing(carePathwayPlan, { patient, stay: finished() })).toMatchObject({
      due: '2026-03-11T22:59:59.999Z',
    });
    const short = stay({ start: '2026-03-10T14:00:01+01:00', end: DISCHARGED });
    expect(standing(carePathwayPlan, { patient, stay: short })).toMatchObject({ withdrawal: 'short-stay' });
    const enough = stay({ start: '2026-03-10T14:00:00+01:00', end: DISCHARGED });
    expect(standing(carePathwayPlan, { patient, stay: enough })).toMatchObject({ standing: 'owed' });
  });

  it('a stay of exactly the minimum is not too short, a second less is', () => {
    const at = (start: string) => standing('discharge-plan', { stay: stay({ start, end: DISCHARGED }) });
    expect(at('2026-03-11T14:00:00+01:00')).toMatchObject({ standing: 'owed' });
    expect(at('2026-03-11T14:00:01+01:00')).toMatchObject({
      standing: 'withdrawn',
      withdrawal: 'short-stay',
    });
  });

  it('a citizen without a general practice is owed no letter', () => {
    const { generalPractitioner: _practice, ...patient } = citizen();
    expect(standing(dischargeLetter, { stay: finished(), patient })).toMatchObject({
      withdrawal: 'not-applicable',
    });
  });

  it('death leaves only the admission report owed', () => {
    const dead = finished({ hospitalization: { dischargeDisposition: { coding: [{ code: 'exp' }] } } });
    const owed = obligationsOf(factsOf({ stay: dead }), calendar).filter(
      (one) => one.standing !== 'withdrawn',
    );
    expect(owed.map(({ code }) => code)).toEqual([admissionReport]);
  });
});

describe('the ready-for-discharge notice', () => {
  const withEnd = (time: string, end = DISCHARGED) =>
    standing(readyForDischarge, {
      stay: stay({ start: ADMITTED, end }, { extension: [endOfTreatment(time)] }),
    });

  it('is owed when the discharge is on a later local day than the end of treatment, by the end of that day', () => {
    expect(withEnd('2026-03-11T09:00:00+01:00')).toMatchObject({
      standing: 'owed',
      due: '2026-03-11T22:59:59.999Z',
    });
    expect(withEnd('2026-03-12T00:30:00+01:00')).toMatchObject({
      standing: 'withdrawn',
      withdrawal: 'not-applicable',
    });
    expect(withEnd('2026-03-11T23:30:00Z')).toMatchObject({ standing: 'withdrawn' });
  });

  it('is owed before the discharge when the agreed one is later', () => {
    const extension = [endOfTreatment('2026-03-11T09:00:00+01:00'), agreedDischarge(DISCHARGED)];
    expect(standing(readyForDischarge, { stay: stay({ start: ADMITTED }, { extension }) })).toMatchObject({
      standing: 'owed',
    });
  });

  it('takes its anchor from the latest notice, else from the discharge report, where the stay has none', () => {
    const notice = (sent: string, time: string) =>
      exchange(readyForDischarge, sent, { extension: [endOfTreatment(time)] });
    const report = exchange(dischargeReport, DISCHARGED, {
      extension: [endOfTreatment('2026-03-10T09:00:00+01:00')],
    });
    expect(standing(readyForDischarge, { stay: finished(), exchanges: [report] })).toMatchObject({
      due: '2026-03-10T22:59:59.999Z',
    });
    const exchanges = [
      notice('2026-03-10T10:00:00+01:00', '2026-03-10T10:00:00+01:00'),
      notice('2026-03-11T10:00:00+01:00', '2026-03-11T10:00:00+01:00'),
      report,
    ];
    expect(standing(readyForDischarge, { stay: finished(), exchanges })).toMatchObject({
      due: '2026-03-11T22:59:59.999Z',
    });
  });
});

describe('an obligation is fulfilled', () => {
  it('by the first of its kind, in time or late, and says by which and when', () => {
    const exchanges = [
      exchange(dischargeReport, '2026-03-13T09:00:00+01:00'),
      exchange(dischargeReport, '2026-03-14T09:00:00+01:00'),
    ];
    expect(standing(dischargeReport, { stay: finished(), exchanges })).toMatchObject({
      standing: 'fulfilled',
      due: '2026-03-12T22:59:59.999Z',
      fulfilment: { by: { reference: `Communication/${exchanges[0]?.id}` }, at: '2026-03-13T09:00:00+01:00' },
    });
  });

  it('not by a report from before the earliest time, but by one at it', () => {
    const at = (sent: string) =>
      standing(dischargeReport, { stay: finished(), exchanges: [exchange(dischargeReport, sent)] });
    expect(at('2026-03-11T13:59:59+01:00')).toMatchObject({ standing: 'owed' });
    expect(at('2026-03-11T14:00:00+01:00')).toMatchObject({ standing: 'fulfilled' });
    const early = [exchange(admissionReport, '2026-03-09T09:59:59+01:00')];
    expect(standing(admissionReport, { exchanges: early })).toMatchObject({ standing: 'owed' });
  });

  it('not by one that is not completed, of another kind or without a time', () => {
    const { sent: _sent, ...timeless } = exchange(dischargeReport, DISCHARGED);
    for (const other of [
      exchange(dischargeReport, DISCHARGED, { status: 'preparation' }),
      exchange(dischargeLetter, DISCHARGED),
      timeless,
    ]) {
      expect(standing(dischargeReport, { stay: finished(), exchanges: [other] })).toMatchObject({
        standing: 'owed',
      });
    }
  });

  it('at the time it was received when the time it was sent is not known', () => {
    const { sent: _sent, ...received } = exchange(dischargeReport, DISCHARGED, {
      received: '2026-03-12T15:00:00+01:00',
    });
    expect(standing(dischargeReport, { stay: finished(), exchanges: [received] })).toMatchObject({
      fulfilment: { at: '2026-03-12T15:00:00+01:00' },
    });
  });

  it('the letter only when it went to the citizen’s practice, by reference or by ydernummer', () => {
    const to = (recipient: object) =>
      standing(dischargeLetter, {
        stay: finished(),
        exchanges: [exchange(dischargeLetter, DISCHARGED, { recipient: [recipient] })],
      });
    expect(to({ reference: 'Organization/municipality' })).toMatchObject({ standing: 'owed' });
    expect(to({ reference: 'Organization/practice' })).toMatchObject({ standing: 'fulfilled' });
    expect(to({ identifier: { system: 'urn:oid:1.2.208.176.1.4', value: '061654' } })).toMatchObject({
      standing: 'fulfilled',
    });
    expect(to({ identifier: { system: 'urn:oid:1.2.208.176.1.4', value: '061655' } })).toMatchObject({
      standing: 'owed',
    });
  });

  it('the joint plan when the later of both sectors agreed, not by one sector alone', () => {
    const withPlan = (...times: [string | undefined, string | undefined]) =>
      standing('discharge-plan', { stay: finished(), plans: [dischargePlan(...times)] });
    expect(withPlan('2026-03-11T10:00:00+01:00', undefined)).toMatchObject({ standing: 'owed' });
    expect(withPlan(undefined, '2026-03-11T10:00:00+01:00')).toMatchObject({ standing: 'owed' });
    expect(withPlan('2026-03-11T10:00:00+01:00', '2026-03-11T12:00:00Z')).toMatchObject({
      standing: 'fulfilled',
      fulfilment: { by: { reference: 'CarePlan/plan' }, at: '2026-03-11T12:00:00Z' },
    });
  });
});

describe('a stay owes nothing', () => {
  const none = (more: Partial<StayFacts>): unknown[] => [
    ...new Set(
      obligationsOf(factsOf(more), calendar).map((one) =>
        one.standing === 'withdrawn' ? one.withdrawal : one.code,
      ),
    ),
  ];

  it('when it was entered in error, is only planned, or is an acute ambulant contact', () => {
    expect(none({ stay: finished({ status: 'entered-in-error' }) })).toEqual(['entered-in-error']);
    expect(none({ stay: stay({ start: ADMITTED }, { status: 'planned' }) })).toEqual(['not-admitted']);
    expect(none({ stay: finished({ class: { code: 'EMER' } }) })).toEqual(['not-applicable']);
  });

  it('without a course, and without an agreement in force', () => {
    const { course: _course, ...without } = factsOf({ stay: finished() });
    expect(new Set(obligationsOf(without, calendar).map((one) => one.standing))).toEqual(
      new Set(['withdrawn']),
    );
    expect(none({ stay: finished(), agreements: {} })).toEqual(['no-agreement']);
  });
});

describe('a condition that fails on the data', () => {
  it('withdraws the obligation and tells the listener, but throws nothing', () => {
    const facts = factsOf({ stay: finished() });
    const plan = structuredClone(facts.agreements.atDischarge);
    const action = plan?.action?.find(({ code }) => code?.[0]?.coding?.[0]?.code === 'discharge-report');
    // Two periods on one side of a comparison: legal text that cannot be evaluated.
    action?.condition?.push({
      kind: 'applicability',
      expression: { language: 'text/fhirpath', expression: "%episodes.id > 'a'" },
    });
    const problems: string[] = [];
    const found = obligationsOf(
      { ...facts, agreements: { ...facts.agreements, ...(plan === undefined ? {} : { atDischarge: plan }) } },
      calendar,
      (condition, error) => problems.push(`${condition.at}: ${String(error)}`),
    );
    expect(found.find(({ code }) => code === dischargeReport)).toMatchObject({ standing: 'withdrawn' });
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain('PlanDefinition.action[4].condition[2].expression');
  });
});
