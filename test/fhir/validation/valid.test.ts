import { describe, expect, it } from '@jest/globals';
import { structureDefinition, typeNames } from '../../../src/fhir/definitions.ts';
import { validateResource } from '../../../src/fhir/validation/validate.ts';
import { readJson, testdataFiles } from '../testdata.ts';
import { encounter, observation, patient, task } from './rows/row.ts';

const VALID: readonly (readonly [string, unknown])[] = [
  [
    'a primitive may have an extension in place of a value',
    patient({
      _birthDate: {
        extension: [
          { url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' },
        ],
      },
    }),
  ],
  [
    'an array of primitives may have gaps beside extensions',
    patient({
      name: [
        {
          given: ['A', null],
          _given: [null, { extension: [{ url: 'http://example.org/a', valueString: 'b' }] }],
        },
      ],
    }),
  ],
  [
    'a required element may be an extension',
    task({ status: undefined, _status: { extension: [{ url: 'http://example.org/a', valueString: 'b' }] } }),
  ],
  [
    'a period may end in the month it starts in',
    encounter({ period: { start: '2026-03-15', end: '2026-03' } }),
  ],
  ['a period may begin and end at once', encounter({ period: { start: '2026-03-15', end: '2026-03-15' } })],
  ['29 February exists every fourth year', patient({ birthDate: '2024-02-29' })],
  ['the year 2000 had 29 February', patient({ birthDate: '2000-02-29' })],
  ['a leap second is a second', observation({ effectiveInstant: '2016-12-31T23:59:60Z' })],
  [
    'contained resources may refer to each other and to their container',
    patient({
      contained: [
        { resourceType: 'Organization', id: 'o', name: 'A', partOf: { reference: '#p' } },
        { resourceType: 'Organization', id: 'p', name: 'B' },
      ],
      managingOrganization: { reference: '#o' },
    }),
  ],
  [
    'an unknown extension is data',
    patient({ extension: [{ url: 'http://example.org/a', extension: [{ url: 'b', valueBoolean: false }] }] }),
  ],
  [
    'a reference may be an identifier',
    task({ for: { type: 'Patient', identifier: { system: 'http://example.org', value: '1' } } }),
  ],
  [
    'a reference may be a urn of the same Bundle',
    task({ for: { reference: 'urn:uuid:c757873d-ec9a-4326-a141-556f43239520' } }),
  ],
  [
    'a reference of a foreign form may be absolute',
    task({ for: { reference: 'https://example.org/citizens?id=7' } }),
  ],
  [
    'a narrative may have tables, lists and styles',
    patient({
      text: {
        status: 'generated',
        div: '<div xmlns="http://www.w3.org/1999/xhtml"><table class="a"><tr><td colspan="2" style="color: red">b &amp; c&#160;d</td></tr></table><ul><li>e<br/></li></ul></div>',
      },
    }),
  ],
  [
    'zero, false and negative numbers are values',
    observation({
      valueQuantity: { value: 0 },
      component: [
        { code: { text: 'a' }, valueBoolean: false },
        { code: { text: 'b' }, valueQuantity: { value: -1e-9 } },
      ],
    }),
  ],
  [
    'an emptied CodeableConcept of a preferred binding may be text',
    encounter({ type: [{ text: 'Indlæggelse' }] }),
  ],
  [
    'a standard extension on a course is known',
    {
      resourceType: 'Communication',
      status: 'completed',
      extension: [
        {
          url: 'http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare',
          valueReference: { reference: 'EpisodeOfCare/1' },
        },
      ],
    },
  ],
];

describe('what R4 allows', () => {
  it.each(VALID)('%s', (_, resource) => {
    expect(validateResource(JSON.parse(JSON.stringify(resource)))).toEqual([]);
  });
});

it('conditional references pass where a transaction will resolve them, and must be of the right type', () => {
  const resource = task({
    for: { reference: 'Patient?identifier=a|b' },
    encounter: { reference: 'Patient?active=true' },
  });
  const issues = validateResource(resource, { conditionalReferences: true });
  expect(issues.map((issue) => issue.expression)).toEqual([['Task.encounter.reference']]);
});

it('a profile that is not known is a warning where it is claimed, an error where it is asked for', () => {
  const url = 'http://example.org/StructureDefinition/a';
  const claimed = validateResource(patient({ meta: { profile: [url] } }));
  expect(claimed.map(({ severity, code }) => [severity, code])).toEqual([['warning', 'not-found']]);
  const asked = validateResource(patient(), { profiles: [url] });
  expect(asked.map(({ severity, code }) => [severity, code])).toEqual([['error', 'not-found']]);
});

it('no issue text repeats a value, which may be a CPR number', () => {
  const cpr = '2512484916';
  const texts = JSON.stringify([
    validateResource(patient({ birthDate: cpr, gender: cpr, active: cpr })),
    validateResource(patient({ managingOrganization: { reference: cpr } })),
    validateResource(patient({ id: `${cpr}/` })),
  ]);
  expect(texts).not.toContain(cpr);
});

it('at most 100 issues are told', () => {
  const given = Array.from({ length: 1000 }, () => 7);
  expect(validateResource(patient({ name: [{ given }] }))).toHaveLength(100);
});

it('all types of R4 compile: an empty resource of each is answered without an exception', () => {
  const resources = typeNames().filter((name) => {
    const definition = structureDefinition(name);
    return definition?.kind === 'resource' && !definition.abstract;
  });
  // 146 of R4 and SubscriptionStatus, which the definitions bring along from the backport guide.
  expect(resources.length).toBe(147);
  for (const resourceType of resources) {
    expect(Array.isArray(validateResource({ resourceType, id: 'a' }))).toBe(true);
  }
});

/** The HL7 case marks its expected reports as test cases with a modifier that only its own guide defines. */
const UNKNOWN_MODIFIER = /MeasureReport-IGProportion/;

it('published messages and cases are valid R4', () => {
  const found = ['medcom-fhir', 'measure-conformance'].flatMap((folder) => testdataFiles(folder, '.json'));
  const wrong = found
    .filter((path) => !UNKNOWN_MODIFIER.test(path))
    .flatMap((path) =>
      validateResource(readJson(path))
        .filter(({ severity }) => severity === 'error')
        .map(({ diagnostics }) => `${path}: ${diagnostics}`),
    );
  expect(wrong).toEqual([]);
});
