import type {
  LetterCitizen,
  LetterFacts,
  LetterParty,
  LetterSection,
  SectionCode,
} from '../letter/letter-facts.ts';
import { localParts } from '../letter/local-time.ts';
import { branch, leaf, type XmlNode } from './xml-writer.ts';

type Nodes = readonly (XmlNode | undefined)[];

/** Lengths that the schemas allow; what is longer is cut, as every sender of letters must. */
const SHORT = 35;

function cut(text: string | undefined, length = SHORT): string | undefined {
  return text?.slice(0, length).trim();
}

/** A DateTimeType element in Danish local time. */
export function dateTime(name: string, instant: string | undefined, seconds = false): XmlNode | undefined {
  if (instant === undefined) return undefined;
  const local = localParts(instant);
  return {
    name,
    children: [
      { name: 'Date', text: local.date },
      seconds ? { name: 'TimeWithSec', text: local.seconds } : { name: 'Time', text: local.time },
    ],
  };
}

/** Letter: the head of every letter. `withStatus` is false for the 1.0.3 package, which has no StatusCode. */
export function letterHead(letter: LetterFacts, withStatus: boolean): XmlNode {
  const advis = letter.type === 'XDIS20' || letter.type === 'XDIS17' || letter.type === 'XDIS14';
  return branch('Letter', [
    leaf('Identifier', cut(letter.identifier, 14)),
    leaf('VersionCode', letter.version),
    leaf('StatisticalCode', letter.type),
    dateTime('Authorisation', letter.authorised ?? letter.sent, advis),
    leaf('TypeCode', letter.type),
    withStatus ? leaf('StatusCode', letter.status) : undefined,
    leaf('EpisodeOfCareIdentifier', cut(letter.episode)),
    leaf('NotificationIdentifier', cut(letter.notification)),
  ])!;
}

function names(party: LetterParty): Nodes {
  return [
    leaf('EANIdentifier', party.gln),
    leaf('Identifier', cut(party.identifier, 17)),
    leaf('IdentifierCode', party.identifierCode),
    leaf('OrganisationName', cut(party.organisation)),
    leaf('DepartmentName', cut(party.department)),
    leaf('UnitName', cut(party.unit)),
  ];
}

function address(of: LetterParty | LetterCitizen): Nodes {
  return [
    leaf('StreetName', cut(of.street)),
    leaf('SuburbName', cut(of.suburb)),
    leaf('DistrictName', cut(of.district)),
    leaf('PostCodeIdentifier', of.postcode),
  ];
}

/** Sender; `signature` is the element that the letter's schema puts the signature in, if any. */
export function senderNode(
  letter: LetterFacts,
  signature: 'SignedBy' | 'Signatur' | undefined,
  contacts: Nodes,
): XmlNode {
  const { sender } = letter;
  const signed = sender.signedBy ?? { given: 'Ukendt', family: 'Ukendt', title: 'Ukendt' };
  const signedBy = (given: boolean) =>
    branch(given ? 'SignedBy' : 'Signatur', [
      ...(given
        ? [leaf('PersonGivenName', cut(signed.given)), leaf('PersonSurnameName', cut(signed.family))]
        : [leaf('PersonSurnameName', cut(signed.family)), leaf('PersonGivenName', cut(signed.given))]),
      leaf('PersonTitle', cut(signed.title)),
    ]);
  return branch('Sender', [
    ...names({ ...sender, organisation: sender.organisation ?? 'Ukendt' }),
    ...address(sender),
    leaf('TelephoneSubscriberIdentifier', cut(sender.phone, 25)),
    ...(signature === 'SignedBy' ? [signedBy(true)] : []),
    leaf('MedicalSpecialityCode', sender.speciality),
    ...(signature === 'Signatur' ? [signedBy(false)] : []),
    ...contacts,
  ])!;
}

export function receiverNode(
  name: 'Receiver' | 'CCReceiver',
  party: LetterParty | undefined,
): XmlNode | undefined {
  return party === undefined ? undefined : branch(name, [...names(party), ...address(party)]);
}

export function practiceNode(
  name: 'Practitioner' | 'FamilyDoctor',
  practice: LetterParty | undefined,
): XmlNode | undefined {
  if (practice === undefined) return undefined;
  const doctor = name === 'FamilyDoctor';
  return branch(name, [
    leaf('Identifier', cut(practice.identifier, 17)),
    doctor ? undefined : leaf('IdentifierCode', practice.identifierCode ?? 'ydernummer'),
    leaf(doctor ? 'OrganisationName' : 'PersonName', cut(practice.organisation)),
    leaf('TelephoneSubscriberIdentifier', cut(practice.phone, 25)),
  ]);
}

/** Patient; letters of 2005 end with the status of the stay. */
export function patientNode(citizen: LetterCitizen, statusCode: string | undefined): XmlNode {
  return branch('Patient', [
    leaf('CivilRegistrationNumber', citizen.cpr),
    citizen.cpr === undefined ? leaf('AlternativeIdentifier', citizen.alternative) : undefined,
    leaf('PersonSurnameName', cut(citizen.family ?? 'Ukendt', 70)),
    leaf('PersonGivenName', cut(citizen.given, 70)),
    ...address(citizen),
    leaf('EpisodeOfCareStatusCode', statusCode),
  ])!;
}

export function sectionOf(letter: LetterFacts, code: SectionCode): LetterSection | undefined {
  return letter.sections.find((section) => section.code === code);
}

/** Formatted text of a section. */
export function textNode(name: string, section: LetterSection | undefined): XmlNode | undefined {
  return leaf(name, section?.text, true);
}

/**
 * A list of items and a comment: the items with those of the `fields` they have, in the schema's order; a section
 * without items is its text, as the comment. `fields` undefined writes all fields in the order they were read.
 */
export function listNode(
  name: string,
  item: string,
  section: LetterSection | undefined,
  fields?: readonly (readonly [string, number])[],
): XmlNode | undefined {
  if (section === undefined) return undefined;
  const items = (section.items ?? []).map((each) => itemNode(item, each, fields));
  return branch(
    name,
    items.some(Boolean) ? [...items, commentOf(section)] : [leaf('Comment', section.text, true)],
  );
}

/** What a section says beyond its items. */
function commentOf(section: LetterSection): XmlNode | undefined {
  const lines = section.text.split('\n').slice(section.items?.length ?? 0);
  return leaf('Comment', lines.join('\n'), true);
}

export function itemNode(
  name: string,
  item: Readonly<Record<string, string>>,
  fields?: readonly (readonly [string, number])[],
): XmlNode | undefined {
  if (fields === undefined) return nested(name, Object.entries(item));
  return branch(
    name,
    fields.map(([field, length]) => leaf(field, cut(item[field], length), length > 70)),
  );
}

/** Fields with paths (`Terminology.Code`) as elements within elements, in the order given. */
function nested(name: string, fields: readonly (readonly [string, string])[]): XmlNode | undefined {
  const groups = new Map<string, [string, string][]>();
  for (const [path, value] of fields) {
    const dot = path.indexOf('.');
    const head = dot === -1 ? path : path.slice(0, dot);
    groups.set(head, [...(groups.get(head) ?? []), [dot === -1 ? '' : path.slice(dot + 1), value]]);
  }
  return branch(
    name,
    [...groups].flatMap(([head, parts]) => {
      const element = head.replace(/#\d+$/, '');
      return parts[0]?.[0] === '' ? [leaf(element, parts[0][1], true)] : [nested(element, parts)];
    }),
  );
}
