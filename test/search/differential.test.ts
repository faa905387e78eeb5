import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { resourceSource } from '../../src/fhir/definitions/resource-source.ts';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { expandCodesWith } from '../../src/operations/stored-definitions.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';
import { type Population, populationOf } from './population.ts';
import { encounterQuestion, observationQuestion, patientQuestion, type Question } from './questions.ts';
import {
  numberQuestion,
  rareObservationQuestion,
  typedIdentifierQuestion,
  urlQuestion,
} from './rare-questions.ts';
import { codeSystem, type RareWorld, rareWorldOf, valueSet } from './rare-world.ts';

const SEED = Number(process.env.SEED ?? 20_260_312);

describe('search against plain evaluation in memory', () => {
  onEveryStore(
    (fixture) => {
      const world: Population = populationOf(SEED);
      const rare: RareWorld = rareWorldOf(SEED);
      let store: Store;
      let rareStore: Store;

      beforeAll(async () => {
        store = await fixture.open({ validate: () => [] });
        const expandCodes = expandCodesWith(resourceSource([codeSystem, valueSet]));
        rareStore = await fixture.open({ validate: () => [], expandCodes });
        for (const [each, resources] of [
          [store, Object.values(world).flat()],
          [rareStore, Object.values(rare).flat()],
        ] as [Store, Resource[]][]) {
          await each.transaction((t) => t.write(resources.map((resource) => ({ op: 'create', resource }))));
        }
      }, 120_000);

      /** Asks for one to three parameters at once: all must hold. */
      const agrees = async <R extends { id?: string }>(
        type: string,
        resources: readonly R[],
        question: fc.Arbitrary<Question<R, typeof world>>,
        asked: Store = store,
      ) => {
        const property = fc.asyncProperty(
          fc.array(question, { minLength: 1, maxLength: 3 }),
          async (questions) => {
            const pairs = questions.map(({ name, text }) => [name, text] as const);
            const { matches } = await asked.search(parseSearch(type, [...pairs, ['_count', '1000']]));
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

      it('agrees on codes by text, hierarchy and value set, references by type and identifier, composites', async () => {
        await agrees('Observation', rare.observations, rareObservationQuestion, rareStore);
      }, 120_000);

      it('agrees on identifiers of a type, URIs above and below, numbers', async () => {
        await agrees('Patient', rare.patients, typedIdentifierQuestion, rareStore);
        await agrees('ValueSet', rare.valueSets, urlQuestion, rareStore);
        await agrees('RiskAssessment', rare.risks, numberQuestion, rareStore);
      }, 120_000);
    },
    { lifetime: 'block' },
  );
});
