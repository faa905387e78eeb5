import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import type { Measure } from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { FhirError } from '../../src/fhir/outcome.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { fillVerdicts } from '../../src/measures/kept/fill.ts';
import { registeredMeasures } from '../../src/measures/kept/kept-measures.ts';
import { explainStay } from '../../src/measures/stays/explain-stay.ts';
import { limitEvaluation } from '../../src/measures/threads/evaluation.ts';
import { openServer } from '../http/support/server.ts';
import { effort, quickest } from '../support/effort.ts';
import { onStore } from '../support/stores.ts';
import { nationalMeasure } from './support/facts.ts';
import { aarhus, planned, profiles, put } from './support/stored.ts';

/** Milliseconds: many times what an honest Measure takes, on a machine that others use too. */
const PER_MEMBER = 1_500;
const march = { periodStart: '2026-03', periodEnd: '2026-03' };

/** Each doubling doubles: 2 to the power of 40 items. */
const DOUBLING = `(1)${'.select($this | ($this + 0.5)).select(($this * 2) | ($this * 2 + 1))'.repeat(20)}.count() > 0`;
/** Each item leads to another one that was not there yet. */
const ENDLESS = '(1).repeat($this + 1).count() > 0';

/** The agreements and one national Measure: a thread that is started anew compiles them anew. */
const few = profiles.filter(
  ({ resourceType, id }) => resourceType !== 'Measure' || id === 'ready-for-discharge',
);

/** A stay Measure whose numerator is as told. */
function hostile(id: string, numerator: string): Measure {
  const measure = nationalMeasure('ready-for-discharge');
  measure.id = id;
  measure.url = `https://example.org/Measure/${id}`;
  delete measure.identifier;
  for (const population of measure.group?.[0]?.population ?? []) {
    const code = population.code?.coding?.[0]?.code;
    if (code === 'numerator' && population.criteria) population.criteria.expression = numerator;
  }
  return measure;
}

/** A Measure about patients, which is always evaluated directly. */
function aboutPatients(id: string, initial: string): Measure {
  return {
    resourceType: 'Measure',
    id,
    url: `https://example.org/Measure/${id}`,
    status: 'active',
    scoring: { coding: [{ code: 'cohort' }] },
    group: [
      {
        population: [
          {
            code: { coding: [{ code: 'initial-population' }] },
            criteria: { language: 'text/fhirpath', expression: initial },
          },
        ],
      },
    ],
  };
}

async function refused(work: Promise<unknown>): Promise<FhirError> {
  const error = await work.then(
    () => undefined,
    (failure: unknown) => failure,
  );
  if (error instanceof FhirError) return error;
  throw error ?? new Error('It was answered');
}

onStore('PGlite', (fixture) => {
  const calendar = createCalendar();
  limitEvaluation(calendar, { perMember: PER_MEMBER, memory: 192, threads: 1 });

  describe('a hostile Measure', () => {
    it('is ended with the reason, whether it never ends or grows for ever; the others are kept', async () => {
      const store = planned(await fixture.open());
      await put(store, ...few, ...aarhus, hostile('endless', ENDLESS), hostile('doubling', DOUBLING));
      await fillVerdicts(store, calendar);
      const states = (await registeredMeasures(store, calendar))?.map(({ kept }) => [kept.id, kept.state]);
      expect(states).toEqual([
        ['doubling', 'ended'],
        ['endless', 'ended'],
        ['ready-for-discharge', 'kept'],
      ]);
      for (const measureId of ['endless', 'doubling']) {
        const error = await refused(evaluateMeasure(store, { measureId, ...march }, { calendar }));
        expect(error.status).toBe(422);
        expect(error.outcome.issue[0]).toMatchObject({
          code: 'too-costly',
          diagnostics: expect.stringMatching(
            /Measure\/(endless|doubling).* its criteria take (longer|more) than/,
          ),
        });
      }
      // Mended, it is tried again.
      await put(store, hostile('endless', '%actual <= %due'));
      await fillVerdicts(store, calendar);
      const mended = await evaluateMeasure(store, { measureId: 'endless', ...march }, { calendar });
      expect(mended.group?.[0]?.measureScore?.value).toBe(1);
    });

    it('is ended where it is evaluated directly, and not tried again at once', async () => {
      const store = planned(await fixture.open());
      await put(store, ...few, ...aarhus, aboutPatients('endless', ENDLESS));
      const ask = () => refused(evaluateMeasure(store, { measureId: 'endless', ...march }, { calendar }));
      expect((await ask()).status).toBe(422);
      // Each try of an endless one takes all the time it may take.
      const again = await quickest(3, async () => expect((await ask()).status).toBe(422));
      expect(again).toBeLessThan(PER_MEMBER);
      await put(store, hostile('hostile', ENDLESS));
      const explained = explainStay(store, { measureId: 'hostile', subject: 'Encounter/stay' }, { calendar });
      expect((await refused(explained)).outcome.issue[0]?.code).toBe('too-costly');
    });

    it('that divides by zero divides to nothing, and one that cannot be worked out is told as a failure', async () => {
      const store = planned(await fixture.open());
      await put(store, ...few, ...aarhus);
      await put(store, hostile('zero', '1 / 0 > 1'), hostile('wrong', "(1 | 2) > 'a'"));
      const zero = await evaluateMeasure(store, { measureId: 'zero', ...march }, { calendar });
      expect([zero.status, zero.group?.[0]?.measureScore?.value]).toEqual(['complete', 0]);
      const wrong = await evaluateMeasure(store, { measureId: 'wrong', ...march }, { calendar });
      expect(wrong.status).toBe('error');
      expect(JSON.stringify(wrong.contained)).toMatch(/1 members could not be evaluated/);
    });

    it('of endless length is refused when it is stored', async () => {
      const store = planned(await fixture.open());
      const long = hostile('long', 'true');
      long.group = Array.from({ length: 40 }, () => ({
        ...long.group?.[0],
        description: 'x',
        population: (long.group?.[0]?.population ?? []).map((one) => ({
          ...one,
          criteria: { language: 'text/fhirpath', expression: `true${' or true'.repeat(600)}` },
        })),
      }));
      const error = await refused(put(store, long));
      expect([error.status, error.outcome.issue[0]?.code]).toEqual([422, 'too-long']);
    });

    it('leaves the server answering reads while it is evaluated and ended', async () => {
      const server = await openServer(fixture, { OVERGANG_CRITERIA_SECONDS: '2', OVERGANG_WORKERS: '1' });
      const entry = [...few, ...aarhus, hostile('hostile', ENDLESS)].map((resource) => ({
        resource,
        request: { method: 'PUT', url: `${resource.resourceType}/${resource.id}` },
      }));
      const body = { resourceType: 'Bundle', type: 'transaction', entry };
      expect((await server.send('POST', '', body)).status).toBe(200);
      let ended: { status: number; text: string } | undefined;
      const report = server
        .send('GET', 'Measure/hostile/$evaluate-measure?periodStart=2026&periodEnd=2026')
        .then((answer) => {
          ended = answer;
        });
      let reads = 0;
      let dearest = 0;
      while (ended === undefined) {
        const read = effort();
        expect((await server.send('GET', 'Patient/citizen')).status).toBe(200);
        dearest = Math.max(dearest, read.thread());
        reads += 1;
        await wait(20);
      }
      await report;
      expect([ended.status, JSON.parse(ended.text).issue[0].code]).toEqual([422, 'too-costly']);
      // Evaluated in this thread, one read would have waited for two seconds of its work, and no more been asked.
      expect(reads).toBeGreaterThan(5);
      expect(dearest).toBeLessThan(1_000);
      const status = await server.send('GET', 'Measure/hostile/$evaluation-status');
      expect(JSON.stringify(status.body)).toMatch(/"valueCode":"ended".*take longer than 2 s on one member/);
      await server.close();
    });
  });
});
