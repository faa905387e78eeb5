import { describe, expect, it } from '@jest/globals';
import type { Bundle, DetectedIssue, Parameters, ParametersParameter } from '@medplum/fhirtypes';
import { careGaps } from '../../src/measures/care-gaps.ts';
import { dataRequirements } from '../../src/measures/data-requirements.ts';
import { refreshInBackground } from '../../src/measures/kept/background.ts';
import { explainStay } from '../../src/measures/stays/explain-stay.ts';
import { lastMark } from '../../src/store/verdicts/stale.ts';
import { onStore } from '../support/stores.ts';
import { until } from '../support/until.ts';
import { calendar, letter } from './support/facts.ts';
import { aarhus, planned, profiles, put } from './support/stored.ts';

const now = '2026-05-01T00:00:00.000Z';
const late = letter('ready-for-discharge', '2026-03-13T09:12:00+01:00', { id: 'ready-for-discharge-1' });

const part = (parameter: ParametersParameter | undefined, name: string): string | undefined => {
  const found = parameter?.part?.find((one) => one.name === name);
  return found?.valueString ?? found?.valueCode;
};
const all = (parameters: Parameters, name: string) =>
  (parameters.parameter ?? []).filter((one) => one.name === name);
const statuses = (bundle: Bundle): [string | undefined, string | undefined][] =>
  (bundle.entry ?? [])
    .map(({ resource }) => resource)
    .filter((resource): resource is DetectedIssue => resource?.resourceType === 'DetectedIssue')
    .map((issue) => [
      issue.code?.text,
      issue.modifierExtension?.[0]?.valueCodeableConcept?.coding?.[0]?.code,
    ]);

onStore('PostgreSQL', (fixture) => {
  describe('reasons', () => {
    it('are told criterion by criterion, part by part, variable by variable', async () => {
      const store = planned(await fixture.open());
      await put(store, ...profiles, ...aarhus);
      await put(store, late);
      const told = await explainStay(
        store,
        { measureId: 'ready-for-discharge', subject: 'Encounter/stay' },
        { calendar, now },
      );
      expect(all(told, 'result')[0]?.valueCode).toBe('not-met');
      expect(all(told, 'explanation-en')[0]?.valueString).toBe(
        'P4 not met: notice sent 13 March 09:12, due 12 March 23:59, agreement DK-82 v2025',
      );
      expect(all(told, 'population').map((one) => [part(one, 'code'), part(one, 'value')])).toEqual([
        ['initial-population', 'true'],
        ['denominator', 'true'],
        ['denominator-exclusion', 'false'],
        ['numerator', 'false'],
        ['denominator-exception', 'false'],
      ]);
      const exclusion = all(told, 'population')[2];
      expect(
        exclusion?.part
          ?.filter((one) => one.name === 'operand')
          .map((one) => [part(one, 'expression'), part(one, 'value')]),
      ).toEqual([
        ["%stay.status = 'entered-in-error'", 'false'],
        ["%stay.class.code = 'EMER'", 'false'],
        ["%stay.hospitalization.dischargeDisposition.coding.where(code = 'exp').exists()", 'false'],
      ]);
      const variables = all(told, 'variable').map((one) => [part(one, 'name'), part(one, 'value')]);
      expect(variables).toContainEqual(['letters', 'Communication/ready-for-discharge-1']);
      expect(variables).toContainEqual(['due', '"2026-03-12T22:59:59.999Z"']);
    });

    it('become gaps: open when due, prospective before', async () => {
      const store = planned(await fixture.open());
      await put(store, ...profiles, ...aarhus.filter(({ id }) => id !== 'discharge-letter-1'));
      await put(store, late);
      const request = { periodStart: '2026', periodEnd: '2026', subject: 'Patient/citizen', topic: 'all' };
      const early = await careGaps(
        store,
        { ...request, asOf: '2026-03-16T12:00:00+01:00' },
        { calendar, now },
      );
      expect(statuses(early)).toEqual([
        ['Melding om færdigbehandling', 'open-gap'],
        ['Epikrise til almen praksis', 'prospective-gap'],
      ]);
      const later = await careGaps(store, { ...request, topic: 'P6' }, { calendar, now });
      expect(statuses(later)).toEqual([['Epikrise til almen praksis', 'open-gap']]);
    });

    it('name the data that they rest on', async () => {
      const store = await fixture.open();
      await put(store, ...profiles);
      const library = await dataRequirements(
        store,
        { measureId: 'discharge-plan', periodStart: '2026', periodEnd: '2026' },
        { calendar },
      );
      expect(library.dataRequirement?.map(({ type }) => type)).toEqual([
        'CarePlan',
        'Communication',
        'Encounter',
        'EpisodeOfCare',
        'Organization',
        'Patient',
        'PlanDefinition',
      ]);
    });

    it('are refreshed in the background', async () => {
      const store = planned(await fixture.open());
      await put(store, ...profiles, ...aarhus);
      expect(await lastMark(store)).toBeDefined();
      const stop = refreshInBackground(store, { calendar, rest: 10 });
      const marked = until(
        () => lastMark(store),
        (mark) => mark === undefined,
      );
      expect(await marked).toBeUndefined();
      await stop();
    });
  });
});
