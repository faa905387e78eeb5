import { XMLParser, XMLValidator } from 'fast-xml-parser';

/** The name of the root of well-formed XML; throws what is wrong otherwise. */
export function parseXml(text: string): string {
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw new Error(`${valid.err.msg} (line ${valid.err.line})`);
  return Object.keys(new XMLParser().parse(text) as object)[0] ?? '';
}
