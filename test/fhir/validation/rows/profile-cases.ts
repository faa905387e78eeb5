import type { ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { encounter, observation, patient, task } from './row.ts';

export const URL = 'http://example.org/StructureDefinition/p';

type Element = Partial<ElementDefinition> & { id: string };

/** A profile with just the elements that matter; the others are as in the base. */
export function profile(type: string, elements: readonly Element[], url = URL): StructureDefinition {
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

export interface Case {
  readonly fact: string;
  readonly elements: readonly Element[];
  readonly more?: readonly Resource[];
  readonly good: unknown;
  readonly bad: readonly (readonly [unknown, string, string])[];
}

const quantity = { value: 1 };
export const CASES: readonly Case[] = [
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
