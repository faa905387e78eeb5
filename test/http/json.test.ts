import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/outcome.ts';
import { parseJson } from '../../src/http/formats/json.ts';
import { jsonFault } from '../../src/http/formats/json-fault.ts';

describe('a fault in JSON', () => {
  it.each([
    ['{"a":1,}', 7],
    ['{"a" 1}', 5],
    ['{a:1}', 1],
    ['[1,2', 4],
    ['"a\nb"', 2],
    ['{"a":01}', 6],
    ['{"a":tru}', 5],
    ['[1] 2', 4],
    ['', 0],
    ['{"a":"\\x"}', 6],
  ])('in %j is at %i', (text, index) => {
    expect(jsonFault(text)).toBe(index);
  });

  it('is found exactly where JSON.parse refuses', () => {
    const almostJson = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', '\\', '0', '\u0001', 'x'))
      .map(([text, at, piece]) => {
        const cut = at % (text.length + 1);
        return text.slice(0, cut) + piece + text.slice(cut + 1);
      });
    fc.assert(
      fc.property(almostJson, (text) => {
        let parses = true;
        try {
          JSON.parse(text);
        } catch {
          parses = false;
        }
        expect(jsonFault(text) === undefined).toBe(parses);
      }),
      { numRuns: 2000 },
    );
  });

  it('is told without quoting the text', () => {
    try {
      parseJson('{"cpr":"0101409999",\n "x": oops}');
    } catch (error) {
      expect((error as FhirError).message).toContain('line 2, column 7');
      expect((error as FhirError).message).not.toContain('0101409999');
    }
    expect.assertions(2);
  });

  it('nesting beyond the bound is refused, brackets in strings do not count', () => {
    expect(() => parseJson('['.repeat(101) + ']'.repeat(101))).toThrow(FhirError);
    expect(parseJson(JSON.stringify(`\\"${'['.repeat(500)}`))).toBe(`\\"${'['.repeat(500)}`);
  });
});
