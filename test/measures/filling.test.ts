import { describe, expect, it } from '@jest/globals';
import type { ParametersParameter } from '@medplum/fhirtypes';
import { createCalendar } from '../../src/coordination/calendar.ts';
import { evaluateMeasure } from '../../src/measures/evaluate-measure.ts';
import { fillVerdicts } from '../../src/measures/kept/fill.ts';
import { currentlyKept } from '../../src/measures/kept/kept-measures.ts';
import { verdictsOf, worthKeeping } from '../../src/measures/kept/packed-rows.ts';
import { refreshVerdicts } from '../../src/measures/kept/refresh.ts';
import { evaluationStatus } from '../../src/measures/kept/status.ts';
import { evaluateStay } from '../../src/measures/stays/engine.ts';
import { stayPages } from '../../src/measures/stays/stay-pages.ts';
import type { Verdict } from '../../src/measures/stays/verdict.ts';
import { limitEvaluation } from '../../src/measures/threads/evaluation.ts';
import { openStore } from '../../src/store/open.ts';
import { registerSql, sqlOf } from '../../src/store/sql.ts';
import type { Store } from '../../src/store/store.ts';
import { storedReasons } from '../../src/store/verdicts/reasons.ts';
import { onStore } from '../support/stores.ts';
import { nationalMeasure } from './support/facts.ts';
import { citizen, planned, profiles, put } from './support/stored.ts';

const march = { periodStart: '2026-03', periodEnd: '2026-03' };
const STAYS = 9;
const calendar = createCalendar();
limitEvaluation(calendar, { threads: 2, batch: 2 });

const byMember = (one: Verdict, other: Verdict): number =>
  `${one.member} ${one.measure}`.localeCompare(`${other.member} ${other.measure}`);

/** The verdicts kept by threads, and the same evaluated here. */
async function expectWhole(store: Store): Promise<void> {
  const measures = ((await currentlyKept(store, calendar)) ?? []).map(({ compiled }) => compiled);
  const kept: Verdict[] = [];
  for await (const page of storedReasons(store, {})) kept.push(...page.flatMap(verdictsOf));
  const here: Verdict[] = [];
  for await (const page of stayPages(store, calendar)) {
    for (const facts of page) here.push(...worthKeeping(evaluateStay(measures, facts, { calendar })));
  }
  expect(here.length).toBe(STAYS * 7);
  expect(kept.sort(byMember)).toEqual(here.sort(byMember));
}

async function statusOf(store: Store, id: string): Promise<Record<string, unknown>> {
  const { parameter = [] } = await evaluationStatus(store, id, { calendar });
  const part = parameter.find(({ name }) => name === 'measure')?.part ?? [];
  const value = (one: ParametersParameter) => one.valueCode ?? one.valueInteger ?? one.valueString;
  return Object.fromEntries(part.map((one) => [one.name, value(one)]));
}

const posted = () => ({
  ...nationalMeasure('discharge-letter'),
  id: 'posted',
  url: 'https://example.org/Measure/posted',
});

onStore('PostgreSQL', (fixture) => {
  describe('a posted Measure', () => {
    it('is filled in batches, evaluated directly until then, and goes on after a restart', async () => {
      const options = await fixture.connection();
      const open = async (): Promise<Store> => planned(await openStore(options));
      const first = await open();
      await put(first, ...profiles);
      for (let number = 1; number <= STAYS; number += 1) await put(first, ...citizen(number));
      await fillVerdicts(first, calendar);
      await put(first, posted());
      expect(await statusOf(first, 'discharge-letter')).toMatchObject({ state: 'kept' });
      expect(await statusOf(first, 'posted')).toMatchObject({ state: 'filling', done: 0 });

      // The process ends after its first batch.
      const stop = new AbortController();
      await fillVerdicts(first, calendar, { signal: stop.signal, progress: () => stop.abort() });
      await first.close();
      const second = await open();
      expect(await statusOf(second, 'posted')).toMatchObject({ state: 'filling', done: 4, total: STAYS });
      const direct = await evaluateMeasure(second, { measureId: 'posted', ...march }, { calendar });
      expect(direct.group?.[0]?.measureScore?.value).toBe(1);

      // The process ends in the middle of a batch: its threads get no answer any more.
      const dying: Store = {
        ...second,
        readMany: async () => {
          throw new Error('the process ended');
        },
      };
      registerSql(dying, sqlOf(second));
      await expect(fillVerdicts(dying, calendar)).rejects.toThrow('the process ended');
      await second.close();
      const third = await open();
      expect(await statusOf(third, 'posted')).toMatchObject({ state: 'filling', done: 4 });
      await fillVerdicts(third, calendar);
      expect(await statusOf(third, 'posted')).not.toHaveProperty('done');
      await expectWhole(third);
      const kept = await evaluateMeasure(third, { measureId: 'posted', ...march }, { calendar });
      expect({ ...kept, id: '', date: '' }).toEqual({ ...direct, id: '', date: '' });

      // Incremental from then on.
      await put(third, {
        ...(JSON.parse((await third.read('Encounter', 'stay-1'))?.content ?? '') as {
          resourceType: 'Encounter';
        }),
        status: 'entered-in-error',
      } as never);
      expect(await refreshVerdicts(third, calendar)).toBe(1);
      const after = await evaluateMeasure(third, { measureId: 'posted', ...march }, { calendar });
      expect(after.group?.[0]?.population?.[2]?.count).toBe(1);
      await third.close();
    }, 60_000);
  });
});
