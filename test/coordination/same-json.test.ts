import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { sameJson } from '../../src/coordination/same-json.ts';

/** One text for all JSON values that say the same; an array is no object, not even an empty one. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? { members: Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)) }
      : each,
  );

it('two JSON values are the same when they say the same in any order of members', () => {
  const value = fc.jsonValue({ maxDepth: 3 });
  fc.assert(
    fc.property(value, value, fc.dictionary(fc.string(), value), (one, other, members) => {
      const reordered = Object.fromEntries(Object.entries(members).reverse());
      const missing = Object.fromEntries(Object.entries(members).slice(1));
      for (const [a, b] of [
        [one, other],
        [one, JSON.parse(JSON.stringify(one))],
        [members, reordered],
        [members, missing],
        [members, Object.entries(members)],
        [{ x: [] }, { x: {} }],
        [
          { ...members, x: one },
          { ...members, x: other },
        ],
        [
          { ...members, x: one },
          { ...members, y: one },
        ],
      ] as const) {
        expect(sameJson(a, b)).toBe(canonical(a) === canonical(b));
      }
    }),
  );
});
