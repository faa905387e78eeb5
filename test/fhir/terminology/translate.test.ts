import { describe, expect, it } from '@jest/globals';
import type { ConceptMap, Parameters, Resource } from '@medplum/fhirtypes';
import { resourceSource } from '../../../src/fhir/definitions/resource-source.ts';
import { BASE_DEFINITIONS } from '../../../src/fhir/definitions.ts';
import { translate } from '../../../src/fhir/terminology/translate.ts';

import { CARE, SYSTEM, statusOf, value } from './care-system.ts';

describe('translate', () => {
  const MAP: ConceptMap = {
    resourceType: 'ConceptMap',
    url: 'http://example.org/ConceptMap/m',
    status: 'active',
    group: [
      {
        source: SYSTEM,
        target: 'http://example.org/t',
        element: [
          { code: 'nursing', target: [{ code: 'N', equivalence: 'wider' }] },
          { code: 'night', target: [{ equivalence: 'unmatched' }] },
        ],
        unmapped: { mode: 'fixed', code: 'OTHER', display: 'Andet' },
      },
    ],
  };
  const source = resourceSource([CARE, MAP] as Resource[]);
  const matches = (found: Parameters) =>
    found.parameter
      ?.filter(({ name }) => name === 'match')
      .map(({ part }) => [part?.[0]?.valueCode, part?.[1]?.valueCoding?.code]);

  it('follows the map, its rule for other codes, and the way back', () => {
    const conceptMap = 'http://example.org/ConceptMap/m';
    expect(matches(translate(source, { conceptMap, code: 'nursing', system: SYSTEM }))).toEqual([
      ['wider', 'N'],
    ]);
    expect(matches(translate(source, { conceptMap, code: 'practical', system: SYSTEM }))).toEqual([
      ['inexact', 'OTHER'],
    ]);
    expect(
      matches(
        translate(source, {
          conceptMap,
          coding: { code: 'N', system: 'http://example.org/t' },
          reverse: true,
        }),
      ),
    ).toEqual([['narrower', 'nursing']]);
    expect(
      matches(
        translate(source, {
          conceptMap: MAP,
          code: 'nursing',
          system: SYSTEM,
          targetSystem: 'http://example.org/u',
        }),
      ),
    ).toEqual([]);
  });

  it('a concept without match has the result false', () => {
    const found = translate(source, { conceptMap: MAP, code: 'night', system: SYSTEM });
    expect([value(found, 'result'), matches(found)]).toEqual([false, [['unmatched', undefined]]]);
    expect(
      value(translate(source, { conceptMap: MAP, code: 'x', system: 'http://example.org' }), 'result'),
    ).toBe(false);
  });

  it('the maps of R4 are there', () => {
    const found = translate(BASE_DEFINITIONS, {
      conceptMap: 'http://hl7.org/fhir/ConceptMap/cm-contact-point-use-v3',
      code: 'home',
      system: 'http://hl7.org/fhir/contact-point-use',
    });
    expect(matches(found)).toEqual([['equal', 'H']]);
  });

  it('refuses what is unknown or half', () => {
    expect(
      statusOf(() => translate(source, { conceptMap: 'http://example.org/none', code: 'a', system: SYSTEM })),
    ).toBe(404);
    expect(statusOf(() => translate(source, { conceptMap: MAP, code: 'a' }))).toBe(400);
    expect(statusOf(() => translate(source, { conceptMap: MAP }))).toBe(400);
  });
});
