import type {
  Communication,
  Encounter,
  EpisodeOfCare,
  Identifier,
  Organization,
  Reference,
  Resource,
} from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../fhir/canonical.ts';
import type { Written } from '../store/store.ts';
import { identifierKey, idIn } from './facts/references.ts';
import { citizenIdentifierName, stayIdentifierName, stayName } from './lock-facts.ts';

/** The types whose writes touch stays. An agreement (PlanDefinition) touches all it governs: see governed-stays.ts. */
export const TOUCHING_TYPES: ReadonlySet<string> = new Set([
  'Encounter',
  'Communication',
  'CarePlan',
  'EpisodeOfCare',
  'Patient',
  'Organization',
]);

/** What written resources name, before and after: stays themselves, and what leads to stays. */
export interface Touched {
  readonly stayIds: Set<string>;
  readonly patientIds: Set<string>;
  /** Identifiers of stays and of citizens in logical references, as `system|value` → identifier. */
  readonly stayIdentifiers: Map<string, Identifier>;
  readonly patientIdentifiers: Map<string, Identifier>;
  readonly episodeIds: Set<string>;
  readonly organizationIds: Set<string>;
  readonly municipalities: Set<string>;
  /**
   * Names to lock so that no other transaction brings facts to the same stays unseen: a stay, its citizen and its
   * identifiers, whichever of them a write knows. Organisations are left out: a hospital's messages would queue.
   */
  readonly locks: Set<string>;
}

/** Reads from written resources, the versions before them included, what they touch. No I/O. */
export function touchedBy(written: readonly Written[]): Touched {
  const touched: Touched = {
    stayIds: new Set(),
    patientIds: new Set(),
    stayIdentifiers: new Map(),
    patientIdentifiers: new Map(),
    episodeIds: new Set(),
    organizationIds: new Set(),
    municipalities: new Set(),
    locks: new Set(),
  };
  for (const write of written) {
    if (write.outcome === 'unchanged' || !TOUCHING_TYPES.has(write.type)) continue;
    if (write.type === 'Encounter') addStay(write.id, touched);
    if (write.type === 'EpisodeOfCare') touched.episodeIds.add(write.id);
    if (write.type === 'Patient') addPatient(write.id, touched);
    if (write.type === 'Organization') touched.organizationIds.add(write.id);
    for (const resource of [write.previous, write.resource]) {
      if (resource !== undefined) collect(resource, touched);
    }
  }
  return touched;
}

function collect(resource: Resource, touched: Touched): void {
  switch (resource.resourceType) {
    case 'Encounter':
      lockStay(resource as Encounter, touched);
      break;
    case 'Communication':
    case 'CarePlan':
      collectStay((resource as Communication).encounter, touched);
      break;
    case 'EpisodeOfCare':
      collectPatient((resource as EpisodeOfCare).patient, touched);
      break;
    case 'Patient':
      for (const identifier of resource.identifier ?? []) addPatientIdentifier(identifier, touched);
      break;
    case 'Organization':
      for (const { system, value } of (resource as Organization).identifier ?? []) {
        if (system === CODE_SYSTEM.municipality && value !== undefined) touched.municipalities.add(value);
      }
      break;
  }
}

/** A stay is found by its citizen or its identifiers, so whoever brings facts by these waits for it. */
function lockStay(stay: Encounter, touched: Touched): void {
  const id = idIn(stay.subject, 'Patient');
  const key = identifierKey(stay.subject?.identifier);
  if (id !== undefined) touched.locks.add(`citizen/${id}`);
  if (key !== undefined) touched.locks.add(citizenIdentifierName(key));
  for (const identifier of stay.identifier ?? []) {
    const stayKey = identifierKey(identifier);
    if (stayKey !== undefined) touched.locks.add(stayIdentifierName(stayKey));
  }
}

function collectStay(reference: Reference | undefined, touched: Touched): void {
  const id = idIn(reference, 'Encounter');
  const key = identifierKey(reference?.identifier);
  if (id !== undefined) addStay(id, touched);
  else if (key !== undefined && reference?.identifier !== undefined) {
    touched.stayIdentifiers.set(key, reference.identifier);
    touched.locks.add(stayIdentifierName(key));
  }
}

function collectPatient(reference: Reference | undefined, touched: Touched): void {
  const id = idIn(reference, 'Patient');
  if (id !== undefined) addPatient(id, touched);
  else addPatientIdentifier(reference?.identifier, touched);
}

function addStay(id: string, touched: Touched): void {
  touched.stayIds.add(id);
  touched.locks.add(stayName(id));
}

function addPatient(id: string, touched: Touched): void {
  touched.patientIds.add(id);
  touched.locks.add(`citizen/${id}`);
}

function addPatientIdentifier(identifier: Identifier | undefined, touched: Touched): void {
  const key = identifierKey(identifier);
  if (key === undefined || identifier === undefined) return;
  touched.patientIdentifiers.set(key, identifier);
  touched.locks.add(citizenIdentifierName(key));
}
