import { describe, expect, it } from '@jest/globals';
import type { Encounter } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import { onStore } from '../support/stores.ts';
import { compareSpans, type Span } from './oracle-values.ts';

const BASE = Date.UTC(2026, 0, 1);
const SECOND = 1_000;
const DAY = 86_400_000;

const at = (time: number) => new Date(time).toISOString().replace('.000Z', 'Z');
/** The instant of a whole second stands for that second. */
const upTo = (time: number) => time + SECOND;

interface Stay {
  readonly id: string;
  readonly span: Span;
  readonly period: Encounter['period'];
}

/** Lengths around every bound of a level, and ends before the beginning. */
const lengths = [
  0,
  1,
  59,
  3_599,
  3_600,
  86_400,
  90_000,
  8 * 86_400,
  32 * 86_400,
  367 * 86_400,
  3_660 * 86_400,
  9e8,
]
  .flatMap((seconds) => [seconds - 1, seconds, seconds + 1])
  .concat(-86_400);

function stayOf(number: number): Stay {
  const start = BASE + ((number * 7_919_000) % (40 * DAY)) - 20 * DAY;
  const end = start + (lengths[number % lengths.length] as number) * SECOND;
  const open = number % 11;
  return {
    id: `s${number}`,
    span: {
      low: open === 0 || open === 2 ? Number.NEGATIVE_INFINITY : start,
      high: open === 1 || open === 2 ? Number.POSITIVE_INFINITY : upTo(end),
    },
    period: {
      ...(open === 0 || open === 2 ? {} : { start: at(start) }),
      ...(open === 1 || open === 2 ? {} : { end: at(end) }),
    },
  };
}

const stays = Array.from({ length: 400 }, (_, number) => stayOf(number)).filter(
  ({ period }) => period?.start !== undefined || period?.end !== undefined,
);

describe('ranges of time', () => {
  onStore('PostgreSQL', (fixture) => {
    it('find intervals of every length, open ones and those that end before they begin', async () => {
      const store = await fixture.open({ validate: () => [] });
      await store.transaction((t) =>
        t.write(
          stays.map(({ id, period }) => ({
            op: 'create',
            resource: {
              resourceType: 'Encounter',
              id,
              status: 'finished',
              class: { code: 'IMP' },
              ...(period ? { period } : {}),
            },
          })),
        ),
      );
      const term = fc.record({
        prefix: fc.constantFrom('eq', 'ne', 'gt', 'lt', 'ge', 'le', 'sa', 'eb'),
        time: fc.oneof(
          fc.integer({ min: -40 * 86_400, max: 40 * 86_400 }),
          fc.integer({ min: 0, max: 399 }).map((number) => ((stayOf(number).span.low || 0) - BASE) / SECOND),
        ),
      });
      const property = fc.asyncProperty(fc.array(term, { minLength: 1, maxLength: 3 }), async (terms) => {
        const asked = terms.filter(({ time }) => Number.isFinite(time));
        const pairs = asked.map(
          ({ prefix, time }) => ['date', `${prefix}${at(BASE + time * SECOND)}`] as const,
        );
        const { matches } = await store.search(parseSearch('Encounter', [...pairs, ['_count', '1000']]));
        const meets = ({ span }: Stay) =>
          asked.every(({ prefix, time }) => {
            const low = BASE + time * SECOND;
            return compareSpans(prefix, span, { low, high: upTo(low) });
          });
        expect(matches.map(({ id }) => id).sort()).toEqual(
          stays
            .filter(meets)
            .map(({ id }) => id)
            .sort(),
        );
      });
      await fc.assert(property, { numRuns: 80 });
    });
  });
});
