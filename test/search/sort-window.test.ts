import { beforeAll, describe, expect, it } from '@jest/globals';
import type { Encounter } from '@medplum/fhirtypes';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';
import { span } from './oracle-values.ts';
import { populationOf } from './population.ts';

const SEED = Number(process.env.SEED ?? 20_260_312);

/** By begin ascending, by end descending; those without a period last; the newest of equals first. */
function ordered(encounters: readonly (Encounter & { id: string })[], descending: boolean): string[] {
  const value = ({ period: { start, end } = {} }: Encounter): number | undefined => {
    if (start === undefined && end === undefined) return undefined;
    if (descending) return end === undefined ? Number.POSITIVE_INFINITY : span(end).high;
    return start === undefined ? Number.NEGATIVE_INFINITY : span(start).low;
  };
  return encounters
    .map((each, place) => ({ id: each.id, place, at: value(each) }))
    .sort((one, other) => {
      if (one.at === other.at) return other.place - one.place;
      if (one.at === undefined || other.at === undefined) return one.at === undefined ? 1 : -1;
      return (one.at - other.at) * (descending ? -1 : 1);
    })
    .map(({ id }) => id);
}

describe('a whole type in the order of a date', () => {
  onEveryStore(
    (fixture) => {
      const { encounters } = populationOf(SEED);
      let store: Store;
      beforeAll(async () => {
        store = await fixture.open({ validate: () => [] });
        for (const resource of encounters) await store.write({ op: 'create', resource });
      }, 120_000);

      it.each([1, 2, 3, 7, 39, 40, 41])(
        'comes by pages of %d as a plain sort has it, both ways',
        async (count) => {
          for (const sort of ['date', '-date']) {
            const found: string[] = [];
            let cursor: string | undefined;
            do {
              const query = parseSearch('Encounter', [
                ['_sort', sort],
                ['_count', String(count)],
                ...(cursor === undefined ? [] : ([['_cursor', cursor]] as const)),
              ]);
              const page = await store.search(query);
              found.push(...page.matches.map(({ id }) => id));
              cursor = page.next;
            } while (cursor !== undefined);
            expect([sort, found]).toEqual([sort, ordered(encounters, sort === '-date')]);
          }
        },
      );
    },
    { lifetime: 'block' },
  );
});
