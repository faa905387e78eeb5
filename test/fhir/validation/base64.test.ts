import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PRIMITIVES } from '../../../src/fhir/validation/primitives.ts';

/** RFC 4648 §4, white space between the characters as R4 allows it (datatypes.html#base64Binary). */
function isBase64(text: string): boolean {
  return /^\s*(([A-Za-z0-9+/]\s*){4})*(([A-Za-z0-9+/]\s*){2}=\s*=\s*|([A-Za-z0-9+/]\s*){3}=\s*)?$/.test(text);
}

const characters = fc.constantFrom('A', 'Q', 'z', '0', '+', '/', '=', '=', ' ', '\n', '-', '\u00a0', 'æ');

it('base64 is what RFC 4648 says, padding and white space in any place', () => {
  fc.assert(
    fc.property(fc.array(characters, { minLength: 1, maxLength: 12 }), (list) => {
      const text = list.join('');
      fc.pre(text.trim() !== '');
      expect(PRIMITIVES.base64Binary?.(text) === undefined).toBe(isBase64(text));
    }),
    { numRuns: 20_000 },
  );
});

it('what Buffer writes is base64, and without its padding is none', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 1, maxLength: 40 }), (bytes) => {
      const text = Buffer.from(bytes).toString('base64');
      expect(PRIMITIVES.base64Binary?.(text)).toBeUndefined();
      if (text.endsWith('=')) expect(PRIMITIVES.base64Binary?.(text.slice(0, -1))).toBeDefined();
    }),
  );
});
