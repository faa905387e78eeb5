import type { XmlElement } from '../../fhir/xml/reader.ts';
import { isCpr } from '../parties/identifiers.ts';
import { child, requiredText, textAt } from './elements.ts';
import { LetterError, missingElement } from './letter-error.ts';
import type { IdentifierCode, LetterCitizen, LetterFacts, LetterParty } from './letter-facts.ts';
import { LETTER_KINDS, typeOfRoot } from './letter-kinds.ts';
import { localInstant, readDateTime } from './local-time.ts';
import { readSections } from './read-sections.ts';

export interface LetterEnvelope {
  readonly sent?: string;
  readonly identifier: string;
}

/**
 * Reads one letter of an Emessage, whatever package and name-space it comes in.
 * @throws LetterError with the place and what to mend
 */
export function readLetter(element: XmlElement, envelope: LetterEnvelope): LetterFacts {
  const type = typeOfRoot(element.name);
  if (type === undefined) {
    throw new LetterError(
      'problem_med_version',
      `${element.name} modtages ikke; Overgang modtager ${Object.values(LETTER_KINDS)
        .map((kind) => kind.root)
        .join(', ')} (unknown kind of letter).`,
      element.name,
    );
  }
  const letter = child(element, 'Letter');
  if (letter === undefined) throw missingElement(`${element.name}/Letter`);
  const version = requiredText(letter, 'VersionCode');
  if (!LETTER_KINDS[type].versions.test(version)) {
    throw new LetterError(
      'problem_med_version',
      `${type} i version ${version.slice(0, 10)} kendes ikke (unknown version).`,
      'Letter/VersionCode',
    );
  }
  const typeCode = textAt(letter, 'TypeCode');
  if (typeCode !== undefined && typeCode !== type) {
    throw new LetterError(
      'syntaksfejl',
      `TypeCode ${typeCode.slice(0, 10)} hører ikke til ${element.name}, som er ${type}.`,
      'Letter/TypeCode',
    );
  }
  const authorised = readDateTime(letter, 'Authorisation');
  const admission = readDateTime(element, 'Admission');
  const discharge = readDateTime(element, 'Discharge', admission);
  if (admission !== undefined && discharge !== undefined && Date.parse(discharge) < Date.parse(admission)) {
    throw new LetterError(
      'syntaksfejl',
      'Discharge ligger før Admission (discharged before admitted).',
      'Discharge',
    );
  }
  const facts = compact({
    type,
    version,
    identifier: requiredText(letter, 'Identifier'),
    authorised,
    sent: envelope.sent,
    envelope: envelope.identifier,
    status: readStatus(letter),
    episode: textAt(letter, 'EpisodeOfCareIdentifier'),
    notification: textAt(letter, 'NotificationIdentifier'),
    sender: readParty(element, 'Sender'),
    receiver: readParty(element, 'Receiver'),
    copyTo: child(element, 'CCReceiver') === undefined ? undefined : readParty(element, 'CCReceiver'),
    practice: readPractice(element),
    citizen: readCitizen(element),
    admission,
    discharge,
    endOfTreatment: readDateTime(element, 'EndOfTreatment', admission),
    expectedEndOfTreatment: readDateTime(element, 'ExpectedEndOfTreatment', admission),
    agreedDischarge: readDateTime(element, 'AgreedDischarge', admission),
    plannedDischarge: readDateTime(element, 'PlannedDischarge', admission),
    conference: readDateTime(element, 'PlanConference', admission) ?? agreedConference(element),
    sections: readSections(element),
  }) as LetterFacts;
  refuseMisplacedCpr(facts);
  return facts;
}

/** Letters, stays and organisations are told apart by these fields for ever after: a CPR number has no place there. */
function refuseMisplacedCpr(letter: LetterFacts): void {
  const { cpr } = letter.citizen;
  if (cpr === undefined) return;
  const parties = { Sender: letter.sender, Receiver: letter.receiver, CCReceiver: letter.copyTo };
  const fields: readonly (readonly [string, string | undefined])[] = [
    ['Letter/Identifier', letter.identifier],
    ['Envelope/Identifier', letter.envelope],
    ['Letter/EpisodeOfCareIdentifier', letter.episode],
    ['Letter/NotificationIdentifier', letter.notification],
    ...Object.entries(parties).map(([name, party]) => [`${name}/Identifier`, party?.identifier] as const),
    ['Practitioner/Identifier', letter.practice?.identifier],
  ];
  for (const [place, value] of fields) {
    if (value?.replaceAll('-', '').includes(cpr) !== true) continue;
    throw new LetterError(
      'syntaksfejl',
      `${place} indeholder borgerens CPR-nummer; det hører kun til i Patient (a CPR number in the wrong field).`,
      place,
    );
  }
}

function readStatus(letter: XmlElement): LetterFacts['status'] {
  const status = textAt(letter, 'StatusCode') ?? 'nytbrev';
  if (status === 'nytbrev' || status === 'rettetbrev' || status === 'annulleretbrev') return status;
  throw new LetterError(
    'syntaksfejl',
    'StatusCode er nytbrev, rettetbrev eller annulleretbrev.',
    'Letter/StatusCode',
  );
}

const IDENTIFIER_CODES: readonly string[] = [
  'sygehusafdelingsnummer',
  'ydernummer',
  'lokationsnummer',
  'kommunenummer',
  'sorkode',
] satisfies readonly IdentifierCode[];

function readParty(element: XmlElement, name: string): LetterParty {
  const party = child(element, name);
  if (party === undefined) throw missingElement(`${element.name}/${name}`);
  const gln = textAt(party, 'EANIdentifier');
  const identifier = textAt(party, 'Identifier');
  const code = textAt(party, 'IdentifierCode');
  if (gln !== undefined && !/^\d{13}$/.test(gln)) {
    throw new LetterError(
      name === 'Receiver' ? 'ukendt_lokationsnummer' : 'syntaksfejl',
      `${name}/EANIdentifier er et lokationsnummer på 13 cifre (a GLN of 13 digits).`,
      `${name}/EANIdentifier`,
    );
  }
  if (code !== undefined && !IDENTIFIER_CODES.includes(code)) {
    throw new LetterError(
      'problem_med_modtagerID',
      `${name}/IdentifierCode kendes ikke; brug ${IDENTIFIER_CODES.join(', ')}.`,
      `${name}/IdentifierCode`,
    );
  }
  if (gln === undefined && (identifier === undefined || code === undefined))
    throw missingElement(`${name}/EANIdentifier`);
  const signed = child(party, 'SignedBy') ?? child(party, 'Signatur');
  return compact({
    gln,
    identifier,
    identifierCode: code as IdentifierCode | undefined,
    organisation: textAt(party, 'OrganisationName'),
    department: textAt(party, 'DepartmentName'),
    unit: textAt(party, 'UnitName'),
    phone: textAt(party, 'TelephoneSubscriberIdentifier'),
    street: textAt(party, 'StreetName'),
    suburb: textAt(party, 'SuburbName'),
    district: textAt(party, 'DistrictName'),
    postcode: textAt(party, 'PostCodeIdentifier'),
    speciality: textAt(party, 'MedicalSpecialityCode'),
    signedBy:
      signed === undefined
        ? undefined
        : {
            given: textAt(signed, 'PersonGivenName') ?? '',
            family: textAt(signed, 'PersonSurnameName') ?? '',
            title: textAt(signed, 'PersonTitle') ?? '',
          },
  });
}

/** The citizen's practice: Practitioner in the municipal letters, FamilyDoctor in XDIS19. */
function readPractice(element: XmlElement): LetterParty | undefined {
  const practice = child(element, 'Practitioner') ?? child(element, 'FamilyDoctor');
  const identifier = textAt(practice, 'Identifier');
  if (practice === undefined || identifier === undefined) return undefined;
  const code = textAt(practice, 'IdentifierCode') ?? 'ydernummer';
  if (code !== 'ydernummer') return undefined;
  return compact({
    identifier,
    identifierCode: 'ydernummer' as const,
    organisation: textAt(practice, 'PersonName') ?? textAt(practice, 'OrganisationName'),
    phone: textAt(practice, 'TelephoneSubscriberIdentifier'),
  });
}

function readCitizen(element: XmlElement): LetterCitizen {
  const patient = child(element, 'Patient');
  if (patient === undefined) throw missingElement(`${element.name}/Patient`);
  const cpr = textAt(patient, 'CivilRegistrationNumber');
  const alternative = textAt(patient, 'AlternativeIdentifier');
  if (cpr === undefined && alternative === undefined) throw missingElement('Patient/CivilRegistrationNumber');
  if (cpr !== undefined && !isCpr(cpr)) {
    throw new LetterError(
      'syntaksfejl',
      'CivilRegistrationNumber er ti cifre uden bindestreg, der begynder med en dato (no CPR number).',
      'Patient/CivilRegistrationNumber',
    );
  }
  return compact({
    cpr,
    alternative,
    family: textAt(patient, 'PersonSurnameName'),
    given: textAt(patient, 'PersonGivenName'),
    street: textAt(patient, 'StreetName'),
    suburb: textAt(patient, 'SuburbName'),
    district: textAt(patient, 'DistrictName'),
    postcode: textAt(patient, 'PostCodeIdentifier'),
    statusCode: textAt(patient, 'EpisodeOfCareStatusCode'),
  });
}

/** XDIS21: the conference counts once it is agreed; `forslag` is only a proposal. */
function agreedConference(element: XmlElement): string | undefined {
  const conference = child(element, 'FurtherCoordination', 'DischargeConference');
  const code = textAt(conference, 'DischargeDateCode');
  const date = textAt(conference, 'Date');
  const time = textAt(conference, 'Time');
  if (code === undefined || code === 'forslag' || date === undefined || time === undefined) return undefined;
  return localInstant(date, time, 'FurtherCoordination/DischargeConference');
}

type Present<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Without the properties that are undefined. */
function compact<T extends object>(value: T): Present<T> {
  const kept: Present<T> = {};
  for (const key of Object.keys(value) as (keyof T)[]) {
    if (value[key] !== undefined) kept[key] = value[key] as Present<T>[typeof key];
  }
  return kept;
}
