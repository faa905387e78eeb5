import { buildLetter, letterVersion } from '../../medcom/build/letter.ts';
import type {
  LetterFacts,
  LetterParty,
  LetterSection,
  LetterType,
  SectionCode,
} from '../../medcom/letter/letter-facts.ts';
import { dateTimeText } from '../clock.ts';
import { idOf } from '../identity.ts';
import type { Municipality } from '../places/municipalities.ts';
import { PRACTICES, type Practice } from '../places/practices.ts';
import type { Citizen, Letter, PlannedStay } from '../plan/types.ts';
import { SECTION_TEXTS } from '../render/section-texts.ts';
import { episodeIdentifier } from '../render/stay.ts';
import { departmentFacts, municipalityFacts, practiceFacts } from './parties.ts';

const TYPES: Readonly<Record<Letter['kind'], LetterType>> = {
  'admission-report': 'XDIS16',
  'care-pathway-plan': 'XDIS21',
  'ready-for-discharge': 'XDIS19',
  'discharge-report': 'XDIS18',
  'discharge-letter': 'XDIS01',
};

/** A letter's identifiers have at most 14 characters. */
const short = (key: string): string => idOf(key).replaceAll('-', '').slice(0, 14);

function municipalParty(municipality: Municipality): LetterParty {
  const { gln, name } = municipalityFacts(municipality);
  // Letters write three digits.
  return {
    gln,
    identifier: municipality.code.slice(1),
    identifierCode: 'kommunenummer',
    organisation: name ?? '',
  };
}

function practiceParty(practice: Practice): LetterParty {
  const { gln } = practiceFacts(practice);
  return { gln, identifier: practice.ydernummer, identifierCode: 'ydernummer', organisation: practice.name };
}

function hospitalParty({ shape }: PlannedStay, letter: Letter): LetterParty {
  const department = shape.departments.filter((step) => step.from <= letter.sent).at(-1)?.index ?? 0;
  const { gln, sor } = departmentFacts(shape.hospital, department);
  return {
    gln,
    identifier: sor,
    identifierCode: 'sorkode',
    organisation: shape.hospital.name,
    department: shape.hospital.departments[department] ?? '',
  };
}

/** Another practice of the same municipality. */
function otherPractice(own: Practice): Practice {
  const others = PRACTICES.filter(
    (one) => one.municipality.code === own.municipality.code && one.key !== own.key,
  );
  return others[0] ?? own;
}

function receiverOf(citizen: Citizen, stay: PlannedStay, letter: Letter): LetterParty | undefined {
  const { municipality, practice } = citizen;
  if (letter.kind === 'admission-report') return hospitalParty(stay, letter);
  if (letter.kind !== 'discharge-letter') return municipality && municipalParty(municipality);
  return practice && practiceParty(letter.misaddressed ? otherPractice(practice) : practice);
}

/** When both sectors agreed on the joint plan, on the kind of letter that carries it on this stay. */
function conference(stay: PlannedStay, letter: Letter): { conference?: string } {
  const { hospitalAgreed, municipalityAgreed } = stay.jointPlan ?? {};
  if (hospitalAgreed === undefined || municipalityAgreed === undefined) return {};
  const carrier = stay.letters.some((one) => one.kind === 'care-pathway-plan')
    ? 'care-pathway-plan'
    : 'ready-for-discharge';
  if (letter.kind !== carrier) return {};
  return { conference: dateTimeText(Math.max(hospitalAgreed, municipalityAgreed)) };
}

/** The end of treatment and the discharge, where the letter has a place for them. */
function anchors(stay: PlannedStay, letter: Letter): Partial<LetterFacts> {
  const { discharge, endOfTreatment } = stay.shape;
  const leaving = discharge === undefined ? undefined : dateTimeText(discharge);
  const treated = endOfTreatment === undefined ? {} : { endOfTreatment: dateTimeText(endOfTreatment) };
  switch (letter.kind) {
    case 'ready-for-discharge':
      return { ...treated, ...(leaving === undefined ? {} : { plannedDischarge: leaving }) };
    case 'care-pathway-plan':
      return leaving === undefined ? {} : { agreedDischarge: leaving };
    case 'discharge-report':
      return { ...treated, ...(leaving === undefined ? {} : { discharge: leaving }) };
    case 'discharge-letter':
      return leaving === undefined ? {} : { discharge: leaving };
    default:
      return {};
  }
}

/** A planned letter in OIOXML; undefined for one that nobody could send: no receiver, or a mistake noticed before. */
export function letterXml(citizen: Citizen, stay: PlannedStay, letter: Letter): string | undefined {
  const receiver = receiverOf(citizen, stay, letter);
  const { municipality } = citizen;
  if (receiver === undefined || municipality === undefined || letter.enteredInError) return undefined;
  const type = TYPES[letter.kind];
  const sections = letter.sections.map(
    (code): LetterSection => ({ code: code as SectionCode, text: SECTION_TEXTS[code] ?? code }),
  );
  const sent = dateTimeText(letter.sent);
  return buildLetter({
    type,
    version: letterVersion(type, sections),
    identifier: short(letter.key),
    envelope: short(`${letter.key}/envelope`),
    authorised: sent,
    sent,
    status: letter.corrects === undefined ? 'nytbrev' : 'rettetbrev',
    episode: episodeIdentifier(stay).replaceAll('-', ''),
    sender: letter.kind === 'admission-report' ? municipalParty(municipality) : hospitalParty(stay, letter),
    receiver,
    ...(citizen.practice === undefined ? {} : { practice: practiceParty(citizen.practice) }),
    citizen: { cpr: citizen.cpr, family: citizen.family, given: citizen.given.join(' ') },
    admission: dateTimeText(stay.shape.admission),
    ...anchors(stay, letter),
    ...conference(stay, letter),
    sections,
  });
}
