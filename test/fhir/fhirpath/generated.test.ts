import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { byCompiler, byEngine, HANDED_OVER, NOT_COMPILED } from './engine.ts';
import { randomQuestion } from './random-question.ts';

const RUNS = Number(process.env.RUNS ?? 1_500);

it('a generated expression gives what fhirpath.js gives, on generated data', () => {
  const counts = { compared: 0, handedOver: 0, notCompiled: 0, items: 0 };
  fc.assert(
    fc.property(fc.nat(), (seed) => {
      const asked = randomQuestion(seed);
      const mine = byCompiler(asked);
      if (mine === NOT_COMPILED) counts.notCompiled += 1;
      else if (mine === HANDED_OVER) counts.handedOver += 1;
      else {
        counts.compared += 1;
        if (Array.isArray(mine) && mine.length > 0) counts.items += 1;
        expect({ ...asked, result: mine }).toEqual({ ...asked, result: byEngine(asked) });
      }
    }),
    { numRuns: RUNS },
  );
  if (process.env.RUNS !== undefined) console.log(counts);
  // Else the comparison would say little.
  expect(counts.compared).toBeGreaterThan(RUNS / 2);
  expect(counts.items).toBeGreaterThan(RUNS / 5);
});
