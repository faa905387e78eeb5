import type { PlanDefinition } from '@medplum/fhirtypes';
import type { Agreements } from '../../coordination/stay-facts.ts';

/** Whose agreement `%agreement` is: of the day of admission or of discharge. */
export type AgreementAt = 'admission' | 'discharge';

/** One stay, or one subject, under evaluation: what its names stand for, and what has been evaluated already. */
export interface EvaluationContext {
  /** The resource that criteria start from: the stay, or the subject. */
  readonly focus: unknown;
  /** Each a collection of typed items (fhirPathItems). */
  readonly variables: Readonly<Record<string, readonly unknown[]>>;
  readonly agreements: Agreements;
  /** `%asOf` as a FHIRPath dateTime; empty where the time of asking must not matter. */
  asOf: readonly unknown[];
}

export function agreementOf(agreements: Agreements, at: AgreementAt): PlanDefinition | undefined {
  return at === 'admission' ? agreements.atAdmission : agreements.atDischarge;
}
