import { describe, expect, it } from '@jest/globals';
import type { PlanDefinition } from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { assessInclusion } from '../../src/coordination/inclusion/assess.ts';
import { assessCitizen } from '../../src/coordination/inclusion/assess-citizen.ts';
import { assessmentRecord, decisionOf } from '../../src/coordination/inclusion/assessment-record.ts';
import { checkInclusion } from '../../src/coordination/inclusion/check-inclusion.ts';
import { loadCitizenFacts } from '../../src/coordination/inclusion/citizen-facts.ts';
import { obligationPlanner } from '../../src/coordination/planner.ts';
import { validateResource } from '../../src/fhir/validation/validate.ts';
import { onEveryStore } from '../support/stores.ts';
import { AS_OF, condition, facts, file, frailty, medicine, national } from './support/citizen-facts.ts';
import { citizen, episode, stay } from './support/stay.ts';
import { put } from './support/store.ts';

describe('the record of an assessment', () => {
  const assessment = () =>
    assessInclusion(national(), facts({ observations: [frailty(7, '2026-03-01')] }), AS_OF);
  const by = { reference: 'Practitioner/sygeplejerske' };

  it('is a valid QuestionnaireResponse with every answer and what it rests on', () => {
    const record = assessmentRecord(assessment());
    expect(validateResource(record)).toEqual([]);
    expect(record.item?.find(({ linkId }) => linkId === 'frailty')?.answer).toEqual([
      {
        valueCoding: { system: 'https://overgang.dk/fhir/CodeSystem/inclusion', code: 'yes', display: 'Ja' },
      },
      { valueReference: { reference: expect.stringMatching(/^Observation\//) as unknown as string } },
    ]);
    expect(record.author).toBeUndefined();
    expect(decisionOf(assessment())).toEqual({ include: false, basis: 'rule' });
  });

  it('holds a professional’s judgement against the rules, with who and why', () => {
    const judgement = { decision: 'include' as const, reason: 'Svagt netværk, set ved hjemmebesøg', by };
    const record = assessmentRecord(assessment(), judgement);
    expect(validateResource(record)).toEqual([]);
    expect(record.author).toEqual(by);
    expect(JSON.stringify(record.item?.at(-1))).toContain('Svagt netværk');
    expect(decisionOf(assessment(), judgement)).toEqual({ include: true, basis: 'judgement' });
  });

  it('is refused without a reason or without who', () => {
    expect(() => assessmentRecord(assessment(), { decision: 'include', reason: ' ', by })).toThrow(/reason/);
    expect(() => assessmentRecord(assessment(), { decision: 'exclude', reason: 'x', by: {} })).toThrow(
      /who made it/,
    );
  });
});

describe('criteria that cannot work', () => {
  type Bend = (plan: PlanDefinition) => void;
  const first = (plan: PlanDefinition) => plan.action?.[0]?.action?.[0] ?? {};
  const WRONG: readonly (readonly [fact: string, text: RegExp, bend: Bend])[] = [
    [
      'with a syntax error',
      /frailty cannot be compiled/,
      (plan) =>
        Object.assign(first(plan).condition?.[0]?.expression ?? {}, { expression: '%evidence.value >=' }),
    ],
    [
      'that ask the clock',
      /now\(\) is not allowed/,
      (plan) => Object.assign(first(plan).condition?.[0]?.expression ?? {}, { expression: 'now().exists()' }),
    ],
    ['without evidence', /what it rests on/, (plan) => delete first(plan).dynamicValue],
    ['without a condition', /has a condition/, (plan) => delete first(plan).condition],
    [
      'in a group that there is not',
      /group of criteria is one of/,
      (plan) => Object.assign(plan.action?.[0]?.code?.[0]?.coding?.[0] ?? {}, { code: 'weather' }),
    ],
    ['without a version', /version/, (plan) => delete plan.version],
  ];

  it.each(WRONG.map(([fact, text, bend]) => ({ fact, text, bend })))(
    '$fact are refused',
    ({ text, bend }) => {
      const plan = file('DK');
      bend(plan);
      expect(() => checkInclusion(plan, createCalendar())).toThrow(text);
    },
  );

  it('are not those published', () => {
    for (const name of ['DK', 'DK-81'])
      expect(() => checkInclusion(file(name), createCalendar())).not.toThrow();
  });
});

describe('a stored citizen', () => {
  onEveryStore(
    (fixture) => {
      it('is assessed by the criteria of the region where the citizen lives, on that day', async () => {
        const store = await fixture.open();
        store.addListener(obligationPlanner());
        await put(
          store,
          file('DK'),
          file('DK-81'),
          citizen('north', '0851'),
          citizen('west', '0751'),
          citizen('nowhere', '0411'),
        );
        const codes = async (id: string, asOf = AS_OF) =>
          (await assessCitizen(store, id, asOf)).canonicals.map((url) => url.replace(/^.*\//, ''));
        expect(await codes('north')).toEqual(['inclusion-DK-81|2025', 'inclusion-DK|2025']);
        expect(await codes('west')).toEqual(['inclusion-DK|2025']);
        expect(await codes('nowhere')).toEqual(['inclusion-DK|2025']);
        await expect(assessCitizen(store, 'nobody', AS_OF)).rejects.toMatchObject({ status: 404 });
        await expect(assessCitizen(store, 'west', 'yesterday')).rejects.toMatchObject({ status: 400 });
        await put(store, { ...file('DK'), effectivePeriod: { start: '2026-04-01' } });
        await expect(assessCitizen(store, 'west', AS_OF)).rejects.toMatchObject({ status: 422 });
        const { version: _version, ...wrong } = file('DK');
        await expect(put(store, wrong as PlanDefinition)).rejects.toMatchObject({ status: 422 });
      });
    },
    { lifetime: 'block' },
  );
});

describe('the facts of a citizen', () => {
  onEveryStore(
    (fixture) => {
      it('leave out what does not hold, and come in two round trips for any number of citizens', async () => {
        const store = await fixture.open();
        const coded = (system: string, code: string) => ({
          coding: [{ system: `http://terminology.hl7.org/CodeSystem/${system}`, code }],
        });
        const resolved = { ...condition('DI509'), clinicalStatus: coded('condition-clinical', 'resolved') };
        const refuted = {
          ...condition('DC349'),
          clinicalStatus: coded('condition-clinical', 'active'),
          verificationStatus: coded('condition-ver-status', 'refuted'),
        };
        const kept = [
          { ...condition('DF102'), clinicalStatus: coded('condition-clinical', 'active') },
          frailty(6, '2026-03-01'),
          medicine('A'),
        ];
        await put(
          store,
          citizen(),
          citizen('other'),
          resolved,
          refuted,
          ...kept,
          { ...frailty(9, '2026-03-02'), status: 'preliminary' },
          medicine('B', { status: 'stopped' }),
          stay({ start: AS_OF }, { id: 'home', class: { code: 'HH' } }),
          stay({ start: AS_OF }),
          episode('coordination', { status: 'cancelled' }),
        );
        const [anna, other, ...more] = await loadCitizenFacts(store, ['anna', 'other', 'nobody']);
        expect(more).toEqual([]);
        expect(
          [anna?.conditions, anna?.observations, anna?.medicines].map((list) => list?.map(({ id }) => id)),
        ).toEqual(kept.map(({ id }) => [id]));
        expect(anna?.stays.map(({ id }) => id)).toEqual(['stay']);
        expect(anna?.episodes).toEqual([]);
        expect(other).toMatchObject({ conditions: [], observations: [], stays: [] });
      });
    },
    { lifetime: 'block' },
  );
});
