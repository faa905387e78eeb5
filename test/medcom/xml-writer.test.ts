import { expect, it } from '@jest/globals';
import { writeXml } from '../../src/medcom/build/xml-writer.ts';

const ESCAPED: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\n': ' ',
  '\r': '',
};

/** Char of XML 1.0 (§2.2). */
function isAllowed(code: number): boolean {
  return (
    code === 0x9 ||
    code === 0xa ||
    code === 0xd ||
    (code >= 0x20 && code <= 0xd7ff) ||
    (code >= 0xe000 && code <= 0xfffd) ||
    code >= 0x10000
  );
}

it('each character is written as XML wants it, and one that XML does not have is left out', () => {
  for (let code = 0; code <= 0x1ffff; code += 1) {
    const character = String.fromCodePoint(code);
    const expected = isAllowed(code) ? (ESCAPED[character] ?? character) : '';
    const document = writeXml({ name: 'Text', text: `a${character}b` }, 'urn:a');
    if (!document.includes(`>a${expected}b<`)) throw new Error(`U+${code.toString(16)}`);
  }
  expect(writeXml({ name: 'Text', text: 'æ & ø' }, 'urn:a')).toContain(
    '<Text xmlns="urn:a">æ &amp; ø</Text>',
  );
});
