import { describe, expect, it } from '@jest/globals';
import type { CodeSystem } from '@medplum/fhirtypes';
import { resourceSource } from '../../../src/fhir/definitions/resource-source.ts';
import { lookupCode } from '../../../src/fhir/terminology/lookup.ts';
import { relatedCodes, subsumes } from '../../../src/fhir/terminology/subsumes.ts';

import { SOURCE, SYSTEM, statusOf, value } from './care-system.ts';

describe('lookup', () => {
  it('tells names, definition and relations', () => {
    const found = lookupCode(SOURCE, { system: SYSTEM, code: 'nursing', displayLanguage: 'en' });
    expect([
      value(found, 'name'),
      value(found, 'version'),
      value(found, 'display'),
      value(found, 'definition'),
    ]).toEqual(['Pleje', '1.2', 'Nursing', 'Sygepleje i hjemmet']);
    const properties = found.parameter
      ?.filter(({ name }) => name === 'property')
      .map(({ part }) => [part?.[0]?.valueCode, part?.[1]?.valueCode ?? part?.[1]?.valueBoolean]);
    expect(properties).toEqual([
      ['parent', 'care'],
      ['child', 'wound'],
      ['child', 'night'],
      ['inactive', false],
    ]);
    expect(found.parameter?.filter(({ name }) => name === 'designation')).toHaveLength(3);
  });

  it('tells only the properties that are asked for', () => {
    const found = lookupCode(SOURCE, { system: SYSTEM, code: 'practical', properties: ['kind'] });
    expect(found.parameter?.filter(({ name }) => name === 'property')).toEqual([
      {
        name: 'property',
        part: [
          { name: 'code', valueCode: 'kind' },
          { name: 'value', valueString: 'help' },
        ],
      },
    ]);
  });

  it('refuses what is unknown', () => {
    expect(statusOf(() => lookupCode(SOURCE, { system: SYSTEM, code: 'none' }))).toBe(404);
    expect(statusOf(() => lookupCode(SOURCE, { system: 'http://example.org', code: 'a' }))).toBe(404);
    expect(statusOf(() => lookupCode(SOURCE, { system: 'http://snomed.info/sct', code: '1' }))).toBe(422);
  });
});

describe('subsumes', () => {
  it.each([
    ['nursing', 'nursing', 'equivalent'],
    ['care', 'wound', 'subsumes'],
    ['night', 'care', 'subsumed-by'],
    ['practical', 'wound', 'not-subsumed'],
  ])('%s, %s: %s', (codeA, codeB, outcome) => {
    expect(value(subsumes(SOURCE, { system: SYSTEM, codeA, codeB }), 'outcome')).toBe(outcome);
  });

  it('of an unknown code is 404', () => {
    expect(statusOf(() => subsumes(SOURCE, { system: SYSTEM, codeA: 'x', codeB: 'care' }))).toBe(404);
  });

  it('the codes above and below are the code itself and all on the way', () => {
    const related = (code: string, direction: 'above' | 'below') =>
      relatedCodes(SOURCE, SYSTEM, code, direction)
        .map((one) => one.code)
        .sort();
    expect(related('nursing', 'below')).toEqual(['night', 'nursing', 'wound']);
    expect(related('night', 'above')).toEqual(['care', 'night', 'nursing']);
  });

  it('a circle in the hierarchy ends', () => {
    const circle: CodeSystem = {
      resourceType: 'CodeSystem',
      url: 'http://example.org/c',
      status: 'draft',
      content: 'complete',
      concept: [
        { code: 'a', property: [{ code: 'parent', valueCode: 'b' }] },
        { code: 'b', property: [{ code: 'parent', valueCode: 'a' }] },
      ],
    };
    expect(relatedCodes(resourceSource([circle]), 'http://example.org/c', 'a', 'above')).toHaveLength(2);
  });
});
