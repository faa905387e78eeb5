import { buildLetter, letterVersion } from '../../src/medcom/build/letter.ts';
import type { LetterFacts, LetterSection, LetterType } from '../../src/medcom/letter/letter-facts.ts';
import { ELMER, EPISODE, HOSPITAL, MUNICIPALITY } from './hospital.ts';
import { when } from './stay-scenario.ts';

const WARD_PARTY = {
  gln: HOSPITAL.gln,
  identifier: '1301221',
  identifierCode: 'sygehusafdelingsnummer',
  organisation: 'Herlev og Gentofte hospital',
  department: 'Hjerteafdelingen',
} as const;
const MUNICIPALITY_PARTY = {
  gln: MUNICIPALITY.gln,
  identifier: '163',
  identifierCode: 'kommunenummer',
  organisation: 'Herlev Kommune',
} as const;
export const PRACTICE_PARTY = {
  gln: '5790000128686',
  identifier: '061654',
  identifierCode: 'ydernummer',
  organisation: 'Lægehuset',
} as const;

let numbers = 0;

/** Facts of a letter about Elmer, by default within his stay of March 2026 and sent on the 4th at 10 UTC. */
export function letterFacts(type: LetterType, told: Partial<LetterFacts> = {}): LetterFacts {
  numbers += 1;
  const identifier = `OVG${String(numbers).padStart(9, '0')}`;
  const fromMunicipality = type === 'XDIS16' || type === 'XDIS14';
  const sections: readonly LetterSection[] = told.sections ?? [{ code: 'cause', text: 'KOL i forværring' }];
  return {
    type,
    version: letterVersion(type, sections),
    identifier,
    envelope: identifier,
    status: 'nytbrev',
    authorised: told.sent ?? when('04T10'),
    sent: when('04T10'),
    episode: EPISODE.value.replaceAll('-', ''),
    sender: fromMunicipality ? MUNICIPALITY_PARTY : WARD_PARTY,
    receiver: fromMunicipality ? WARD_PARTY : type === 'XDIS01' ? PRACTICE_PARTY : MUNICIPALITY_PARTY,
    citizen: { cpr: ELMER, family: 'Elmer', given: 'Bruno Test' },
    sections,
    ...told,
  };
}

export function letter(type: LetterType, told: Partial<LetterFacts> = {}): string {
  return buildLetter(letterFacts(type, told));
}
