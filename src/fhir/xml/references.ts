const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" };
const REFERENCE = /&(?:#(\d{1,7})|#x([0-9a-fA-F]{1,6})|(\w+));|&/g;

/** Finds what XML 1.0 does not allow anywhere in a document (§2.2), also not as a reference. */
export const XML_CHARACTERS =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/**
 * Decodes character references and the five entities of XML.
 * @param fault makes the error for a reference at an offset of the text
 */
export function decodeReferences(text: string, fault: (offset: number, what: string) => Error): string {
  if (!text.includes('&')) {
    return text;
  }
  return text.replace(REFERENCE, (all, decimal?: string, hex?: string, name?: string, offset?: unknown) => {
    const at = Number(offset);
    if (name !== undefined) {
      const known = NAMED[name];
      if (known === undefined) {
        throw fault(at, `The entity &${name}; is not known in FHIR; write the character itself`);
      }
      return known;
    }
    const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
    if (
      Number.isNaN(code) ||
      code > 0x10ffff ||
      code === 0 ||
      XML_CHARACTERS.test(String.fromCodePoint(code))
    ) {
      throw fault(at, all === '&' ? 'A bare "&"; write &amp;' : `${all} is not a character`);
    }
    return String.fromCodePoint(code);
  });
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** A value as it stands between double quotes; line breaks as references, which would else be read as spaces. */
export function escapeAttribute(value: string): string {
  return /[&<>"\t\n\r]/.test(value) ? value.replace(/[&<>"\t\n\r]/g, (c) => ESCAPES[c] ?? c) : value;
}
