import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { effort } from '../../support/effort.ts';
import { encounter, observation, patient, task } from './rows/row.ts';

/** Resources with many kinds of elements, as a base for damage. */
const SEEDS: readonly unknown[] = [
  patient({
    id: 'a',
    meta: {
      profile: ['http://hl7.org/fhir/StructureDefinition/Patient'],
      tag: [{ system: 'http://example.org', code: 'x' }],
    },
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">a</div>' },
    contained: [{ resourceType: 'Organization', id: 'o', name: 'A' }],
    extension: [
      { url: 'http://hl7.org/fhir/StructureDefinition/patient-birthPlace', valueAddress: { city: 'A' } },
    ],
    name: [
      {
        use: 'official',
        given: ['A', null],
        _given: [null, { id: 'g', extension: [{ url: 'http://example.org', valueString: 'b' }] }],
      },
    ],
    telecom: [{ system: 'phone', value: '1', period: { start: '2026-01-01', end: '2026-02' } }],
    managingOrganization: { reference: '#o' },
  }),
  task({
    input: [{ type: { text: 'a' }, valueRange: { low: { value: 1 }, high: { value: 2 } } }],
    authoredOn: '2026-01-01T00:00:00Z',
    lastModified: '2026-01-02',
    for: { reference: 'Patient/1', type: 'Patient' },
  }),
  encounter({
    period: { start: '2026-01-01' },
    statusHistory: [{ status: 'arrived', period: { start: '2026-01-01' } }],
  }),
  observation({
    valueQuantity: { value: 1, unit: 'mg', system: 'http://unitsofmeasure.org', code: 'mg' },
    effectiveTiming: { repeat: { period: 1, periodUnit: 'd' } },
  }),
  {
    resourceType: 'Questionnaire',
    status: 'draft',
    item: [
      {
        linkId: '1',
        type: 'group',
        item: [{ linkId: '2', type: 'choice', answerOption: [{ valueCoding: { code: 'a' } }] }],
      },
    ],
  },
  {
    resourceType: 'Bundle',
    type: 'collection',
    entry: [{ fullUrl: 'http://example.org/Patient/1', resource: patient({ active: true }) }],
  },
];

/** Puts a strange value, or takes something away, at a random place. */
function damage(value: unknown, path: readonly number[], strange: unknown): unknown {
  if (typeof value !== 'object' || value === null || path.length === 0) {
    return strange;
  }
  const copy = structuredClone(value) as Record<string, unknown>;
  const keys = Object.keys(copy);
  const key = keys[(path[0] ?? 0) % Math.max(keys.length, 1)] ?? 'extra';
  copy[key] = damage(copy[key], path.slice(1), strange);
  return copy;
}

it('a damaged resource is answered with issues, never with an exception', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...SEEDS),
      fc.array(fc.nat(30), { maxLength: 6 }),
      fc.jsonValue(),
      (seed, path, strange) => {
        for (const issue of validateResource(damage(seed, path, strange))) {
          expect(issue.expression?.[0]).toMatch(/^[A-Z]/);
          expect(issue.diagnostics?.length).toBeGreaterThan(10);
        }
      },
    ),
    { numRuns: 3000 },
  );
});

it('any JSON at all is answered', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      expect(validateResource(value).length).toBeGreaterThan(0);
    }),
    { numRuns: 1000 },
  );
});

it('long texts are judged in time linear to their length', () => {
  const judged = effort();
  const long = 'a'.repeat(900_000);
  validateResource(patient({ name: [{ text: long }], birthDate: long, language: `${long} `, id: long }));
  validateResource(
    patient({
      photo: [{ contentType: 'image/png', data: long }],
      managingOrganization: { reference: `http://${long}/` },
    }),
  );
  validateResource(
    task({
      instantiatesUri: `${long} b`,
      description: ' '.repeat(900_000),
      code: { coding: [{ code: 'a b '.repeat(200_000) }] },
    }),
  );
  // A quarter of a second; a step for each pair of characters would be a quarter of an hour.
  expect(judged.thread()).toBeLessThan(30_000);
});
