import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readXml } from '../../src/fhir/xml/reader.ts';
import { buildLetter } from '../../src/medcom/build/letter.ts';
import { decodeLetter } from '../../src/medcom/letter/decode.ts';
import { SECTION_CODES } from '../../src/medcom/letter/letter-facts.ts';
import { negativeReceipt, positiveReceipt } from '../../src/medcom/letter/receipts.ts';
import { letterFacts, PRACTICE_PARTY } from './letters-of-elmer.ts';
import { when } from './stay-scenario.ts';
import { hasTestdata, testdataFiles } from './support.ts';
import { loadSchema } from './xsd.ts';

const XSD = join(import.meta.dirname, '../../../shared/testdata/oioxml/xsd');
const parse = (text: string) => readXml(text.replace(/^<\?xml[^?]*\?>\s*/, ''));

(hasTestdata ? describe : describe.skip)('published schemas', () => {
  const of2005 = hasTestdata ? loadSchema(join(XSD, '2005/08/07/EMessage.xsd')) : () => [];
  const of2007 = hasTestdata ? loadSchema(join(XSD, '2007/02/01/EMessage.xsd')) : () => [];

  it('the checker passes the published letters of 2005 and fails them when an element is missing', () => {
    for (const file of testdataFiles('oioxml/letters', '.xml').filter((name) =>
      /DIS01|DIS14|DIS17|DIS20|CTL0/.test(name),
    )) {
      const text = decodeLetter(readFileSync(file));
      expect([file, of2005(parse(text))]).toEqual([file, []]);
      expect(of2005(parse(text.replace(/<VersionCode>.*<\/VersionCode>/, '')))).not.toEqual([]);
      expect(of2005(parse(text.replace('<Sender>', '<Sender><Surprise/>')))).not.toEqual([]);
    }
  });

  it('letters written of any facts are valid', () => {
    const codes = SECTION_CODES.filter((code) => code !== 'nursing-areas');
    fc.assert(
      fc.property(
        fc.constantFrom('XDIS16', 'XDIS18', 'XDIS19', 'XDIS01'),
        fc.subarray([...codes], { minLength: 1 }),
        fc.string({ minLength: 1, maxLength: 200, unit: 'grapheme' }),
        fc.boolean(),
        (type, chosen, words, full) => {
          const text = `x${words}`;
          const facts = letterFacts(type, {
            sections: chosen.map((code) => ({ code, text })),
            sender: { ...letterFacts(type).sender, department: text, unit: text },
            citizen: { cpr: '2509479989', family: text, given: text },
            ...(full ? { practice: PRACTICE_PARTY, conference: when('03T10') } : {}),
            ...(full || type === 'XDIS19' ? { admission: when('02T10') } : {}),
            ...(type === 'XDIS19' ? { endOfTreatment: when('04T09') } : {}),
          });
          const faults = (type === 'XDIS16' || type === 'XDIS18' ? of2007 : of2005)(
            parse(buildLetter(facts)),
          );
          expect(faults).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('the receipts are valid', () => {
    const subject = {
      envelope: 'OVG1',
      letter: 'OVG1',
      version: 'XD1630C',
      sender: '5790000209354',
      receiver: '5790001348120',
    };
    for (const receipt of [
      positiveReceipt(subject, when('04T10')),
      negativeReceipt(subject, when('04T10'), 'syntaksfejl', 'Linje 1\nLinje 2'),
      negativeReceipt({}, when('04T10'), 'ikke_specificeret', 'Ulæselig'),
    ]) {
      const faults = of2005(parse(receipt)).filter((fault) => !/OriginalVersionCode/.test(fault));
      expect(faults).toEqual([]);
    }
  });
});
