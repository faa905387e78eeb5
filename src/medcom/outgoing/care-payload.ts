import type {
  CodeableConcept,
  Coding,
  Communication,
  CommunicationPayload,
  Extension,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXCHANGE, EXTENSION } from '../../fhir/canonical.ts';
import type { SectionCode } from '../letter/letter-facts.ts';
import { LETTER_EXTENSION, MEDCOM_EXTENSION, MEDCOM_SYSTEM } from '../vocabulary.ts';

/** Who wrote a text, and how to reach them; the references are within the message. */
export interface Authorship {
  /** Instant. */
  readonly written: string;
  /** `PractitionerRole/[id]` */
  readonly author: string;
  readonly phone: string;
  /** `Organization/[id]`, which gives the text its identifier. */
  readonly assigner: string;
  readonly newId: () => string;
}

const HEADING: Readonly<Record<SectionCode, string>> = {
  relatives: 'Pårørende',
  services: 'Aktuelle ydelser',
  medicine: 'Medicin',
  'functional-ability': 'Funktionsevne',
  'nursing-areas': 'Sygeplejefaglige problemområder',
  cause: 'Årsag',
  contact: 'Kontaktoplysninger',
  diagnoses: 'Diagnoser',
  treatment: 'Behandling',
  aids: 'Hjælpemidler',
  diet: 'Kost',
  'infection-risk': 'Smitterisiko',
  'health-summary': 'Helbredsresumé',
  coordination: 'Koordination og aftaler',
  'clinical-information': 'Kliniske oplysninger',
};

/**
 * The texts of a Communication as payloads of a CareCommunication: a section under its heading, its code and fields
 * beside it for receivers that know them.
 */
export function carePayload(
  communication: Communication,
  authorship: Authorship,
): readonly (CommunicationPayload & { readonly identifier: string })[] {
  return (communication.payload ?? []).flatMap((each) => {
    if (each.contentString === undefined) return [];
    const identifier = `urn:uuid:${authorship.newId()}`;
    return [{ identifier, extension: extensions(each, identifier, authorship), contentString: textOf(each) }];
  });
}

function extensions(
  payload: CommunicationPayload,
  identifier: string,
  { written, author, phone, assigner }: Authorship,
): Extension[] {
  const own: readonly string[] = [EXTENSION.section, LETTER_EXTENSION.item];
  return [
    { url: MEDCOM_EXTENSION.payloadDate, valueDateTime: written },
    {
      url: MEDCOM_EXTENSION.payloadIdentifier,
      valueIdentifier: { value: identifier, assigner: { reference: assigner } },
    },
    { url: MEDCOM_EXTENSION.payloadAuthor, valueReference: { reference: author } },
    { url: MEDCOM_EXTENSION.payloadContact, valueContactPoint: { system: 'phone', value: phone } },
    ...(payload.extension ?? []).filter((extension) => own.includes(extension.url)),
  ];
}

function textOf(payload: CommunicationPayload): string {
  const text = payload.contentString!;
  const code = payload.extension?.find((extension) => extension.url === EXTENSION.section)?.valueCode;
  const heading = HEADING[code as SectionCode] as string | undefined;
  return heading === undefined || text.startsWith(`${heading}\n`) ? text : `${heading}\n${text}`;
}

/** MedCom's category, kept where there is one; an exchange has its nearest. */
export function careCategory(communication: Communication): CodeableConcept[] {
  const care = codingsOf(communication).find((coding) => coding.system === MEDCOM_SYSTEM.careCategory);
  const aboutDischarge: readonly string[] = [
    EXCHANGE.readyForDischarge,
    EXCHANGE.dischargeReport,
    EXCHANGE.dischargeLetter,
  ];
  const code = aboutDischarge.includes(exchangeOf(communication)?.code ?? '')
    ? 'discharge'
    : 'carecoordination';
  return [{ coding: [care ?? { system: MEDCOM_SYSTEM.careCategory, code }] }];
}

/**
 * Which exchange a Communication is. MedCom allows one category coding only, so that in a CareCommunication message
 * the exchange stands as a tag.
 */
export function exchangeOf(communication: Communication): Coding | undefined {
  return [...codingsOf(communication), ...(communication.meta?.tag ?? [])].find(
    (coding) => coding.system === CODE_SYSTEM.exchange,
  );
}

function codingsOf(communication: Communication): readonly Coding[] {
  return (communication.category ?? []).flatMap((each) => each.coding ?? []);
}
