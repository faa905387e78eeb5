/**
 * The System types of CQL (CQL 1.5, appendix B), in the model-info form that the translator asks its host for: the
 * package brings the translator, but not this list.
 */

const SIMPLE = ['Boolean', 'Integer', 'Long', 'Decimal', 'String', 'Date', 'DateTime', 'Time'];

const CLASSES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  Quantity: { value: 'System.Decimal', unit: 'System.String' },
  Ratio: { numerator: 'System.Quantity', denominator: 'System.Quantity' },
  Code: {
    code: 'System.String',
    system: 'System.String',
    version: 'System.String',
    display: 'System.String',
  },
  Concept: { codes: 'list<System.Code>', display: 'System.String' },
  Vocabulary: { id: 'System.String', version: 'System.String', name: 'System.String' },
};

/** What is a Vocabulary. */
const VOCABULARIES = ['CodeSystem', 'ValueSet'];

function classInfo(name: string, base: string, elements: Readonly<Record<string, string>>): string {
  const inside = Object.entries(elements)
    .map(([element, type]) => `<element name="${element}" elementType="${type.replace('<', '&lt;')}"/>`)
    .join('');
  return `<typeInfo xsi:type="ClassInfo" name="System.${name}" baseType="System.${base}">${inside}</typeInfo>`;
}

/** Model info of the System model as XML (urn:hl7-org:elm-modelinfo:r1). */
export function systemModelInfo(): string {
  const simple = ['Any', ...SIMPLE].map(
    (name) =>
      `<typeInfo xsi:type="SimpleTypeInfo" name="System.${name}"${name === 'Any' ? '' : ' baseType="System.Any"'}/>`,
  );
  const classes = Object.entries(CLASSES).map(([name, elements]) => classInfo(name, 'Any', elements));
  const vocabularies = VOCABULARIES.map((name) => classInfo(name, 'Vocabulary', {}));
  return `<?xml version="1.0" encoding="UTF-8"?>
<modelInfo xmlns="urn:hl7-org:elm-modelinfo:r1" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
  name="System" version="1.0.0" url="urn:hl7-org:elm-types:r1" targetQualifier="system">
${[...simple, ...classes, ...vocabularies].join('\n')}
</modelInfo>`;
}
