/** Canonical URLs and identifier systems. One spelling of each, here (docs/model.md explains their use). */

export const OVERGANG = 'https://overgang.dk/fhir';

const definition = (name: string): string => `${OVERGANG}/StructureDefinition/${name}`;
const codeSystem = (name: string): string => `${OVERGANG}/CodeSystem/${name}`;

/** Our extensions: R4 has no element for what they carry. */
export const EXTENSION = {
  /** Encounter, Communication: dateTime at which the treatment was finished (færdigbehandlet). */
  endOfTreatment: definition('end-of-treatment'),
  /** Encounter, CarePlan: dateTime of the agreed discharge. */
  agreedDischarge: definition('agreed-discharge'),
  /** Encounter: boolean, the hospital asked for an admission report. */
  reportRequested: definition('admission-report-requested'),
  /** Encounter: Period of the (latest) leave. */
  leavePeriod: definition('leave-period'),
  /** CarePlan.contributor: {sector: code hospital|municipality, agreedAt: dateTime}. */
  planAgreement: definition('plan-agreement'),
  /** Communication.payload: code of the section it holds (CodeSystem exchange-section). */
  section: definition('exchange-section'),
  /** Communication: Reference(Communication) that this one corrects. */
  corrects: definition('corrects'),
  /** EpisodeOfCare: code rule|judgement, how the citizen was included. */
  inclusionBasis: definition('inclusion-basis'),
  /** PlanDefinition.action: {anchor: code, rule: code, offset: Duration}, the latest time. */
  deadline: definition('deadline'),
  /** PlanDefinition.action: Duration before the anchor from which an exchange counts. */
  earliest: definition('earliest-before-anchor'),
  /** PlanDefinition.action: Duration, stays shorter than this are exempt. */
  minimumStay: definition('minimum-stay'),
  /** PlanDefinition.action: {section: code (repeats), threshold: decimal 0..1}, what "complete" means. */
  completeness: definition('completeness'),
  /** Standard extension that ties CarePlan, Task and Communication to a course. */
  workflowEpisodeOfCare: 'http://hl7.org/fhir/StructureDefinition/workflow-episodeOfCare',
  /** dk-core: the municipality of an address. */
  municipalityCode: 'http://hl7.dk/fhir/core/StructureDefinition/dk-core-municipalityCodes',
  dataAbsentReason: 'http://hl7.org/fhir/StructureDefinition/data-absent-reason',
} as const;

export const CODE_SYSTEM = {
  /** What an exchange, plan or obligation is: the codes of {@link EXCHANGE} and `discharge-plan`. */
  exchange: codeSystem('exchange'),
  section: codeSystem('exchange-section'),
  /** EpisodeOfCare.type: coordination | municipal-services. */
  courseType: codeSystem('course-type'),
  /** Organization.type: region | hospital | department | municipality | general-practice | coordination-unit. */
  organisationType: codeSystem('organisation-type'),
  measurePopulation: 'http://terminology.hl7.org/CodeSystem/measure-population',
  actCode: 'http://terminology.hl7.org/CodeSystem/v3-ActCode',
  dischargeDisposition: 'http://terminology.hl7.org/CodeSystem/discharge-disposition',
  municipality: 'http://hl7.dk/fhir/core/CodeSystem/dk-core-municipality-codes',
  /** ISO 3166-2 as the jurisdiction of an agreement. */
  region: 'urn:iso:std:iso:3166:-2',
} as const;

export const IDENTIFIER_SYSTEM = {
  cpr: 'urn:oid:1.2.208.176.1.2',
  replacementCpr: 'urn:oid:1.2.208.176.1.6.1.1',
  sor: 'urn:oid:1.2.208.176.1.1',
  /** The stored spelling; `https://www.gs1.org/gln` and `urn:oid:1.3.88` are accepted and normalised to it. */
  gln: 'http://www.gs1.org/gln',
  yder: 'urn:oid:1.2.208.176.1.4',
  lpr3: 'https://www.esundhed.dk/Registre/Landspatientregisteret',
  /** A stay's episode identifier for matching: lower-case hex, no hyphens, opaque. */
  stayEpisode: `${OVERGANG}/NamingSystem/stay-episode`,
  /** Technical identity of a received message or letter. */
  message: `${OVERGANG}/NamingSystem/message`,
} as const;

/** Codes of {@link CODE_SYSTEM.exchange}: the five exchanges, the joint plan; also the six obligations. */
export const EXCHANGE = {
  admissionReport: 'admission-report',
  dischargePlan: 'discharge-plan',
  carePathwayPlan: 'care-pathway-plan',
  readyForDischarge: 'ready-for-discharge',
  dischargeReport: 'discharge-report',
  dischargeLetter: 'discharge-letter',
} as const;

export type ExchangeCode = (typeof EXCHANGE)[keyof typeof EXCHANGE];
