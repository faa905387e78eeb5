import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import type { CodeSystem } from '@medplum/fhirtypes';
import { LETTER_KINDS } from '../../src/medcom/letter/letter-kinds.ts';

const ROOT = join(import.meta.dirname, '../..');
const PACKAGE = join(ROOT, 'profiles/package');

function sources(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
}

/** `CodeSystem/exchange` of every canonical of ours that the code writes or reads. */
function used(): readonly string[] {
  const inFull =
    /(?:overgang\.dk\/fhir|\$\{OVERGANG\})\/((?:CodeSystem|NamingSystem|StructureDefinition)\/[a-z-]+)/g;
  const byHelper = /\b(codeSystem|definition)\('([a-z-]+)'\)/g;
  return sources(join(ROOT, 'src')).flatMap((text) => [
    ...[...text.matchAll(inFull)].map((match) => match[1]!),
    ...[...text.matchAll(byHelper)].map(
      (match) => `${match[1] === 'codeSystem' ? 'CodeSystem' : 'StructureDefinition'}/${match[2]}`,
    ),
  ]);
}

describe('our own canonicals', () => {
  it('every code system, naming system and extension that the code uses is defined in the package', () => {
    const names = [...new Set(used())].sort();
    expect(names).toContain('CodeSystem/delivery-status');
    const undefinedOnes = names.filter(
      (name) => !existsSync(join(PACKAGE, `${name.replace('/', '-')}.json`)),
    );
    expect(undefinedOnes).toEqual([]);
  });

  it('every kind of letter that is read has its code, in Danish and English', () => {
    const system = JSON.parse(
      readFileSync(join(PACKAGE, 'CodeSystem-letter-type.json'), 'utf8'),
    ) as CodeSystem;
    for (const [code, kind] of Object.entries(LETTER_KINDS)) {
      const concept = system.concept?.find((each) => each.code === code);
      expect([code, concept?.display, concept?.designation?.[0]?.value]).toEqual([
        code,
        kind.title.da,
        kind.title.en,
      ]);
    }
  });
});
