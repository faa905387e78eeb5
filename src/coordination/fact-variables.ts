import type { PlanDefinition } from '@medplum/fhirtypes';
import { agreedDischarge, anchorsOf } from './anchors.ts';
import type { StayFacts } from './facts/facts.ts';

/**
 * The facts of a stay as FHIRPath variables (docs/model.md, "The facts of a stay"). Every name is always set; what a
 * stay does not have is an empty collection. Beside the resources, the anchors as dateTimes: `%admission`,
 * `%discharge`, `%endOfTreatment`, `%agreedDischarge`.
 */
export function factVariables(
  facts: StayFacts,
  agreement: PlanDefinition | undefined,
): Record<string, unknown> {
  const anchors = anchorsOf(facts);
  return {
    stay: facts.stay,
    patient: facts.patient ?? [],
    course: facts.course ?? [],
    episodes: facts.episodes,
    exchanges: facts.exchanges,
    plans: facts.plans,
    organizations: facts.organizations,
    agreement: agreement ?? [],
    admission: anchors.admission ?? [],
    discharge: anchors.discharge ?? [],
    endOfTreatment: anchors['end-of-treatment'] ?? [],
    agreedDischarge: agreedDischarge(facts) ?? [],
  };
}
