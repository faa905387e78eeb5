import { describe, expect, it } from '@jest/globals';
import type { ValueSet } from '@medplum/fhirtypes';
import { bundleFile } from '../../../src/fhir/definitions/bundle-file.ts';
import { BASE_DEFINITIONS } from '../../../src/fhir/definitions.ts';
import type { FhirError } from '../../../src/fhir/outcome.ts';
import { codesOf, expandValueSet } from '../../../src/fhir/terminology/expand.ts';
import { membershipIn, membershipOf } from '../../../src/fhir/terminology/membership.ts';
import {
  type CodeInput,
  validateInCodeSystem,
  validateInValueSet,
} from '../../../src/fhir/terminology/validate-code.ts';

import { codes, SETS, SOURCE, SYSTEM, set, statusOf, url, value } from './care-system.ts';

describe('expand', () => {
  it.each([
    ['all', ['care', 'nursing', 'wound', 'practical', 'old', 'night']],
    ['nursing', ['nursing', 'wound', 'night']],
    ['below-nursing', ['wound', 'night']],
    ['help', ['practical']],
    ['pattern', ['nursing', 'night']],
    ['not-wound', ['nursing', 'night']],
    ['both', ['nursing', 'night']],
    ['named', ['225313009']],
  ])('%s', (name, expected) => {
    expect(codes(name)).toEqual(expected);
  });

  it('displays in the language that is asked for, or else in its own', () => {
    const displays = (displayLanguage?: string) =>
      expandValueSet(
        SOURCE,
        url('nursing'),
        displayLanguage === undefined ? {} : { displayLanguage },
      ).expansion?.contains?.map(({ display }) => display);
    expect(displays()).toEqual(['Sygepleje', 'Sårpleje', 'Natpleje']);
    expect(displays('en')).toEqual(['Nursing', 'Wound care', 'Natpleje']);
    expect(displays('fr, de;q=0.9, en;q=0.8')).toEqual(['Krankenpflege', 'Wound care', 'Natpleje']);
    expect(displays('da-DK, da;q=0.9, en;q=0.8')).toEqual(['Sygepleje', 'Sårpleje', 'Natpleje']);
  });

  it('finds words in any name, pages, and counts the whole', () => {
    const found = expandValueSet(SOURCE, url('all'), { filter: 'PLEJE s', count: 1, offset: 1 }).expansion;
    expect(found?.total).toBe(2);
    expect(found?.contains?.map(({ code }) => code)).toEqual(['wound']);
    expect(expandValueSet(SOURCE, url('all'), { filter: 'wound' }).expansion?.total).toBe(1);
    expect(expandValueSet(SOURCE, url('all'), { filter: 'nothing' }).expansion).not.toHaveProperty(
      'contains',
    );
  });

  it('marks abstract and inactive concepts, and leaves inactive ones out where it is told to', () => {
    const all = expandValueSet(SOURCE, url('all')).expansion?.contains ?? [];
    expect(all.find(({ code }) => code === 'care')?.abstract).toBe(true);
    expect(all.find(({ code }) => code === 'old')?.inactive).toBe(true);
    expect(expandValueSet(SOURCE, url('all'), { activeOnly: true }).expansion?.total).toBe(5);
  });

  it('the same question has the same identifier, another one another', () => {
    const identifier = (filter: string) =>
      expandValueSet(SOURCE, url('all'), { filter }).expansion?.identifier;
    expect(identifier('a')).toBe(identifier('a'));
    expect(identifier('a')).not.toBe(identifier('b'));
  });

  it('is refused where the codes are not known here: 404 for the value set, 422 for its content', () => {
    expect(statusOf(() => expandValueSet(SOURCE, url('unknown')))).toBe(404);
    expect(statusOf(() => expandValueSet(SOURCE, url('snomed')))).toBe(422);
    expect(statusOf(() => expandValueSet(SOURCE, url('circle')))).toBe(422);
    expect(statusOf(() => expandValueSet(SOURCE, url('risky')))).toBe(422);
    expect(statusOf(() => expandValueSet(SOURCE, set('empty', undefined)))).toBe(422);
    expect(statusOf(() => expandValueSet(SOURCE, url('all'), { count: -1 }))).toBe(400);
    expect(statusOf(() => expandValueSet(SOURCE, url('all'), { offset: 1.5 }))).toBe(400);
  });
});

it('expansion and membership agree on every value set of R4 that can be expanded', () => {
  let expanded = 0;
  const wrong: string[] = [];
  for (const file of [bundleFile('valuesets'), bundleFile('v3-codesystems')]) {
    for (const key of file.keys()) {
      const definition = key.startsWith('ValueSet/') ? (file.read(key) as ValueSet) : undefined;
      let members: ReturnType<typeof codesOf>;
      try {
        members = definition === undefined ? [] : codesOf(BASE_DEFINITIONS, definition.url ?? '');
      } catch (error) {
        expect((error as FhirError).status).toBe(422);
        continue;
      }
      const member = membershipOf(BASE_DEFINITIONS, definition?.url ?? '');
      for (const { system, code } of members) {
        if (
          member?.(system, code) !== true ||
          member(undefined, code) !== true ||
          member(system, `${code}~`) === true
        ) {
          wrong.push(`${key} ${system}|${code}`);
        }
      }
      expanded += members.length > 0 ? 1 : 0;
    }
  }
  expect(wrong).toEqual([]);
  expect(expanded).toBeGreaterThan(700);
});

describe('membership', () => {
  it('is undecided for content that is not held here, and open systems are judged by their grammar', () => {
    const snomed = membershipOf(SOURCE, url('snomed'));
    expect([snomed?.('http://snomed.info/sct', '1'), snomed?.(SYSTEM, 'care')]).toEqual([undefined, false]);
    const media = membershipOf(SOURCE, 'http://hl7.org/fhir/ValueSet/mimetypes');
    expect([media?.(undefined, 'application/fhir+json'), media?.(undefined, 'a b')]).toEqual([true, false]);
    const units = membershipOf(SOURCE, 'http://hl7.org/fhir/ValueSet/ucum-units');
    expect([
      units?.('http://unitsofmeasure.org', 'mg/dL'),
      units?.('http://unitsofmeasure.org', 'tabletter'),
    ]).toEqual([true, false]);
    const languages = membershipOf(SOURCE, 'http://hl7.org/fhir/ValueSet/all-languages');
    expect([languages?.(undefined, 'da-DK'), languages?.(undefined, 'dansk sprog')]).toEqual([true, false]);
  });

  it('of a value set that refers to itself ends', () => {
    expect(
      membershipIn(SOURCE, SETS.find((one) => one.url === url('circle')) as ValueSet)(SYSTEM, 'care'),
    ).not.toBe(true);
  });
});

describe('validate-code', () => {
  const inSet = (name: string, input: CodeInput) => validateInValueSet(SOURCE, url(name), input);

  it('says whether a code is in a value set, and its display', () => {
    const good = inSet('nursing', { code: 'wound', system: SYSTEM, displayLanguage: 'en' });
    expect([value(good, 'result'), value(good, 'display')]).toEqual([true, 'Wound care']);
    const bad = inSet('nursing', { code: 'practical', system: SYSTEM });
    expect(value(bad, 'result')).toBe(false);
    expect(value(bad, 'message')).toMatch(/practical.*is not in the value set/);
  });

  it('accepts a display in any language, case and spacing, and refuses a wrong one', () => {
    expect(
      value(
        inSet('nursing', { coding: { system: SYSTEM, code: 'wound', display: ' wound  CARE' } }),
        'result',
      ),
    ).toBe(true);
    const wrong = inSet('nursing', { coding: { system: SYSTEM, code: 'wound', display: 'Natpleje' } });
    expect([value(wrong, 'result'), value(wrong, 'message')]).toEqual([
      false,
      expect.stringMatching(/Sårpleje/),
    ]);
  });

  it('takes a concept when one of its codings is in the set', () => {
    const codeableConcept = {
      coding: [
        { system: 'http://example.org', code: 'x' },
        { system: SYSTEM, code: 'night' },
      ],
    };
    expect(value(inSet('nursing', { codeableConcept }), 'code')).toBe('night');
    expect(value(inSet('help', { codeableConcept }), 'result')).toBe(false);
  });

  it('refuses abstract concepts only where it is asked to', () => {
    expect(value(inSet('all', { code: 'care', system: SYSTEM }), 'result')).toBe(true);
    expect(value(inSet('all', { code: 'care', system: SYSTEM, abstract: false }), 'result')).toBe(false);
  });

  it('judges a code system likewise', () => {
    const judge = (input: CodeInput, system: string | undefined = SYSTEM) =>
      value(validateInCodeSystem(SOURCE, system, input), 'result');
    expect(judge({ code: 'wound' })).toBe(true);
    expect(judge({ code: 'Wound' })).toBe(false);
    expect(judge({ coding: { system: 'http://example.org', code: 'wound' } })).toBe(false);
    expect(
      value(validateInCodeSystem(SOURCE, undefined, { coding: { system: SYSTEM, code: 'old' } }), 'message'),
    ).toMatch(/no longer active/);
  });

  it('asks for exactly one thing, of something known', () => {
    expect(statusOf(() => inSet('all', {}))).toBe(400);
    expect(statusOf(() => inSet('all', { code: 'a', coding: { code: 'a' } }))).toBe(400);
    expect(statusOf(() => inSet('all', { codeableConcept: { text: 'a' } }))).toBe(400);
    expect(statusOf(() => inSet('unknown', { code: 'a' }))).toBe(404);
    expect(statusOf(() => validateInCodeSystem(SOURCE, undefined, { code: 'a' }))).toBe(400);
    expect(statusOf(() => validateInCodeSystem(SOURCE, 'http://example.org/none', { code: 'a' }))).toBe(404);
    expect(statusOf(() => validateInCodeSystem(SOURCE, 'http://snomed.info/sct', { code: 'a' }))).toBe(422);
  });
});
