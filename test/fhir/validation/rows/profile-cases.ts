import type { ElementDefinition, Resource, StructureDefinition } from '@medplum/fhirtypes';
import { encounter, observation, patient, task } from './row.ts';

export const URL = 'http://example.org/StructureDefinition/p';

export type Element = Partial<ElementDefinition> & { id: string };

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
];
