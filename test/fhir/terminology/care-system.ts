import type { CodeSystem, Parameters, ValueSet } from '@medplum/fhirtypes';
import { resourceSource } from '../../../src/fhir/definitions/resource-source.ts';
import { FhirError } from '../../../src/fhir/outcome.ts';
import { codesOf } from '../../../src/fhir/terminology/expand.ts';

export const SYSTEM = 'http://example.org/CodeSystem/care';
export const CARE: CodeSystem = {
  resourceType: 'CodeSystem',
  url: SYSTEM,
  status: 'active',
  content: 'complete',
  language: 'da',
  name: 'Care',
  title: 'Pleje',
  version: '1.2',
  concept: [
    {
      code: 'care',
      display: 'Pleje',
      property: [{ code: 'notSelectable', valueBoolean: true }],
      concept: [
        {
          code: 'nursing',
          display: 'Sygepleje',
          definition: 'Sygepleje i hjemmet',
          designation: [
            { language: 'en', value: 'Nursing' },
            { language: 'de', value: 'Krankenpflege' },
          ],
          concept: [
            { code: 'wound', display: 'Sårpleje', designation: [{ language: 'en', value: 'Wound care' }] },
          ],
        },
        { code: 'practical', display: 'Praktisk hjælp', property: [{ code: 'kind', valueString: 'help' }] },
        { code: 'old', display: 'Udgået', property: [{ code: 'status', valueCode: 'retired' }] },
      ],
    },
    { code: 'night', display: 'Natpleje', property: [{ code: 'parent', valueCode: 'nursing' }] },
  ],
};
export const set = (name: string, compose: ValueSet['compose']): ValueSet => ({
  resourceType: 'ValueSet',
  status: 'active',
  url: `http://example.org/ValueSet/${name}`,
  ...(compose === undefined ? {} : { compose }),
});
export const SETS = [
  set('all', { include: [{ system: SYSTEM }] }),
  set('nursing', {
    include: [{ system: SYSTEM, filter: [{ property: 'concept', op: 'is-a', value: 'nursing' }] }],
  }),
  set('below-nursing', {
    include: [{ system: SYSTEM, filter: [{ property: 'concept', op: 'descendent-of', value: 'nursing' }] }],
  }),
  set('help', { include: [{ system: SYSTEM, filter: [{ property: 'kind', op: '=', value: 'help' }] }] }),
  set('pattern', {
    include: [{ system: SYSTEM, filter: [{ property: 'code', op: 'regex', value: 'n.*' }] }],
  }),
  set('not-wound', {
    include: [{ valueSet: ['http://example.org/ValueSet/nursing'] }],
    exclude: [{ system: SYSTEM, concept: [{ code: 'wound' }] }],
  }),
  set('both', {
    include: [
      {
        system: SYSTEM,
        valueSet: ['http://example.org/ValueSet/nursing', 'http://example.org/ValueSet/pattern'],
      },
    ],
  }),
  set('circle', { include: [{ valueSet: ['http://example.org/ValueSet/circle'] }] }),
  set('snomed', {
    include: [
      { system: 'http://snomed.info/sct', filter: [{ property: 'concept', op: 'is-a', value: '138875005' }] },
    ],
  }),
  set('named', {
    include: [{ system: 'http://snomed.info/sct', concept: [{ code: '225313009', display: 'Fall' }] }],
  }),
  set('risky', {
    include: [{ system: SYSTEM, filter: [{ property: 'code', op: 'regex', value: '(a+)+' }] }],
  }),
];
export const SOURCE = resourceSource([CARE, ...SETS]);
export const url = (name: string) => `http://example.org/ValueSet/${name}`;
export const codes = (name: string) => codesOf(SOURCE, url(name)).map(({ code }) => code);

export function statusOf(work: () => unknown): number {
  try {
    work();
  } catch (error) {
    if (error instanceof FhirError) {
      return error.status;
    }
    throw error;
  }
  return 200;
}

export const value = (parameters: Parameters, name: string): unknown => {
  const found = parameters.parameter?.find((parameter) => parameter.name === name);
  return Object.entries(found ?? {}).find(([key]) => key.startsWith('value'))?.[1];
};
