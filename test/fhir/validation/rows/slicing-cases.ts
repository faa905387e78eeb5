import { type Case, type Element, profile } from './profile-cases.ts';
import { encounter, patient, task } from './row.ts';

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
export const identified = (...identifier: object[]) => patient({ identifier });
export const a = { system: 'http://example.org/a', value: 'abc' };

export const SLICING_CASES: readonly Case[] = [
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
