/** One letter in the normal form between OIOXML and FHIR; instants carry their offset. */
export interface LetterFacts {
  readonly type: LetterType;
  /** VersionCode, such as XD1834C. */
  readonly version: string;
  readonly identifier: string;
  readonly authorised?: string;
  /** Envelope/Sent. */
  readonly sent?: string;
  readonly envelope: string;
  readonly status: 'nytbrev' | 'rettetbrev' | 'annulleretbrev';
  readonly episode?: string;
  /** NotificationIdentifier of the older advis (XDIS20, XDIS17) and its answer (XDIS14). */
  readonly notification?: string;
  readonly sender: LetterParty;
  readonly receiver: LetterParty;
  readonly copyTo?: LetterParty;
  /** The citizen's own practice. */
  readonly practice?: LetterParty;
  readonly citizen: LetterCitizen;
  readonly admission?: string;
  readonly discharge?: string;
  readonly endOfTreatment?: string;
  readonly expectedEndOfTreatment?: string;
  readonly agreedDischarge?: string;
  readonly plannedDischarge?: string;
  /** When hospital and municipality met about the plan (XDIS19 PlanConference; XDIS21 DischargeConference, agreed). */
  readonly conference?: string;
  readonly sections: readonly LetterSection[];
}

const LETTER_TYPES = [
  'XDIS16',
  'XDIS18',
  'XDIS19',
  'XDIS21',
  'XDIS01',
  'XDIS20',
  'XDIS17',
  'XDIS14',
  'XDIS91',
] as const;
export type LetterType = (typeof LETTER_TYPES)[number];

export type IdentifierCode =
  | 'sygehusafdelingsnummer'
  | 'ydernummer'
  | 'lokationsnummer'
  | 'kommunenummer'
  | 'sorkode';

export interface LetterParty {
  readonly gln?: string;
  readonly identifier?: string;
  readonly identifierCode?: IdentifierCode;
  readonly organisation?: string;
  readonly department?: string;
  readonly unit?: string;
  readonly phone?: string;
  readonly street?: string;
  readonly suburb?: string;
  readonly district?: string;
  readonly postcode?: string;
  readonly speciality?: string;
  readonly signedBy?: { readonly given: string; readonly family: string; readonly title: string };
}

export interface LetterCitizen {
  readonly cpr?: string;
  /** AlternativeIdentifier: a replacement CPR number. */
  readonly alternative?: string;
  readonly family?: string;
  readonly given?: string;
  readonly street?: string;
  readonly suburb?: string;
  readonly district?: string;
  readonly postcode?: string;
  readonly statusCode?: string;
}

/** A section as docs/model.md names it; `items` keep the letter's own fields by their element paths. */
export interface LetterSection {
  readonly code: SectionCode;
  readonly text: string;
  readonly items?: readonly Readonly<Record<string, string>>[];
}

export const SECTION_CODES = [
  'relatives',
  'services',
  'medicine',
  'functional-ability',
  'nursing-areas',
  'cause',
  'contact',
  'diagnoses',
  'treatment',
  'aids',
  'diet',
  'infection-risk',
  'health-summary',
  'coordination',
  'clinical-information',
] as const;
export type SectionCode = (typeof SECTION_CODES)[number];
