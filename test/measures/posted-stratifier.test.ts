import { describe, expect, it } from '@jest/globals';
import type { MeasureReport } from '@medplum/fhirtypes';
import { openServer } from '../http/support/server.ts';
import { onEveryStore } from '../support/stores.ts';
import { nationalMeasure } from './support/facts.ts';
import { aarhus, citizen, profiles } from './support/stored.ts';

/** The letter's Measure again, with a stratifier that only its author has thought of. */
function posted(expression: string): object {
  const { id: _, identifier: __, group = [], ...measure } = nationalMeasure('discharge-letter');
  const own = { code: { text: 'Decade of birth' }, criteria: { language: 'text/fhirpath', expression } };
  return {
    ...measure,
    url: 'https://evaluators.test/Measure/letters-by-decade',
    group: group.map((one) => ({ ...one, stratifier: [...(one.stratifier ?? []), own] })),
  };
}

onEveryStore((fixture) => {
  describe('a Measure that an evaluator posts', () => {
    it('is stratified by its own FHIRPath over HTTP, and refused where that is wrong', async () => {
      const server = await openServer(fixture, { OVERGANG_SMALL_NUMBERS: 'show' });
      const resources = [...profiles, ...aarhus, ...citizen(1), ...citizen(2)].map((resource) =>
        resource.id === 'citizen-2' ? { ...resource, birthDate: '1938-01-01' } : resource,
      );
      const entry = resources.map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const stored = await server.send('POST', '', { resourceType: 'Bundle', type: 'transaction', entry });
      expect(stored.status).toBe(200);
      const decade = "%patient.birthDate.toString().substring(0, 3) + '0'";
      expect((await server.send('POST', 'Measure', posted(decade))).status).toBe(201);
      const { status, body } = await server.send(
        'GET',
        'Measure/$evaluate-measure?measure=https://evaluators.test/Measure/letters-by-decade&periodStart=2026&periodEnd=2026',
      );
      expect(status).toBe(200);
      const [group] = (body as MeasureReport).group ?? [];
      expect(
        group?.stratifier
          ?.at(-1)
          ?.stratum?.map(({ value, population }) => [value?.text, population?.[0]?.count]),
      ).toEqual([
        ['1930', 1],
        ['1940', 2],
      ]);
      const wrong = await server.send('POST', 'Measure', posted('%patient.birthDate.('));
      expect([wrong.status, wrong.body.resourceType]).toEqual([422, 'OperationOutcome']);
      expect(wrong.body.issue[0].expression[0]).toMatch(/^Measure\.group\[0\]\.stratifier\[\d+\]\.criteria/);
      await server.close();
    });
  });
});
