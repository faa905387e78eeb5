import { beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/outcome.ts';
import { STANDARD_PARAMETERS } from '../../src/fhir/search/parameters.ts';
import { parseSearch } from '../../src/fhir/search/parse.ts';
import type { Store } from '../../src/store/store.ts';
import { onEveryStore } from '../support/stores.ts';

/** RUNS=100000 for the long run. */
const RUNS = Number(process.env.RUNS ?? 400);

const TYPES = ['Patient', 'Encounter', 'Observation', 'ValueSet', 'Task', 'Group', 'RiskAssessment'] as const;

const NASTY = [
  '',
  ' ',
  '\0',
  'a\0b',
  '\uD800',
  '💥',
  "'",
  "';DROP TABLE resource;--",
  '$1',
  '\\',
  '\\,',
  '|',
  '||',
  '|||',
  '$',
  '$$',
  ',',
  ',,',
  '%',
  '_',
  '0000',
  '9999',
  '9999-12-31',
  '0000-01-01',
  '2024-02-30',
  '2024-13',
  'ge',
  'ge9999',
  'lt0000',
  'ap0000',
  'ap9999',
  '1e400',
  '-1e300',
  '1e-400',
  '9'.repeat(400),
  'x'.repeat(5_000),
  'urn:x|',
  '|x',
  'Patient/1',
  'Patient/1/_history/2',
  'Patient/../x',
  'http://[',
  'true',
  'false',
  '5.4|http://unitsofmeasure.org|mg',
  '5||',
  '1|2|3|4',
  'xx5',
  '(((',
  'not',
  'a eq "',
  'a eq b',
] as const;

const value = fc.oneof(
  fc.constantFrom(...NASTY),
  fc.string({ unit: 'binary' }),
  fc.tuple(fc.constantFrom(...NASTY), fc.constantFrom(...NASTY)).map((parts) => parts.join(',')),
);
const suffix = fc.constantFrom(
  '',
  ':exact',
  ':contains',
  ':not',
  ':missing',
  ':text',
  ':above',
  ':below',
  ':of-type',
  ':identifier',
  ':Patient',
  ':x',
  '.name',
  ':Patient.identifier',
  '.',
  ':',
  '._id',
  '._has:Task:focus:status',
);
const control = fc.constantFrom(
  '_sort',
  '_count',
  '_include',
  '_revinclude:iterate',
  '_summary',
  '_elements',
  '_total',
  '_filter',
  '_text',
  '_list',
  '_has:Task:focus:code',
  '_has:',
  '_lastUpdated',
  '_id',
  '_tag',
  '_profile',
  '_source',
  '_cursor',
  '__proto__',
  'constructor',
  '_type',
);

const request = fc.constantFrom(...TYPES).chain((type) =>
  fc.record({
    type: fc.constant(type),
    pairs: fc.array(
      fc.tuple(
        fc.oneof(
          fc
            .tuple(fc.constantFrom(...STANDARD_PARAMETERS.of(type).keys()), suffix)
            .map((parts) => parts.join('')),
          control,
          fc.string(),
        ),
        value,
      ),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

describe('absurd searches', () => {
  onEveryStore(
    (fixture) => {
      let store: Store;

      beforeAll(async () => {
        store = await fixture.open({ validate: () => [] });
        await store.transaction((t) =>
          t.write([
            {
              op: 'create',
              resource: {
                resourceType: 'Patient',
                name: [{ family: 'a\0b\uD800', text: 'y'.repeat(9_000) }],
              },
            },
          ]),
        );
      });

      it('are answered or refused with 4xx and an outcome, never otherwise', async () => {
        await fc.assert(
          fc.asyncProperty(request, async ({ type, pairs }) => {
            try {
              const query = parseSearch(type, pairs);
              expect((await store.search(query)).matches.length).toBeLessThanOrEqual(1);
            } catch (error) {
              if (!(error instanceof FhirError)) {
                throw error;
              }
              expect(error.status).toBeGreaterThanOrEqual(400);
              expect(error.status).toBeLessThan(500);
              expect(error.outcome.issue?.every(({ diagnostics = '' }) => diagnostics !== '')).toBe(true);
            }
          }),
          { numRuns: RUNS, seed: Number(process.env.SEED ?? 1) },
        );
      }, 600_000);
    },
    { lifetime: 'block' },
  );
});
