import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { buildLetter } from '../../src/medcom/build/letter.ts';
import { decodeLetter } from '../../src/medcom/letter/decode.ts';
import { LetterError } from '../../src/medcom/letter/letter-error.ts';
import { type LetterFacts, SECTION_CODES } from '../../src/medcom/letter/letter-facts.ts';
import { localInstant, localParts } from '../../src/medcom/letter/local-time.ts';
import { readEmessages } from '../../src/medcom/letter/read-emessage.ts';
import { readLetter } from '../../src/medcom/letter/read-letter.ts';
import { letterFacts } from './letters-of-elmer.ts';
import { hasTestdata, testdataFiles } from './support.ts';

function read(bytes: Uint8Array | string): LetterFacts {
  const [emessage] = readEmessages(typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes);
  return readLetter(emessage!.letters[0]!, emessage!.envelope);
}

(hasTestdata ? describe : describe.skip)('published letters', () => {
  const letters = [...testdataFiles('oioxml/letters', '.xml'), ...testdataFiles('oioxml/lookalike', '.xml')];
  const readable = letters.filter((file) => !/CTL|DIS91_3/.test(file));
  it.each(readable.map((file) => [basename(file), file] as const))('%s is read', (_name, file) => {
    const letter = read(readFileSync(file));
    expect(letter.citizen.cpr).toMatch(/^\d{10}$/);
    expect(letter.sender.gln).toMatch(/^\d{13}$/);
    expect(letter.sections.length + (letter.admission ?? letter.discharge ?? '').length).toBeGreaterThan(0);
  });

  const of = (name: string) => read(readFileSync(letters.find((file) => basename(file).startsWith(name))!));

  it('the discharge letter keeps its Danish characters, breaks, diagnoses and times', () => {
    const letter = of('DIS01_1');
    expect(letter.sender).toMatchObject({ organisation: 'HILLERØD SYGEHUS', identifier: '2001060' });
    expect(letter.status).toBe('rettetbrev');
    expect(letter.admission).toBe('1998-11-13T10:00:00+01:00');
    expect(letter.discharge).toBe('1999-01-11T13:00:00+01:00');
    const diagnoses = letter.sections.find((section) => section.code === 'diagnoses');
    expect(diagnoses?.items?.map((item) => item.DiagnoseCode)).toEqual(['DC249', 'DE232', 'DZ862', 'KJJB40']);
    const text = letter.sections.find((section) => section.code === 'clinical-information')?.text;
    expect(text).toMatch(/^Indlagt af vagtlæge\..*\nVægttab på 10 kg/);
    expect(text?.split('\n').at(-1)).toBe('14.01.1999');
  });

  it('the care pathway plan of the 1.0.3 package gives anchors, ability and areas', () => {
    const letter = of('XDIS21');
    expect(letter).toMatchObject({
      type: 'XDIS21',
      episode: '8d1f2c4e5a6b4c3d9e0f1a2b3c4d5e6f',
      expectedEndOfTreatment: '2026-03-12T09:00:00+01:00',
      agreedDischarge: '2026-03-13T11:00:00+01:00',
      practice: { identifier: '061654' },
    });
    expect(letter.conference).toBeUndefined();
    const codes = letter.sections.map((section) => section.code);
    expect(codes).toEqual(
      expect.arrayContaining([
        'relatives',
        'functional-ability',
        'nursing-areas',
        'cause',
        'contact',
        'diet',
        'coordination',
      ]),
    );
    const ability = letter.sections.find((section) => section.code === 'functional-ability');
    expect(ability?.items?.[0]).toMatchObject({ 'Terminology.Code': 'FA510', Score: 'moderate' });
  });

  it('the discharge report gives the end of treatment', () => {
    expect(of('XDIS18')).toMatchObject({
      endOfTreatment: '2026-03-12T09:00:00+01:00',
      discharge: '2026-03-13T11:05:00+01:00',
    });
  });

  it('every published letter survives reading, writing and reading', () => {
    for (const file of readable) {
      const once = read(readFileSync(file));
      const again = read(buildLetter(once));
      expect([basename(file), withoutLayout(again)]).toEqual([basename(file), withoutLayout(once)]);
    }
  });
});

/** Fields that no letter of the type has a place for when it is written anew. */
function withoutLayout(letter: LetterFacts) {
  const { sections, ...rest } = letter;
  const keep =
    letter.type === 'XDIS01' || letter.type === 'XDIS91'
      ? ['clinical-information', 'diagnoses']
      : SECTION_CODES;
  return {
    ...rest,
    sections: sections
      .filter((section) => keep.includes(section.code))
      .map((section) => ({ code: section.code, items: section.items, text: section.text })),
  };
}

const word = fc.stringMatching(/^[A-Za-zÆØÅæøå][a-zæøå&<>"' ]{0,20}[a-zæøå]$/);
const minute = fc
  .date({ min: new Date('2020-01-01T00:00:00Z'), max: new Date('2030-01-01T00:00:00Z'), noInvalidDate: true })
  .map((date) => new Date(Math.floor(date.getTime() / 60_000) * 60_000));

describe('writing and reading letters', () => {
  it('whatever has a place in the letter comes back', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('XDIS16', 'XDIS18', 'XDIS19', 'XDIS21', 'XDIS01'),
        minute,
        fc.uniqueArray(fc.constantFrom(...SECTION_CODES), { minLength: 1, maxLength: 15 }),
        fc.array(word, { minLength: 15, maxLength: 15 }),
        (type, sent, codes, words) => {
          const parts = localParts(sent.toISOString());
          fc.pre(localInstant(parts.date, parts.time, '') !== undefined);
          const instant = localInstant(parts.date, parts.time, '');
          const needed =
            type === 'XDIS16' || type === 'XDIS18'
              ? [...new Set([...codes, 'nursing-areas' as const])]
              : codes;
          const sections = needed.map((code, index) => ({
            code,
            text: words[index % 15]!.replace(/\s+/g, ' '),
          }));
          const facts = letterFacts(type, {
            sent: instant,
            authorised: instant,
            sections,
            admission: instant,
            ...(type === 'XDIS19'
              ? { endOfTreatment: instant, plannedDischarge: instant, conference: instant }
              : {}),
            ...(type === 'XDIS18' ? { endOfTreatment: instant, discharge: instant } : {}),
            ...(type === 'XDIS21' ? { agreedDischarge: instant } : {}),
          });
          const again = read(buildLetter(facts));
          expect({ ...again, sections: [] }).toMatchObject({
            ...facts,
            citizen: again.citizen,
            sections: [],
          });
          expect(again.citizen.cpr).toBe(facts.citizen.cpr);
          if (type === 'XDIS16' || type === 'XDIS18' || type === 'XDIS21') {
            expect(new Set(again.sections.map((section) => section.code))).toEqual(new Set(needed));
            for (const section of sections) {
              expect(again.sections.find((each) => each.code === section.code)?.text).toContain(section.text);
            }
          }
        },
      ),
      { numRuns: 150 },
    );
  });
});

describe('the example letters', () => {
  const folder = join(import.meta.dirname, '../../examples/medcom');
  it.each(readdirSync(folder).filter((name) => name.endsWith('.xml')))('%s is read', (name) => {
    expect(read(readFileSync(join(folder, name))).citizen.cpr).toBe('2509479989');
  });
});

describe('local time', () => {
  it('winter and summer have their offsets', () => {
    expect(localInstant('2026-01-12', '09:00', '')).toBe('2026-01-12T09:00:00+01:00');
    expect(localInstant('2026-07-12', '09:00', '')).toBe('2026-07-12T09:00:00+02:00');
  });

  it('the hour that comes twice is the first one, unless that would be too early', () => {
    expect(localInstant('2026-10-25', '02:30', '')).toBe('2026-10-25T02:30:00+02:00');
    expect(localInstant('2026-10-25', '02:30', '', '2026-10-25T02:45:00+02:00')).toBe(
      '2026-10-25T02:30:00+01:00',
    );
  });

  it.each([
    ['2026-03-29', '02:30'],
    ['2026-02-30', '10:00'],
    ['2026-13-01', '10:00'],
    ['2026-03-01', '24:30'],
    ['26-03-01', '10:00'],
    ['2026-03-01', '1000'],
  ])('%s %s does not exist', (date, time) => {
    expect(() => localInstant(date, time, 'Admission')).toThrow(LetterError);
  });
});

describe('encodings', () => {
  const danish = '<?xml version="1.0" encoding="ENCODING"?><a>Ærø ål</a>';

  it.each([
    ['windows-1252', 'latin1'],
    ['ISO-8859-1', 'latin1'],
    ['UTF-8', 'utf8'],
  ] as const)('%s is read as declared', (declared, encoding) => {
    expect(decodeLetter(Buffer.from(danish.replace('ENCODING', declared), encoding))).toContain('Ærø ål');
  });

  it('bytes that are not in the declared encoding, and unknown encodings, are refused', () => {
    expect(() => decodeLetter(Buffer.from(danish.replace('ENCODING', 'UTF-8'), 'latin1'))).toThrow(
      LetterError,
    );
    expect(() => decodeLetter(Buffer.from(danish.replace('ENCODING', 'EBCDIC'), 'latin1'))).toThrow(
      LetterError,
    );
  });
});
