import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Bundle } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/outcome.ts';
import { processMessage } from '../../src/medcom/process-message.ts';
import { receiveLetter } from '../../src/medcom/receive-letter.ts';
import { onStore } from '../support/stores.ts';
import { hasTestdata, readBundle, testdataFiles, verdictOf } from './support.ts';

/** How many mutants; the long run is `OVERGANG_MUTANTS=20000`. */
const MUTANTS = Number(process.env.OVERGANG_MUTANTS ?? 100);

const WRONG: readonly unknown[] = [
  null,
  '',
  'x',
  0,
  -1,
  true,
  [],
  {},
  [null],
  '2026-02-31T10:00:00Z',
  'a'.repeat(5000),
];

/** Changes one place of a JSON value: deletes it or puts something else there. */
function mutate(value: unknown, numbers: Iterator<number>): void {
  const places: { owner: Record<string, unknown>; key: string }[] = [];
  const collect = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    for (const [key, each] of Object.entries(node)) {
      if (key !== 'text') places.push({ owner: node as Record<string, unknown>, key });
      collect(each);
    }
  };
  collect(value);
  const next = () => numbers.next().value as number;
  const place = places[next() % places.length];
  if (place === undefined) return;
  const choice = next() % (WRONG.length + 1);
  if (choice === WRONG.length) delete place.owner[place.key];
  else place.owner[place.key] = structuredClone(WRONG[choice]);
}

onStore('PostgreSQL', (fixture) => {
  (hasTestdata ? describe : describe.skip)('bad input', () => {
    it('mutated messages are answered ok or fatal-error, or refused with 400; never with trouble of ours', async () => {
      const store = await fixture.open();
      const files = ['hospitalnotification', 'carecommunication', 'homecareobservation'].flatMap((folder) =>
        testdataFiles(`medcom-fhir/${folder}`, '.json'),
      );
      await fc.assert(
        fc.asyncProperty(fc.constantFrom(...files), fc.infiniteStream(fc.nat()), async (file, numbers) => {
          const message: Bundle = readBundle(file);
          mutate(message, numbers);
          if ((numbers.next().value as number) % 2 === 0) mutate(message, numbers);
          try {
            const answer = await processMessage(store, message);
            expect(['ok', 'fatal-error', undefined]).toContain(verdictOf(answer).code);
          } catch (error) {
            expect(error).toBeInstanceOf(FhirError);
            expect((error as FhirError).status).toBe(400);
          }
        }),
        { numRuns: MUTANTS, endOnFailure: true },
      );
    }, 600_000);

    it('mutated letters get a receipt; never trouble of ours', async () => {
      const store = await fixture.open();
      const files = [
        ...testdataFiles('oioxml/letters', '.xml'),
        ...testdataFiles('oioxml/lookalike', '.xml'),
      ];
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(...files),
          fc.nat(),
          fc.nat(200),
          fc.constantFrom(
            '',
            '<',
            '&',
            '\u0000',
            '</',
            '<!DOCTYPE a>',
            '9',
            'ø',
            '<Break/>',
            '&#x0;',
            '&bomb;',
          ),
          async (file, at, length, inserted) => {
            const bytes = readFileSync(file);
            const from = at % bytes.length;
            const mutant = Buffer.concat([
              bytes.subarray(0, from),
              Buffer.from(inserted),
              bytes.subarray(Math.min(bytes.length, from + length)),
            ]);
            expect([200, 204, 400, 422]).toContain((await receiveLetter(store, mutant)).status);
          },
        ),
        { numRuns: MUTANTS, endOnFailure: true },
      );
    }, 600_000);
  });
});
