import { describe, expect, it } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import { requestFor } from '../../src/cli/load/sources.ts';
import { loadConfig } from '../../src/config.ts';
import { buildApp } from '../../src/http/app.ts';
import type { ExpectedVerdict } from '../../src/synthetic/expected.ts';
import { DEFAULT_REQUEST, generateCourses, populationOptions } from '../../src/synthetic/population.ts';
import { organisationBundles } from '../../src/synthetic/render/bundle.ts';
import { onStore } from '../support/stores.ts';
import { differences } from './compare.ts';

const options = populationOptions({ ...DEFAULT_REQUEST, seed: 'letters', courses: 16, as: 'medcom' });

describe('a population in messages and letters', () => {
  it('is the same, byte for byte, for the same seed', () => {
    const few = { ...options, courses: 5 };
    expect(JSON.stringify([...generateCourses(few)])).toBe(JSON.stringify([...generateCourses(few)]));
  });

  it('tells of stays in notifications and letters alone', () => {
    const sendings = [...generateCourses(options)].flatMap((course) => course.sendings);
    const transactions = sendings.filter((one): one is Bundle => 'type' in one && one.type === 'transaction');
    const types = transactions.flatMap((one) => one.entry?.map((entry) => entry.resource?.resourceType));
    for (const told of ['Encounter', 'Communication', 'CarePlan']) expect(types).not.toContain(told);
    expect(sendings.length).toBeGreaterThan(6 * options.courses);
  });
});

onStore('PostgreSQL', (fixture) => {
  describe('courses delivered as HospitalNotification messages and OIOXML letters', () => {
    it('get exactly the verdicts that were planted', async () => {
      const store = await fixture.open();
      const app = await buildApp(loadConfig({ OVERGANG_DATA: 'memory', LOG_LEVEL: 'silent' }), { store });
      const send = async (sending: unknown): Promise<void> => {
        const { path, body, letter } = requestFor({ text: JSON.stringify(sending), where: 'population' });
        const answer = await app.inject({
          method: 'POST',
          url: letter === true ? path : `/fhir${path}`,
          headers: {
            'content-type': letter === true ? 'application/xml' : 'application/fhir+json',
            accept: 'application/json',
          },
          payload: body as string,
        });
        if (answer.statusCode !== 200 || answer.body.includes('fatal-error')) throw new Error(answer.body);
      };
      for (const bundle of organisationBundles()) await send(bundle);
      const planted: ExpectedVerdict[] = [];
      for (const course of generateCourses(options)) {
        for (const sending of course.sendings) await send(sending);
        planted.push(...course.expected);
      }
      expect((await differences(store, planted, options.asOf)).slice(0, 5)).toEqual([]);
      expect(planted.filter((one) => one.verdict === 'met').length).toBeGreaterThan(40);
      await app.close();
    }, 300_000);
  });
});
