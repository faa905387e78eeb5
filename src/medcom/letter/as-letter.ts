import { createHash } from 'node:crypto';
import type { Communication, Encounter, Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { badRequest, errorIssue, notFound, unprocessable } from '../../fhir/outcome.ts';
import type { Reader } from '../../store/store.ts';
import { buildLetter, letterVersion } from '../build/letter.ts';
import { loadResource, loadResources } from '../load.ts';
import { recipientsOf } from '../outgoing/receivers.ts';
import { normaliseEpisode } from '../stay/episode-key.ts';
import { keptFacts, keptParty } from './facts-extension.ts';
import type { LetterCitizen, LetterFacts, LetterParty, LetterSection, LetterType } from './letter-facts.ts';
import { letterTypeOf } from './letter-type-of.ts';
import { letterIdentifier } from './party-organisation.ts';
import { sectionsOf } from './section-payload.ts';

/**
 * `Communication/[id]/$as-letter`: the exchange as the OIOXML letter that its receiver can read, whether it came as a
 * letter or as plain FHIR. Letters tell minutes, in Danish local time.
 * @throws FhirError 404 without such a Communication, 400 when it is no exchange, 422 naming what the letter lacks
 */
export async function asLetter(reader: Reader, communicationId: string): Promise<string> {
  const stored = await reader.read('Communication', communicationId);
  if (stored === undefined || stored.deleted) throw notFound(`Communication/${communicationId} is not here.`);
  const communication = JSON.parse(stored.content) as Communication;
  const type = letterTypeOf(communication);
  if (type === undefined) {
    throw badRequest(
      `Only an exchange (category of ${CODE_SYSTEM.exchange}) or correspondence (category of MedCom's CareCommunication) can be written as a letter.`,
      'Communication.category',
    );
  }
  const facts = keptFacts(communication.extension);
  const patient = await loadResource<Patient>(reader, communication.subject?.reference);
  const stay = await loadResource<Encounter>(reader, communication.encounter?.reference);
  const to = recipientsOf(communication, stay)[0]?.reference;
  const practice = patient?.generalPractitioner?.[0]?.reference;
  const loaded = await loadResources(reader, [communication.sender?.reference, to, practice]);
  const party = (reference: string | undefined) => loaded.get(reference ?? '') as Organization | undefined;
  const sections = type === 'XDIS91' ? correspondence(communication) : sectionsOf(communication.payload);
  const sender = keptParty(facts, 'sender') ?? partyOf(party(communication.sender?.reference));
  const receiver = keptParty(facts, 'receiver') ?? partyOf(party(to));
  const citizen = citizenOf(patient, facts.get('citizen.statusCode'));
  if (sender === undefined || receiver === undefined || citizen === undefined) {
    throw lacking([
      ...(sender === undefined ? ['Communication.sender'] : []),
      ...(receiver === undefined ? ['Communication.recipient'] : []),
      ...(citizen === undefined ? ['Communication.subject'] : []),
    ]);
  }
  const copyTo = keptParty(facts, 'copyTo');
  const general = keptParty(facts, 'practice') ?? partyOf(party(practice));
  const identifier = facts.get('identifier') ?? shortId(communicationId);
  const letter: LetterFacts = {
    ...anchors(communication, stay, facts, type),
    type,
    version: facts.get('version') ?? letterVersion(type, sections),
    identifier,
    envelope: facts.get('envelope') ?? identifier,
    status: facts.get('status') === 'rettetbrev' || corrects(communication) ? 'rettetbrev' : 'nytbrev',
    sender,
    receiver,
    ...(copyTo === undefined ? {} : { copyTo }),
    ...(general?.identifierCode === 'ydernummer' && type !== 'XDIS01' ? { practice: general } : {}),
    citizen,
    sections,
  };
  const missing = mandatory(letter);
  if (missing.length > 0) throw lacking(missing);
  return buildLetter(letter);
}

/** Correspondence has texts, not sections: all of them, in their order. */
function correspondence(communication: Communication): readonly LetterSection[] {
  const sections = sectionsOf(communication.payload);
  if (sections.length > 0) return sections;
  const texts = (communication.payload ?? []).flatMap((each) => each.contentString ?? []);
  return texts.length === 0 ? [] : [{ code: 'clinical-information', text: texts.join('\n\n') }];
}

type Anchors = Partial<Pick<LetterFacts, AnchorName | 'sent' | 'authorised' | 'episode'>>;
type AnchorName =
  | 'admission'
  | 'discharge'
  | 'endOfTreatment'
  | 'expectedEndOfTreatment'
  | 'agreedDischarge'
  | 'plannedDischarge'
  | 'conference';

/** The times a letter tells: as it told them, else as the stay has them, where its kind has a place for them. */
function anchors(
  communication: Communication,
  stay: Encounter | undefined,
  facts: ReadonlyMap<string, string>,
  type: LetterType,
): Anchors {
  const dateTimeOf = (url: string) => extensionDate(communication, url) ?? extensionDate(stay, url);
  const end = dateTimeOf(EXTENSION.endOfTreatment);
  const agreed = dateTimeOf(EXTENSION.agreedDischarge) ?? stay?.period?.end;
  const reports = type === 'XDIS18' || type === 'XDIS01';
  const fromStay: Record<string, string | undefined> = {
    admission: type === 'XDIS16' ? undefined : stay?.period?.start,
    discharge: reports ? stay?.period?.end : undefined,
    endOfTreatment: type === 'XDIS19' || type === 'XDIS18' ? end : undefined,
    agreedDischarge: type === 'XDIS21' ? agreed : undefined,
    plannedDischarge: type === 'XDIS19' ? agreed : undefined,
    sent: communication.sent,
    authorised: communication.sent,
    episode: stayKey(stay),
  };
  const names = new Set([...Object.keys(fromStay), 'expectedEndOfTreatment', 'conference']);
  return Object.fromEntries(
    [...names].flatMap((name) => {
      const value = facts.get(name) ?? fromStay[name];
      return value === undefined || (facts.size > 0 && !facts.has(name)) ? [] : [[name, value]];
    }),
  );
}

function extensionDate(resource: Communication | Encounter | undefined, url: string): string | undefined {
  return resource?.extension?.find((extension) => extension.url === url)?.valueDateTime;
}

/**
 * At most 35 characters, without hyphens: of several, the one that the hospital gave, not the national one
 * (danish-domain A.6).
 */
function stayKey(stay: Encounter | undefined): string | undefined {
  const identifiers = stay?.identifier ?? [];
  const keys = identifiers.filter((each) => each.system === IDENTIFIER_SYSTEM.stayEpisode);
  const own = identifiers
    .filter((each) => each.system !== IDENTIFIER_SYSTEM.stayEpisode && each.system !== IDENTIFIER_SYSTEM.lpr3)
    .map((each) => normaliseEpisode(each.value ?? ''));
  return (keys.find((key) => own.includes(key.value ?? '')) ?? keys[0])?.value;
}

function corrects(communication: Communication): boolean {
  return communication.extension?.some((extension) => extension.url === EXTENSION.corrects) === true;
}

function partyOf(organization: Organization | undefined): LetterParty | undefined {
  if (organization === undefined) return undefined;
  const own = letterIdentifier(organization);
  if (own.gln === undefined && own.identifier === undefined) return undefined;
  const [organisation, department, unit] = (organization.name ?? '').split(', ');
  return {
    ...own,
    ...(organisation ? { organisation } : {}),
    ...(department === undefined ? {} : { department }),
    ...(unit === undefined ? {} : { unit }),
  };
}

function citizenOf(patient: Patient | undefined, statusCode: string | undefined): LetterCitizen | undefined {
  const value = (system: string) => patient?.identifier?.find((each) => each.system === system)?.value;
  const cpr = value(IDENTIFIER_SYSTEM.cpr);
  const alternative = value(IDENTIFIER_SYSTEM.replacementCpr);
  if (cpr === undefined && alternative === undefined) return undefined;
  const [name] = patient?.name ?? [];
  const [address] = patient?.address ?? [];
  const told = {
    cpr,
    alternative: cpr === undefined ? alternative : undefined,
    family: name?.family ?? name?.text,
    given: name?.given?.join(' '),
    street: address?.line?.[0],
    suburb: address?.district,
    district: address?.city,
    postcode: address?.postalCode,
    statusCode,
  };
  return Object.fromEntries(Object.entries(told).filter(([, each]) => each !== undefined)) as LetterCitizen;
}

/** What the letter's own schema asks for beyond its head. */
function mandatory(letter: LetterFacts): readonly string[] {
  if (letter.type !== 'XDIS19') return [];
  return [
    ...(letter.admission === undefined ? ['Encounter.period.start'] : []),
    ...(letter.endOfTreatment === undefined ? ['Communication.extension(end-of-treatment)'] : []),
  ];
}

function lacking(places: readonly string[]) {
  return unprocessable(
    places.map((place) =>
      errorIssue(
        'required',
        `The letter needs ${place}: an organisation with a GLN or a number, a citizen with a CPR number.`,
        place,
      ),
    ),
  );
}

/** 14 characters, as long as a letter's identifier may be. */
function shortId(id: string): string {
  return createHash('sha256').update(id).digest('hex').slice(0, 14).toUpperCase();
}
