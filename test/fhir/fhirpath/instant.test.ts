import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import types from 'fhirpath/src/types.js';
import { instantText } from '../../../src/coordination/moment.ts';
import { compileFhirPath, dateTimeAt } from '../../../src/fhir/fhirpath.ts';

const { FP_DateTime: DateTime } = types;
const instant = fc
  .oneof(
    fc.date({ noInvalidDate: true }),
    fc.date({
      min: new Date('2025-12-31T22:00:00Z'),
      max: new Date('2026-01-01T02:00:00Z'),
      noInvalidDate: true,
    }),
  )
  .map((date) => date.getTime());

test('an instant is written as Date writes it, in any year', () => {
  fc.assert(
    fc.property(instant, (at) => {
      expect(instantText(at)).toBe(new Date(at).toISOString());
    }),
  );
});

const OPERATORS = ['=', '!=', '~', '!~', '<', '>', '<=', '>='];
const OTHERS = ['@2026', '@2026-01', '@2026-01-01T00:00:00Z', '@2026-01-01T01:00:00.000+01:00', "'2026'"];

test('an instant known by its milliseconds answers as the dateTime of its text does', () => {
  const sides = fc.constantFrom('%a', '%b', ...OTHERS);
  const expression = fc
    .tuple(sides, fc.constantFrom(...OPERATORS), sides)
    .map((parts) => parts.join(' '))
    .filter((text) => text.includes('%'));
  const others = fc.constantFrom(
    '%a.toString()',
    '%a + 1 day',
    '%a is DateTime',
    '%a.lowBoundary(8)',
    '%a | %b',
  );
  fc.assert(
    fc.property(instant, instant, fc.oneof(expression, others), (a, b, text) => {
      const evaluate = compileFhirPath(text);
      const outcome = (make: (at: number) => unknown) => {
        try {
          return JSON.stringify(evaluate({}, { a: make(a), b: make(b) }));
        } catch (error) {
          return String(error);
        }
      };
      expect(outcome(dateTimeAt)).toBe(outcome((at) => new DateTime(null, new Date(at).toISOString())));
    }),
    { numRuns: 500 },
  );
});
