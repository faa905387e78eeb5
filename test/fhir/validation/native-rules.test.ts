import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BASE_DEFINITIONS } from '../../../src/fhir/definitions.ts';
import { compileFhirPath } from '../../../src/fhir/fhirpath.ts';
import { BUNDLE_RULES, ENTRY_RULES } from '../../../src/fhir/validation/bundle-rules.ts';
import { NATIVE_RULES } from '../../../src/fhir/validation/native-rules.ts';
import { Run } from '../../../src/fhir/validation/run.ts';

/** The types that carry each rule, with elements that the rule looks at. */
const dates = fc.constantFrom(
  '2026',
  '2025',
  '2026-03',
  '2026-02',
  '2026-03-01',
  '2026-03-02',
  '2025-12-31',
  '2026-03-01T00:00:00Z',
  '2026-03-01T00:30:00+01:00',
  '2026-03-01T23:59:59.999-02:00',
  '2026-03-02T00:00:00+14:00',
);
const text = fc.constantFrom('a', 'b');
// FHIRPath.js compares quantities only in UCUM units; others it compares as texts, which says nothing.
const quantity = fc.record({
  value: fc.integer({ min: 0, max: 3 }),
  system: fc.constant('http://unitsofmeasure.org'),
  code: fc.constantFrom('mg', 'g'),
});
const maybe = <T extends Record<string, fc.Arbitrary<unknown>>>(shape: T) =>
  fc.record(shape, { requiredKeys: [], noNullPrototype: true });

const resource = fc.oneof(
  fc.record(
    { resourceType: fc.constantFrom('MessageHeader', 'Composition', 'Patient') },
    { noNullPrototype: true },
  ),
  fc.constantFrom('1', '2').map((versionId) => ({ resourceType: 'Patient', meta: { versionId } })),
);
const entry = maybe({
  fullUrl: fc.constantFrom('urn:uuid:1', 'urn:uuid:2', 'https://a.example/Patient/1/_history/2'),
  resource,
  search: fc.constant({ mode: 'match' }),
  request: fc.constant({ method: 'GET', url: 'Patient' }),
  response: fc.constant({ status: '200' }),
});
// Without a type the structure check refuses it.
const bundle = fc.record(
  {
    resourceType: fc.constant('Bundle'),
    type: fc.constantFrom(
      'document',
      'message',
      'transaction',
      'transaction-response',
      'batch',
      'batch-response',
      'history',
      'searchset',
      'collection',
    ),
    identifier: maybe({ system: text, value: text }),
    timestamp: fc.constant('2026-03-01T00:00:00Z'),
    total: fc.nat(3),
    // Lists that are empty are no FHIR.
    entry: fc.array(entry, { minLength: 1, maxLength: 3 }),
  },
  { requiredKeys: ['resourceType', 'type'], noNullPrototype: true },
);
const CASES: readonly (readonly [string, string, fc.Arbitrary<object>])[] = [
  ['code.empty() or system.exists()', 'Quantity', maybe({ code: text, system: text, value: fc.integer() })],
  ['value.empty() or system.exists()', 'ContactPoint', maybe({ value: text, system: text })],
  ['data.empty() or contentType.exists()', 'Attachment', maybe({ data: text, contentType: text })],
  ['expression.exists() or reference.exists()', 'Expression', maybe({ expression: text, reference: text })],
  ['comparator.empty()', 'Quantity', maybe({ comparator: fc.constant('<'), value: fc.integer() })],
  [
    'start.hasValue().not() or end.hasValue().not() or (start <= end)',
    'Period',
    maybe({ start: dates, end: dates }),
  ],
  [
    'lastModified.exists().not() or authoredOn.exists().not() or lastModified >= authoredOn',
    'Task',
    maybe({ lastModified: dates, authoredOn: dates }),
  ],
  ['low.empty() or high.empty() or (low <= high)', 'Range', maybe({ low: quantity, high: quantity })],
  [
    '(identifier.count() + name.count()) > 0',
    'Organization',
    maybe({ identifier: fc.constant([{ value: 'a' }]), name: text, active: fc.boolean() }),
  ],
  ...BUNDLE_RULES.map(([expression]) => [expression, 'Bundle', bundle] as const),
  ...ENTRY_RULES.map(([expression]) => [expression, 'Bundle.entry', entry] as const),
];

/** Rules that leave nothing open which FHIRPath decides. */
const decided: ReadonlySet<string> = new Set([
  '(identifier.count() + name.count()) > 0',
  ...[...BUNDLE_RULES, ...ENTRY_RULES].map(([expression]) => expression),
]);

/** FHIRPath.js throws where an operator meets an object it cannot compare; a rule then leaves it open. */
function attempt(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch {
    return undefined;
  }
}

it('every native rule is held against its expression', () => {
  expect(CASES.map(([expression]) => expression).sort()).toEqual([...NATIVE_RULES.keys()].sort());
});

it.each(CASES)('%s: never contradicts FHIRPath', (expression, base, arbitrary) => {
  const native = NATIVE_RULES.get(expression);
  const compiled = compileFhirPath(expression, { base });
  const run = new Run(
    {
      definitions: BASE_DEFINITIONS,
      profile: () => undefined,
      membership: () => undefined,
      conditionalReferences: false,
      advice: false,
    },
    {},
  );
  fc.assert(
    fc.property(arbitrary, (value) => {
      const mine = native?.(run, value);
      const theirs = attempt(() => compiled(value, { resource: value, rootResource: value })[0]);
      // A day against an instant is compared by FHIRPath.js in the zone of the machine; where the zone decides,
      // the rule leaves it open instead. Neither may say yes where the other says no.
      expect([mine, theirs]).not.toEqual([true, false]);
      expect([mine, theirs]).not.toEqual([false, true]);
      if (decided.has(expression) && theirs !== undefined) expect(mine).toBe(theirs);
    }),
    { numRuns: 500 },
  );
});
