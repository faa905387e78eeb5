import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { resourceSource } from '../../../src/fhir/definitions/resource-source.ts';
import { loadPackages } from '../../../src/fhir/packages/load-packages.ts';
import { createValidator } from '../../../src/fhir/validation/validate.ts';
import { encounter, observation, patient, type Row, row, task } from './rows/row.ts';

const URL = 'http://example.org/StructureDefinition/p';

type Element = Partial<ElementDefinition> & { id: string };

/** A profile with just the elements that matter; the others are as in the base. */
function profile(type: string, elements: readonly Element[], url = URL): StructureDefinition {
  const all = elements.some(({ id }) => id === type) ? elements : [{ id: type }, ...elements];
  return {
    resourceType: 'StructureDefinition',
    url,
    name: 'P',
    status: 'active',
    kind: /^(Identifier|Extension|Coding)$/.test(type) ? 'complex-type' : 'resource',
    abstract: false,
    type,
    derivation: 'constraint',
    snapshot: {
      element: all.map((element) => ({
        path: element.id.replace(/:[^.]+/g, ''),
        min: 0,
        max: '*',
        ...element,
      })) as ElementDefinition[],
    },
  };
}

function issuesOf(
  resource: unknown,
  definitions: readonly Resource[],
): (readonly [string | undefined, string])[] {
  const validate = createValidator(resourceSource(definitions));
  return validate(resource, { profiles: [URL] }).map(
    ({ expression, code }) => [expression?.[0], code] as const,
  );
}

const identifierSlices = (rules: 'open' | 'closed'): Element[] => [
  { id: 'Patient.identifier', slicing: { discriminator: [{ type: 'value', path: 'system' }], rules } },
  { id: 'Patient.identifier:a', sliceName: 'a', min: 1, max: '1', type: [{ code: 'Identifier' }] },
  {
    id: 'Patient.identifier:a.system',
    min: 1,
    max: '1',
    type: [{ code: 'uri' }],
    fixedUri: 'http://example.org/a',
  },
  { id: 'Patient.identifier:a.value', min: 1, max: '1', type: [{ code: 'string' }], maxLength: 3 },
];
const identified = (...identifier: object[]) => patient({ identifier });
const a = { system: 'http://example.org/a', value: 'abc' };

interface Case {
  readonly fact: string;
  readonly elements: readonly Element[];
  readonly more?: readonly Resource[];
  readonly good: unknown;
  readonly bad: readonly (readonly [unknown, string, string])[];
}

const quantity = { value: 1 };
const CASES: readonly Case[] = [
  {
    fact: 'an optional element may be required, a repeating one limited, another forbidden',
    elements: [
      { id: 'Patient.name', min: 1, max: '2', type: [{ code: 'HumanName' }] },
      { id: 'Patient.photo', max: '0', type: [{ code: 'Attachment' }] },
    ],
    good: patient({ name: [{ text: 'A' }] }),
    bad: [
      [patient({ active: true }), 'Patient.name', 'required'],
      [patient({ name: [{ text: 'A' }, { text: 'B' }, { text: 'C' }] }), 'Patient.name', 'structure'],
      [patient({ name: [{ text: 'A' }], photo: [{ title: 'B' }] }), 'Patient.photo', 'structure'],
    ],
  },
  {
    fact: 'elements of data types and backbones may be constrained in place',
    elements: [
      { id: 'Patient.name', type: [{ code: 'HumanName' }] },
      { id: 'Patient.name.family', min: 1, max: '1', type: [{ code: 'string' }] },
      { id: 'Patient.contact', type: [{ code: 'BackboneElement' }] },
      { id: 'Patient.contact.relationship', min: 1, type: [{ code: 'CodeableConcept' }] },
    ],
    good: patient({ name: [{ family: 'A' }] }),
    bad: [
      [patient({ name: [{ family: 'A' }, { text: 'B' }] }), 'Patient.name[1].family', 'required'],
      [patient({ contact: [{ name: { family: 'A' } }] }), 'Patient.contact[0].relationship', 'required'],
    ],
  },
  {
    fact: 'a fixed value is met exactly, a pattern at least',
    elements: [
      {
        id: 'Task.code',
        max: '1',
        type: [{ code: 'CodeableConcept' }],
        patternCodeableConcept: { coding: [{ system: 'http://example.org', code: 'a' }] },
      },
      { id: 'Task.intent', max: '1', type: [{ code: 'code' }], fixedCode: 'plan' },
    ],
    good: task({
      intent: 'plan',
      code: {
        text: 'A',
        coding: [
          { system: 'http://example.org', code: 'b' },
          { system: 'http://example.org', code: 'a', display: 'A' },
        ],
      },
    }),
    bad: [
      [task({ intent: 'order' }), 'Task.intent', 'value'],
      [
        task({ intent: 'plan', code: { coding: [{ system: 'http://example.org', code: 'b' }] } }),
        'Task.code',
        'value',
      ],
    ],
  },
  {
    fact: 'a choice may be narrowed',
    elements: [{ id: 'Observation.value[x]', max: '1', type: [{ code: 'Quantity' }, { code: 'boolean' }] }],
    good: observation({ valueBoolean: false }),
    bad: [[observation({ valueString: 'a' }), 'Observation.value.ofType(string)', 'structure']],
  },
  {
    fact: 'a type of a choice may be sliced',
    elements: [
      {
        id: 'Observation.value[x]',
        max: '1',
        type: [{ code: 'Quantity' }, { code: 'string' }],
        slicing: { discriminator: [{ type: 'type', path: '$this' }], rules: 'open' },
      },
      {
        id: 'Observation.value[x]:valueQuantity',
        sliceName: 'valueQuantity',
        max: '1',
        type: [{ code: 'Quantity' }],
      },
      { id: 'Observation.value[x]:valueQuantity.unit', min: 1, max: '1', type: [{ code: 'string' }] },
    ],
    good: observation({ valueString: 'a' }),
    bad: [[observation({ valueQuantity: quantity }), 'Observation.value.ofType(Quantity).unit', 'required']],
  },
  {
    fact: 'a binding may be made required',
    elements: [
      {
        id: 'Encounter.class',
        min: 1,
        max: '1',
        type: [{ code: 'Coding' }],
        binding: { strength: 'required', valueSet: 'http://example.org/ValueSet/v' },
      },
    ],
    more: [
      {
        resourceType: 'ValueSet',
        status: 'active',
        url: 'http://example.org/ValueSet/v',
        compose: {
          include: [
            { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', concept: [{ code: 'IMP' }] },
          ],
        },
      },
    ],
    good: encounter(),
    bad: [
      [
        encounter({ class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' } }),
        'Encounter.class',
        'code-invalid',
      ],
    ],
  },
  {
    fact: 'the targets of a reference may be narrowed',
    elements: [
      {
        id: 'Encounter.subject',
        max: '1',
        type: [{ code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Patient'] }],
      },
    ],
    good: encounter({ subject: { reference: 'Patient/1' } }),
    bad: [[encounter({ subject: { reference: 'Group/1' } }), 'Encounter.subject.reference', 'value']],
  },
  {
    fact: 'a rule may be added to a resource and to an element; a broken warning is a warning',
    elements: [
      {
        id: 'Patient',
        constraint: [{ key: 'p-1', severity: 'error', human: 'A name', expression: 'name.exists()' }],
      },
      {
        id: 'Patient.name',
        type: [{ code: 'HumanName' }],
        constraint: [{ key: 'p-2', severity: 'error', human: 'A family', expression: 'family.exists()' }],
      },
    ],
    good: patient({ name: [{ family: 'A' }] }),
    bad: [
      [patient({ active: true }), 'Patient', 'invariant'],
      [patient({ name: [{ text: 'A' }] }), 'Patient.name[0]', 'invariant'],
    ],
  },
  {
    fact: 'numbers, dates and lengths may have bounds',
    elements: [
      {
        id: 'Patient.multipleBirth[x]',
        max: '1',
        type: [{ code: 'integer' }],
        minValueInteger: 1,
        maxValueInteger: 6,
      },
      { id: 'Patient.birthDate', max: '1', type: [{ code: 'date' }], minValueDate: '1900-01-01' },
      { id: 'Patient.language', max: '1', type: [{ code: 'code' }], maxLength: 2 },
    ],
    good: patient({ multipleBirthInteger: 2, birthDate: '1940-01-01', language: 'da' }),
    bad: [
      [patient({ multipleBirthInteger: 0 }), 'Patient.multipleBirth.ofType(integer)', 'value'],
      [patient({ multipleBirthInteger: 7 }), 'Patient.multipleBirth.ofType(integer)', 'value'],
      [patient({ birthDate: '1899-12-31' }), 'Patient.birthDate', 'value'],
      [patient({ language: 'da-DK' }), 'Patient.language', 'value'],
    ],
  },
  {
    fact: 'slices by value: counted, held to their elements, others left alone while open',
    elements: identifierSlices('open'),
    good: identified(a, { system: 'http://example.org/b' }),
    bad: [
      [identified({ system: 'http://example.org/b' }), 'Patient.identifier', 'required'],
      [identified(a, a), 'Patient.identifier', 'structure'],
      [identified({ system: 'http://example.org/a' }), 'Patient.identifier[0].value', 'required'],
      [identified({ system: 'http://example.org/a', value: 'abcd' }), 'Patient.identifier[0].value', 'value'],
    ],
  },
  {
    fact: 'closed slices leave nothing else',
    elements: identifierSlices('closed'),
    good: identified(a),
    bad: [[identified(a, { system: 'http://example.org/b' }), 'Patient.identifier[1]', 'structure']],
  },
  {
    fact: 'slices by the profile of their type: its values are followed',
    elements: [
      {
        id: 'Patient.identifier',
        slicing: { discriminator: [{ type: 'value', path: 'system' }], rules: 'open' },
      },
      {
        id: 'Patient.identifier:a',
        sliceName: 'a',
        min: 1,
        max: '1',
        type: [{ code: 'Identifier', profile: ['http://example.org/StructureDefinition/i'] }],
      },
    ],
    more: [
      profile(
        'Identifier',
        [
          {
            id: 'Identifier.system',
            min: 1,
            max: '1',
            type: [{ code: 'uri' }],
            fixedUri: 'http://example.org/a',
          },
          { id: 'Identifier.value', min: 1, max: '1', type: [{ code: 'string' }] },
        ],
        'http://example.org/StructureDefinition/i',
      ),
    ],
    good: identified({ system: 'http://example.org/b' }, a),
    bad: [
      [identified({ system: 'http://example.org/b' }), 'Patient.identifier', 'required'],
      [identified({ system: 'http://example.org/a' }), 'Patient.identifier[0].value', 'required'],
    ],
  },
  {
    fact: 'slices by an extension of their items',
    elements: [
      {
        id: 'Patient.name',
        slicing: {
          discriminator: [{ type: 'value', path: "extension('http://example.org/e').value" }],
          rules: 'open',
        },
      },
      { id: 'Patient.name:a', sliceName: 'a', min: 1, max: '1', type: [{ code: 'HumanName' }] },
      {
        id: 'Patient.name:a.extension',
        slicing: { discriminator: [{ type: 'value', path: 'url' }], rules: 'open' },
        type: [{ code: 'Extension' }],
      },
      {
        id: 'Patient.name:a.extension:e',
        sliceName: 'e',
        min: 1,
        max: '1',
        type: [{ code: 'Extension', profile: ['http://example.org/e'] }],
      },
      {
        id: 'Patient.name:a.extension:e.value[x]',
        min: 1,
        max: '1',
        type: [{ code: 'code' }],
        patternCode: 'x',
      },
    ],
    good: patient({
      name: [{ text: 'A', extension: [{ url: 'http://example.org/e', valueCode: 'x' }] }, { text: 'B' }],
    }),
    bad: [
      [
        patient({ name: [{ text: 'A', extension: [{ url: 'http://example.org/e', valueCode: 'y' }] }] }),
        'Patient.name',
        'required',
      ],
    ],
  },
  {
    fact: 'slices by a required binding',
    elements: [
      { id: 'Patient.name', slicing: { discriminator: [{ type: 'value', path: 'use' }], rules: 'closed' } },
      { id: 'Patient.name:a', sliceName: 'a', type: [{ code: 'HumanName' }] },
      {
        id: 'Patient.name:a.use',
        min: 1,
        max: '1',
        type: [{ code: 'code' }],
        binding: { strength: 'required', valueSet: 'http://example.org/ValueSet/u' },
      },
    ],
    more: [
      {
        resourceType: 'ValueSet',
        status: 'active',
        url: 'http://example.org/ValueSet/u',
        compose: { include: [{ system: 'http://hl7.org/fhir/name-use', concept: [{ code: 'official' }] }] },
      },
    ],
    good: patient({ name: [{ use: 'official', text: 'A' }] }),
    bad: [[patient({ name: [{ use: 'nickname', text: 'A' }] }), 'Patient.name[0]', 'structure']],
  },
  {
    fact: 'slices by existence',
    elements: [
      {
        id: 'Patient.telecom',
        slicing: { discriminator: [{ type: 'exists', path: 'period' }], rules: 'open' },
      },
      { id: 'Patient.telecom:past', sliceName: 'past', max: '1', type: [{ code: 'ContactPoint' }] },
      { id: 'Patient.telecom:past.period', min: 1, max: '1', type: [{ code: 'Period' }] },
      { id: 'Patient.telecom:now', sliceName: 'now', min: 1, type: [{ code: 'ContactPoint' }] },
      { id: 'Patient.telecom:now.period', max: '0', type: [{ code: 'Period' }] },
    ],
    good: patient({
      telecom: [
        { system: 'phone', value: '1' },
        { system: 'phone', value: '2', period: { end: '2020' } },
      ],
    }),
    bad: [
      [
        patient({ telecom: [{ system: 'phone', value: '2', period: { end: '2020' } }] }),
        'Patient.telecom',
        'required',
      ],
    ],
  },
  {
    fact: 'slices by the type of a resource, and by its profile',
    elements: [
      { id: 'Bundle' },
      { id: 'Bundle.entry', slicing: { discriminator: [{ type: 'type', path: 'resource' }], rules: 'open' } },
      {
        id: 'Bundle.entry:patient',
        sliceName: 'patient',
        min: 1,
        max: '1',
        type: [{ code: 'BackboneElement' }],
      },
      {
        id: 'Bundle.entry:patient.resource',
        min: 1,
        max: '1',
        type: [{ code: 'Patient', profile: ['http://example.org/StructureDefinition/named'] }],
      },
    ],
    more: [
      profile(
        'Patient',
        [{ id: 'Patient.name', min: 1, type: [{ code: 'HumanName' }] }],
        'http://example.org/StructureDefinition/named',
      ),
    ],
    good: {
      resourceType: 'Bundle',
      type: 'collection',
      entry: [{ resource: task() }, { resource: patient({ name: [{ text: 'A' }] }) }],
    },
    bad: [
      [
        { resourceType: 'Bundle', type: 'collection', entry: [{ resource: task() }] },
        'Bundle.entry',
        'required',
      ],
      [
        { resourceType: 'Bundle', type: 'collection', entry: [{ resource: patient({ active: true }) }] },
        'Bundle.entry[0].resource.name',
        'required',
      ],
    ],
  },
  {
    fact: 'slices by the target of a reference',
    elements: [
      {
        id: 'Encounter.participant',
        slicing: { discriminator: [{ type: 'profile', path: 'individual.resolve()' }], rules: 'open' },
      },
      {
        id: 'Encounter.participant:p',
        sliceName: 'p',
        min: 1,
        max: '1',
        type: [{ code: 'BackboneElement' }],
      },
      {
        id: 'Encounter.participant:p.individual',
        min: 1,
        max: '1',
        type: [
          { code: 'Reference', targetProfile: ['http://hl7.org/fhir/StructureDefinition/Practitioner'] },
        ],
      },
    ],
    good: encounter({
      participant: [
        { individual: { reference: 'Practitioner/1' } },
        { individual: { reference: 'RelatedPerson/1' } },
      ],
    }),
    bad: [
      [
        encounter({ participant: [{ individual: { reference: 'RelatedPerson/1' } }] }),
        'Encounter.participant',
        'required',
      ],
    ],
  },
];

describe.each(CASES.map((one) => [one.fact, one] as const))('%s', (_, { elements, more = [], good, bad }) => {
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
});

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

const OWN = 'https://overgang.dk/fhir';
const claim = (id: string, resource: Record<string, unknown>) => ({
  ...resource,
  meta: { profile: [`${OWN}/StructureDefinition/${id}`] },
});
const coded = (system: string, code: string) => [
  { coding: [{ system: `${OWN}/CodeSystem/${system}`, code }] },
];
const stay = (change: object = {}) =>
  claim(
    'stay',
    encounter({
      subject: { reference: 'Patient/1' },
      period: { start: '2026-03-01T10:00:00+01:00' },
      ...change,
    }),
  );
const letter = (change: object = {}) =>
  claim('exchange', {
    resourceType: 'Communication',
    status: 'completed',
    category: coded('exchange', 'discharge-letter'),
    subject: { reference: 'Patient/1' },
    encounter: { reference: 'Encounter/1' },
    sent: '2026-03-01T10:00:00Z',
    ...change,
  });
const plan = (contributor: object[]) =>
  claim('discharge-plan', {
    resourceType: 'CarePlan',
    status: 'active',
    intent: 'plan',
    category: coded('exchange', 'discharge-plan'),
    subject: { reference: 'Patient/1' },
    contributor,
  });
const agreed = (...parts: object[]) => ({
  reference: 'Organization/1',
  extension: [{ url: `${OWN}/StructureDefinition/plan-agreement`, extension: parts }],
});

const OWN_ROWS: readonly Row[] = [
  row(
    'a stay is inpatient or acute',
    stay({ class: { system: 'http://terminology.hl7.org/CodeSystem/v3-ActCode', code: 'AMB' } }),
    'Encounter.class',
    'code-invalid',
  ),
  row('a stay has a citizen', { ...stay(), subject: undefined }, 'Encounter.subject', 'required'),
  row(
    'a stay has an admission',
    stay({ period: { end: '2026-03-02' } }),
    'Encounter.period.start',
    'required',
  ),
  row('a finished stay has a discharge', stay({ status: 'finished' }), 'Encounter', 'invariant'),
  row(
    'an episode id is lower-case hex',
    stay({ identifier: [{ system: `${OWN}/NamingSystem/stay-episode`, value: 'AB-12' }] }),
    'Encounter.identifier[0].value',
    'invariant',
  ),
  row(
    'the end of treatment is a time',
    stay({ extension: [{ url: `${OWN}/StructureDefinition/end-of-treatment`, valueString: 'i går' }] }),
    'Encounter.extension[0].value.ofType(string)',
    'structure',
  ),
  row(
    'a leave stands on a stay',
    claim(
      'exchange',
      letter({
        extension: [{ url: `${OWN}/StructureDefinition/leave-period`, valuePeriod: { start: '2026-03-01' } }],
      }),
    ),
    'Communication.extension[0]',
    'extension',
  ),
  row(
    'an exchange is one of the five',
    letter({ category: coded('exchange', 'discharge-plan') }),
    'Communication.category',
    'required',
  ),
  row('a completed exchange has a time', letter({ sent: undefined }), 'Communication', 'invariant'),
  row(
    'a section is a known one',
    letter({
      payload: [
        {
          contentString: 'A',
          extension: [{ url: `${OWN}/StructureDefinition/exchange-section`, valueCode: 'weather' }],
        },
      ],
    }),
    'Communication.payload[0].extension[0].value.ofType(code)',
    'code-invalid',
  ),
  row(
    'a correction corrects an exchange',
    letter({
      extension: [{ url: `${OWN}/StructureDefinition/corrects`, valueReference: { reference: 'Task/1' } }],
    }),
    'Communication.extension[0].value.ofType(Reference).reference',
    'value',
  ),
  row(
    'an agreement names a sector',
    plan([agreed({ url: 'agreedAt', valueDateTime: '2026-03-01' })]),
    'CarePlan.contributor[0].extension[0].extension',
    'required',
  ),
  row(
    'a sector is hospital or municipality',
    plan([agreed({ url: 'sector', valueCode: 'kommune' })]),
    'CarePlan.contributor[0].extension[0].extension[0].value.ofType(code)',
    'code-invalid',
  ),
  row(
    'an agreement has a time, not a text',
    plan([agreed({ url: 'sector', valueCode: 'hospital' }, { url: 'agreedAt', valueString: 'i dag' })]),
    'CarePlan.contributor[0].extension[0].extension[1].value.ofType(string)',
    'structure',
  ),
  row(
    'an organisation has a type of ours',
    claim('organisation', { resourceType: 'Organization', name: 'A', type: [{ text: 'x' }] }),
    'Organization.type',
    'required',
  ),
  row(
    'a CPR number has ten digits',
    claim('citizen', patient({ identifier: [{ system: 'urn:oid:1.2.208.176.1.2', value: '251248-4916' }] })),
    'Patient.identifier[0].value',
    'invariant',
  ),
  row(
    'an obligation has a due time',
    claim(
      'obligation',
      task({
        code: coded('exchange', 'discharge-letter')[0],
        for: { reference: 'Patient/1' },
        focus: { reference: 'Encounter/1' },
        encounter: { reference: 'Encounter/1' },
        instantiatesCanonical: 'http://example.org/a',
      }),
    ),
    'Task.restriction',
    'required',
  ),
];

describe('our own profiles', () => {
  it.each(OWN_ROWS.map((one) => [one.fact, one] as const))(
    '%s',
    async (_, { resource, expression, code }) => {
      const { definitions } = await loadPackages(join(import.meta.dirname, '..', '..', '..', 'profiles'));
      const issues = createValidator(definitions)(JSON.parse(JSON.stringify(resource)));
      expect(issues.map((issue) => [issue.expression?.[0], issue.code])).toEqual([[expression, code]]);
    },
  );

  it('what follows docs/model.md passes', async () => {
    const { definitions } = await loadPackages(join(import.meta.dirname, '..', '..', '..', 'profiles'));
    const validate = createValidator(definitions);
    const both = [
      agreed(
        { url: 'sector', valueCode: 'hospital' },
        { url: 'agreedAt', valueDateTime: '2026-03-01T10:00:00+01:00' },
      ),
      agreed({ url: 'sector', valueCode: 'municipality' }),
    ];
    for (const resource of [stay(), letter(), plan(both)]) {
      expect(validate(resource)).toEqual([]);
    }
  });
});
