import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';
import { type Population, populationOf } from './population.ts';
import { encounterQuestion, observationQuestion, patientQuestion, type Question } from './questions.ts';

const SEED = Number(process.env.SEED ?? 20_260_312);

describe('search against plain evaluation in memory', () => {
  onEveryStore(
    (fixture) => {
      const world: Population = populationOf(SEED);
      let store: Store;

      beforeAll(async () => {
        store = await fixture.open({ validate: () => [] });
        const all: Resource[] = Object.values(world).flat();
        await store.transaction((t) => t.write(all.map((resource) => ({ op: 'create', resource }))));
      }, 120_000);

      /** Asks for one to three parameters at once: all must hold. */
      const agrees = async <R extends { id?: string }>(
        type: string,
        resources: readonly R[],
        question: fc.Arbitrary<Question<R>>,
      ) => {
        const property = fc.asyncProperty(
          fc.array(question, { minLength: 1, maxLength: 3 }),
          async (questions) => {
            const pairs = questions.map(({ name, text }) => [name, text] as const);
            const { matches } = await store.search(parseSearch(type, [...pairs, ['_count', '1000']]));
            const expected = resources.filter((each) => questions.every(({ meets }) => meets(each, world)));
            expect(matches.map(({ id }) => id).sort()).toEqual(expected.map(({ id }) => id as string).sort());
          },
        );
        await fc.assert(property, { seed: SEED, numRuns: 150 });
      };

      it('agrees on citizens: tokens, strings, dates, references, chains, _has', async () => {
        await agrees('Patient', world.patients, patientQuestion);
      }, 120_000);

      it('agrees on stays: periods, references, chains of every kind', async () => {
        await agrees('Encounter', world.encounters, encounterQuestion);
      }, 120_000);

      it('agrees on observations: codes, dates, quantities in any unit', async () => {
        await agrees('Observation', world.observations, observationQuestion);
      }, 120_000);
    },
    { lifetime: 'block' },
  );
});
