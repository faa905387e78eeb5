import { describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import { resourceSource } from '../../../src/fhir/definitions/resource-source.ts';
import { createValidator } from '../../../src/fhir/validation/validate.ts';
import { CASES, profile, URL } from './rows/profile-cases.ts';
import { patient, task } from './rows/row.ts';
import { a, identified, SLICING_CASES } from './rows/slicing-cases.ts';

function issuesOf(
  resource: unknown,
  definitions: readonly Resource[],
): (readonly [string | undefined, string])[] {
  const validate = createValidator(resourceSource(definitions));
  return validate(resource, { profiles: [URL] }).map(
    ({ expression, code }) => [expression?.[0], code] as const,
  );
}

describe.each([...CASES, ...SLICING_CASES].map((one) => [one.fact, one] as const))(
  '%s',
  (_, { elements, more = [], good, bad }) => {
    const type = (good as { resourceType: string }).resourceType;
    const definitions = [profile(type, elements), ...more];

    it('what meets it passes', () => {
      expect(issuesOf(good, definitions)).toEqual([]);
    });

    it.each(bad.map(([resource, expression, code]) => [expression, code, resource] as const))(
      '%s: %s',
      (expression, code, resource) => {
        expect(issuesOf(resource, definitions)).toEqual([[expression, code]]);
      },
    );
  },
);

it('a slice whose marks stand in an unknown profile is neither counted nor closed over', () => {
  const unknown = profile('Patient', [
    {
      id: 'Patient.identifier',
      slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'closed' },
    },
    {
      id: 'Patient.identifier:a',
      sliceName: 'a',
      min: 1,
      max: '1',
      type: [{ code: 'Identifier', profile: ['http://example.org/unknown'] }],
    },
  ]);
  expect(issuesOf(identified(a), [unknown])).toEqual([]);
});

it('rules may ask for profiles and value sets; those not known leave the rule open', () => {
  const rule = (key: string, expression: string) => ({
    key,
    severity: 'error' as const,
    human: key,
    expression,
  });
  const named = profile(
    'Patient',
    [{ id: 'Patient.name', min: 1, type: [{ code: 'HumanName' }] }],
    'http://example.org/StructureDefinition/named',
  );
  const asking = profile('Patient', [
    {
      id: 'Patient',
      constraint: [
        rule('a', "conformsTo('http://example.org/StructureDefinition/named')"),
        rule('b', "conformsTo('http://example.org/StructureDefinition/unknown')"),
        rule('c', "gender.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')"),
        rule('d', "maritalStatus.memberOf('http://hl7.org/fhir/ValueSet/administrative-gender')"),
        rule('e', "managingOrganization.resolve().name = 'A'"),
      ],
    },
  ]);
  const contained = { resourceType: 'Organization', id: 'o', name: 'A' };
  const good = patient({
    name: [{ text: 'A' }],
    gender: 'male',
    contained: [contained],
    managingOrganization: { reference: '#o' },
  });
  expect(issuesOf(good, [named, asking])).toEqual([]);
  expect(issuesOf({ ...good, name: undefined }, [named, asking]).length).toBe(1);
  expect(issuesOf({ ...good, contained: [{ ...contained, name: 'B' }] }, [named, asking])).toEqual([
    ['Patient', 'invariant'],
  ]);
  expect(
    issuesOf({ ...good, maritalStatus: { coding: [{ system: 'http://example.org', code: 'x' }] } }, [
      named,
      asking,
    ]),
  ).toEqual([['Patient', 'invariant']]);
});

it('a profile of another type cannot be claimed', () => {
  expect(issuesOf(task(), [profile('Patient', [])])).toEqual([['Task', 'value']]);
});
