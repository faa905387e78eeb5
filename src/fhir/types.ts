import type { ResourceType } from '@medplum/fhirtypes';

/** Citizens, professionals and organisations. */
const PARTIES = [
  'Patient',
  'RelatedPerson',
  'Practitioner',
  'PractitionerRole',
  'Organization',
  'Location',
  'HealthcareService',
  'CareTeam',
  'Group',
  'Device',
  'Endpoint',
] as const satisfies readonly ResourceType[];

/** The course, the stay, what is planned, owed and exchanged. */
const COORDINATION = [
  'EpisodeOfCare',
  'Encounter',
  'CarePlan',
  'Goal',
  'Task',
  'ServiceRequest',
  'Appointment',
  'Communication',
  'MessageHeader',
  'Consent',
  'Flag',
  'List',
] as const satisfies readonly ResourceType[];

/** What inclusion criteria and sections of letters rest on. */
const CLINICAL = [
  'Condition',
  'Observation',
  'Procedure',
  'Immunization',
  'AllergyIntolerance',
  'Medication',
  'MedicationRequest',
  'MedicationStatement',
  'DiagnosticReport',
  'ClinicalImpression',
  'RiskAssessment',
  'Questionnaire',
  'QuestionnaireResponse',
] as const satisfies readonly ResourceType[];

const RECORDS = [
  'Composition',
  'DocumentReference',
  'Binary',
  'Bundle',
  'Basic',
  'Provenance',
  'AuditEvent',
  'Subscription',
] as const satisfies readonly ResourceType[];

const DEFINITIONS = [
  'ActivityDefinition',
  'PlanDefinition',
  'Library',
  'Measure',
  'MeasureReport',
  'StructureDefinition',
  'ValueSet',
  'CodeSystem',
  'ConceptMap',
  'NamingSystem',
  'SearchParameter',
  'OperationDefinition',
  'CompartmentDefinition',
  'CapabilityStatement',
  'TerminologyCapabilities',
  'MessageDefinition',
  'GraphDefinition',
  'ImplementationGuide',
] as const satisfies readonly ResourceType[];

/** The resource types that are stored and served, in alphabetical order. */
export const SUPPORTED_TYPES: readonly ResourceType[] = [
  ...PARTIES,
  ...COORDINATION,
  ...CLINICAL,
  ...RECORDS,
  ...DEFINITIONS,
].sort();

const supported: ReadonlySet<string> = new Set(SUPPORTED_TYPES);

/** Whether resources of this type can be stored here. Case matters, as in FHIR. */
export function isSupportedType(name: string): name is ResourceType {
  return supported.has(name);
}
