import { describe, expect, it } from '@jest/globals';
import { FhirError } from '../../src/fhir/outcome.ts';
import { negotiate } from '../../src/http/formats/formats.ts';

describe('the format of an answer', () => {
  it.each([
    [undefined, undefined, 'json'],
    ['application/fhir+json', undefined, 'json'],
    ['application/fhir+json, */*; q=0.1', undefined, 'json'],
    ['application/fhir+xml', undefined, 'xml'],
    ['application/fhir+xml; charset=UTF-8', undefined, 'xml'],
    ['application/json;q=0.5, text/xml;q=0.9', undefined, 'xml'],
    ['text/html,application/xhtml+xml,*/*;q=0.8', undefined, 'json'],
    ['application/fhir+ndjson', undefined, 'ndjson'],
    ['application/fhir+json; fhirVersion=4.0', undefined, 'json'],
    ['application/fhir+json', 'xml', 'xml'],
    ['image/png', 'json', 'json'],
    [undefined, 'application/fhir xml', 'xml'],
    [undefined, 'application/fhir+xml', 'xml'],
  ] as const)('Accept %s with _format %s gives %s', (accept, format, expected) => {
    expect(negotiate(accept, format)).toBe(expected);
  });

  it.each([
    ['image/png', undefined],
    ['application/fhir+json; fhirVersion=5.0', undefined],
    ['application/fhir+json;q=0', undefined],
    [undefined, 'turtle'],
  ])('Accept %s with _format %s is not acceptable', (accept, format) => {
    expect(() => negotiate(accept, format)).toThrow(FhirError);
  });
});
