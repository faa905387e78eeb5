import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import type { Resource } from '@medplum/fhirtypes';
import fc from 'fast-check';
import { FhirError } from '../../src/fhir/outcome.ts';
import { PRIMITIVES } from '../../src/fhir/validation/primitives.ts';
import { fromXml, toXml } from '../../src/fhir/xml.ts';
import { readJson, testdataFiles } from './testdata.ts';

const json = (value: unknown) => value as Resource;

const RICH = json({
  resourceType: 'Patient',
  id: 'a.1',
  meta: {
    versionId: '1',
    lastUpdated: '2026-03-12T08:15:30.123Z',
    profile: ['http://example.org/a', 'http://example.org/b'],
  },
  text: {
    id: 't',
    status: 'generated',
    div: '<div xmlns="http://www.w3.org/1999/xhtml" id="d">æ &lt; &amp;\n\t<br/>  b</div>',
  },
  contained: [{ resourceType: 'Organization', id: 'o', name: 'A & "B" <C>\'' }],
  extension: [
    { url: 'http://example.org/n', id: 'e', extension: [{ url: 'deep', valueDecimal: 0.1 }] },
    { url: 'http://example.org/q', valueQuantity: { value: -3, unit: 'mg' } },
  ],
  active: false,
  name: [
    {
      id: 'n',
      family: 'Å',
      _family: { id: 'f', extension: [{ url: 'http://example.org/x', valueString: 'van' }] },
      given: ['A', null, 'C'],
      _given: [null, { id: 'g', extension: [{ url: 'http://example.org/y', valueBoolean: true }] }, null],
    },
  ],
  _birthDate: {
    extension: [{ url: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason', valueCode: 'unknown' }],
  },
  deceasedBoolean: false,
  multipleBirthInteger: 2,
  managingOrganization: { reference: '#o' },
  generalPractitioner: [{ display: 'line\nbreak\ttab\rreturn  two spaces' }],
});

describe('JSON → XML → JSON', () => {
  it.each([false, true])('keeps everything, pretty: %s', (pretty) => {
    expect(fromXml(toXml(RICH, { pretty }))).toEqual(RICH);
  });

  it('is identical for all published messages and cases', () => {
    for (const path of ['medcom-fhir', 'measure-conformance'].flatMap((folder) =>
      testdataFiles(folder, '.json'),
    )) {
      const resource = readJson(path);
      expect(fromXml(toXml(json(resource)))).toEqual(resource);
    }
  });

  it('keeps any text that FHIR allows', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (text) => {
        fc.pre(
          PRIMITIVES.string?.(text) === undefined && !/[\ufffe\uffff]/.test(text) && text.isWellFormed(),
        );
        const resource = json({ resourceType: 'Basic', code: { text } });
        expect(fromXml(toXml(resource))).toEqual(resource);
      }),
    );
  });

  it('keeps a Bundle with a Binary and parameters with resources', () => {
    const bundle = json({
      resourceType: 'Bundle',
      type: 'collection',
      entry: [
        {
          fullUrl: 'http://example.org/Binary/1',
          resource: { resourceType: 'Binary', contentType: 'text/plain', data: 'AAAA' },
        },
        {
          resource: {
            resourceType: 'Parameters',
            parameter: [{ name: 'a', resource: { resourceType: 'Patient', id: 'p' } }],
          },
        },
      ],
    });
    expect(fromXml(toXml(bundle))).toEqual(bundle);
  });
});

it('published XML messages say the same as their JSON twins', () => {
  for (const path of testdataFiles('medcom-fhir', '.xml')) {
    // One twin has \r\n in its narrative, which stands in XML as it is and is read as \n.
    const twin = JSON.parse(readFileSync(path.replace(/xml$/, 'json'), 'utf8'), (key, value) =>
      key === 'div' ? value.replaceAll('\r\n', '\n') : value,
    );
    expect(fromXml(readFileSync(path, 'utf8'))).toEqual(twin);
  }
});

it('elements are written in the order of the specification', () => {
  const xml = toXml(json({ resourceType: 'Patient', birthDate: '1940-01-01', active: true, id: 'a' }));
  expect(xml).toBe(
    '<?xml version="1.0" encoding="UTF-8"?><Patient xmlns="http://hl7.org/fhir"><id value="a"/><active value="true"/><birthDate value="1940-01-01"/></Patient>',
  );
});

it('prefixes, comments, CDATA and instructions of other writers are understood', () => {
  const xml = `\ufeff<?xml version='1.0' encoding='utf-8'?><!-- a --><?b c?>
    <f:Patient xmlns:f="http://hl7.org/fhir" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a b">
      <f:text><f:status value="generated"/><div xmlns="http://www.w3.org/1999/xhtml">a<![CDATA[<]]></div></f:text>
      <f:birthDate value='1940-01-01'/><f:active value="&#116;rue"></f:active><!-- order has no meaning -->
    </f:Patient>`;
  expect(fromXml(xml)).toEqual({
    resourceType: 'Patient',
    text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">a<![CDATA[<]]></div>' },
    birthDate: '1940-01-01',
    active: true,
  });
});

const patient = (inner: string) => `<Patient xmlns="http://hl7.org/fhir">${inner}</Patient>`;

const BAD: readonly (readonly [string, string, RegExp])[] = [
  ['nothing', '', /no element/],
  ['text', 'hello', /Expected an element/],
  ['JSON', '{"resourceType":"Patient"}', /Expected an element/],
  ['a document type', '<!DOCTYPE Patient><Patient xmlns="http://hl7.org/fhir"/>', /not allowed/],
  [
    'an external entity',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><Patient xmlns="http://hl7.org/fhir"><id value="&x;"/></Patient>',
    /not allowed/,
  ],
  ['exploding entities', `<!DOCTYPE a [<!ENTITY b "${'c'.repeat(1000)}">]>${patient('')}`, /not allowed/],
  ['an unknown entity', patient('<id value="&nbsp;"/>'), /nbsp/],
  ['a bare ampersand', patient('<id value="a & b"/>'), /&amp;/],
  ['a forbidden character', patient('<id value="a\u0000"/>'), /character/],
  ['a reference to a forbidden character', patient('<id value="&#0;"/>'), /not a character/],
  ['another encoding', `<?xml version="1.0" encoding="ISO-8859-1"?>${patient('')}`, /UTF-8/],
  ['an open element', '<Patient xmlns="http://hl7.org/fhir"><id value="a"/>', /not closed/],
  ['crossed elements', patient('<name><family value="a"></name></family>'), /closed by/],
  ['two roots', `${patient('')}${patient('')}`, /follow/],
  ['an attribute twice', patient('<id value="a" value="b"/>'), /twice/],
  ['an unquoted attribute', patient('<id value=a/>'), /quoted/],
  ['an undeclared prefix', '<f:Patient/>', /not declared/],
  ['no name-space', '<Patient/>', /name-space/],
  ['an unknown resource', '<Citizen xmlns="http://hl7.org/fhir"/>', /not a resource type/],
  ['a data type as resource', '<HumanName xmlns="http://hl7.org/fhir"/>', /not a resource type/],
  ['an unknown element', patient('<nickname value="a"/>'), /no element nickname/],
  ['an unknown attribute', patient('<name use="official"/>'), /no attribute use/],
  ['text in an element', patient('<id>a</id>'), /no text/],
  ['an element twice', patient('<birthDate value="1940-01-01"/><birthDate value="1940-01-01"/>'), /once/],
  ['an element without value', patient('<birthDate/>'), /value/],
  ['a boolean that is none', patient('<active value="yes"/>'), /true or false/],
  ['a number that is none', patient('<multipleBirthInteger value="two"/>'), /number/],
  [
    'a narrative in the wrong name-space',
    patient('<text><status value="generated"/><div>a</div></text>'),
    /name-space/,
  ],
  ['two contained resources in one', patient('<contained><Patient/><Patient/></contained>'), /exactly one/],
  ['nesting without end', `${patient('<extension url="a">'.repeat(200))}`, /deeper/],
];

describe('bad XML is a 400 that says what and where', () => {
  it.each(BAD)('%s', (_, xml, text) => {
    let error: unknown;
    try {
      fromXml(xml);
    } catch (caught) {
      error = caught;
    }
    expect(error).toBeInstanceOf(FhirError);
    expect((error as FhirError).status).toBe(400);
    expect((error as FhirError).outcome.issue[0]?.diagnostics).toMatch(text);
  });

  it('names the element and the line', () => {
    try {
      fromXml(patient('\n<name>\n<given value="a"/><x/></name>'));
      throw new Error('accepted');
    } catch (error) {
      expect((error as FhirError).outcome.issue[0]?.expression).toEqual(['Patient.name[0].x']);
      expect((error as FhirError).message).toMatch(/line 3, column 19/);
    }
  });

  it('random damage is never another error than a 400', () => {
    const whole = toXml(RICH);
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.string({ maxLength: 5 }), fc.nat(20), (at, text, gone) => {
        try {
          fromXml(whole.slice(0, at) + text + whole.slice(at + gone));
        } catch (error) {
          expect(error).toBeInstanceOf(FhirError);
          expect((error as FhirError).status).toBe(400);
        }
      }),
      { numRuns: 2000 },
    );
  });
});

it('what XML cannot say is refused, not dropped', () => {
  const wrong = [
    { resourceType: 'Patient', nickname: 'a' },
    { resourceType: 'Citizen' },
    { resourceType: 'Patient', id: 'a\u0001' },
    {
      resourceType: 'Patient',
      text: { status: 'generated', div: '<div xmlns="http://www.w3.org/1999/xhtml">a' },
    },
    { resourceType: 'Patient', name: ['a'] },
  ];
  for (const resource of wrong) {
    expect(() => toXml(json(resource))).toThrow(FhirError);
  }
});
