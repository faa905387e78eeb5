/** MedCom's canonical URLs and codes that Overgang reads and writes (guides of 2026, danish-domain A.2, A.5, A.8). */

const terminology = (name: string): string => `http://medcomfhir.dk/ig/terminology/CodeSystem/${name}`;
const messaging = (name: string): string =>
  `http://medcomfhir.dk/ig/messaging/StructureDefinition/medcom-messaging-${name}`;
const notification = (name: string): string =>
  `http://medcomfhir.dk/ig/hospitalnotification/StructureDefinition/${name}`;
const acknowledgement = (name: string): string =>
  `http://medcomfhir.dk/ig/acknowledgement/StructureDefinition/${name}`;
const core = (name: string): string => `http://medcomfhir.dk/ig/core/StructureDefinition/medcom-core-${name}`;

export const MEDCOM_SYSTEM = {
  event: terminology('medcom-messaging-eventCodes'),
  activity: terminology('medcom-messaging-activityCodes'),
  destinationUse: terminology('medcom-messaging-destinationUse'),
  errorCode: terminology('medcom-acknowledgement-error-codes'),
  careCategory: terminology('medcom-careCommunication-categoryCodes'),
  /** HL7's own message codes, of which MedCom allows a subset in an acknowledgement. */
  hl7Outcome: 'http://terminology.hl7.org/CodeSystem/operation-outcome',
  /** Old letters: which kind of letter a Communication came in (XDIS16 …). */
  letterType: 'https://overgang.dk/fhir/CodeSystem/letter-type',
} as const;

export const EVENT = {
  empty: 'empty-message',
  careCommunication: 'care-communication-message',
  hospitalNotification: 'hospital-notification-message',
  acknowledgement: 'acknowledgement-message',
  homeCareObservation: 'homecareobservation-message',
} as const;

export const MEDCOM_EXTENSION = {
  destinationUse: messaging('destinationUseExtension'),
  /** MessageHeader: boolean, the sender asks for an admission report. */
  reportOfAdmission: notification('medcom-messaging-reportOfAdmissionExtension'),
  /** MessageHeader: Reference(Organization), who the admission report shall be sent to. */
  reportRecipient: notification('medcom-messaging-reportOfAdmissionRecipientExtension'),
  /** Encounter: Period of the leave. The canonical is misspelt by MedCom. */
  leavePeriod: notification('medcom-hospitalnotifiation-leave-period-extension'),
  sender: core('sender-extension'),
  payloadDate: core('datetime-extension'),
  payloadIdentifier: core('identifier-extension'),
  payloadAuthor: core('practitioner-extension'),
  payloadContact: core('contact-extension'),
} as const;

export const MEDCOM_PROFILE = {
  notification: notification('medcom-hospitalNotification-message'),
  notificationHeader: notification('medcom-hospitalNotification-messageHeader'),
  notificationEncounter: notification('medcom-hospitalNotification-encounter'),
  provenance: messaging('provenance'),
  organization: messaging('organization'),
  patient: core('patient'),
  practitioner: core('practitioner'),
  practitionerRole: core('practitionerrole'),
  encounter: core('encounter'),
  acknowledgement: acknowledgement('medcom-messaging-acknowledgement'),
  acknowledgementHeader: acknowledgement('medcom-messaging-acknowledgementHeader'),
  acknowledgementOutcome: acknowledgement('medcom-acknowledgement-operationoutcome'),
} as const;

/** How a letter is kept in FHIR beside what docs/model.md says (docs/medcom/letters.md). */
export const LETTER_EXTENSION = {
  /** Communication: the letter's own facts by name, each a nested extension (string or dateTime). */
  facts: 'https://overgang.dk/fhir/StructureDefinition/letter-facts',
  /** Communication.payload: one item of the section; nested extensions are the letter's fields and codings. */
  item: 'https://overgang.dk/fhir/StructureDefinition/exchange-item',
} as const;

/** `meta.tag` of a letter that has found no stay yet. */
export const UNMATCHED = {
  system: 'https://overgang.dk/fhir/CodeSystem/letter-state',
  code: 'unmatched',
  display: 'Afventer sit ophold (waits for its stay)',
} as const;

/** The address of an endpoint in SOR, the national register of health-care organisations. */
export function sorEndpoint(sor: string): string {
  return `https://sor2.sum.dsdn.dk/#id=${sor}`;
}
