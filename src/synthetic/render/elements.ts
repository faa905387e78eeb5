import type { CodeableConcept, Extension, Reference, Resource } from '@medplum/fhirtypes';
import { CODE_SYSTEM, EXTENSION, type ExchangeCode } from '../../fhir/canonical.ts';
import { idOf } from '../identity.ts';

export function concept(system: string, code: string, display?: string): CodeableConcept {
  return { coding: [{ system, code, ...(display === undefined ? {} : { display }) }] };
}

/** A reference to a generated resource by its key, with what a reader may call it. */
export function reference<T extends Resource>(
  type: T['resourceType'],
  key: string,
  display?: string,
): Reference<T> {
  return { reference: `${type}/${idOf(key)}`, ...(display === undefined ? {} : { display }) };
}

/** Danish names of the exchanges and plans. */
export const EXCHANGE_NAMES: Readonly<Record<ExchangeCode, string>> = {
  'admission-report': 'Indlæggelsesrapport',
  'discharge-plan': 'Fælles plan for udskrivelsen',
  'care-pathway-plan': 'Plejeforløbsplan',
  'ready-for-discharge': 'Melding om færdigbehandling',
  'discharge-report': 'Udskrivningsrapport',
  'discharge-letter': 'Udskrivningsbrev (epikrise)',
};

export function exchangeCategory(code: ExchangeCode): CodeableConcept {
  return concept(CODE_SYSTEM.exchange, code, EXCHANGE_NAMES[code]);
}

/** Ties a resource to the course. */
export function ofCourse(courseKey: string): Extension {
  return {
    url: EXTENSION.workflowEpisodeOfCare,
    valueReference: reference('EpisodeOfCare', `${courseKey}/course`),
  };
}
