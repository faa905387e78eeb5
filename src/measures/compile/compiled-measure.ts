import type { CodeableConcept, Measure } from '@medplum/fhirtypes';
import type { Aggregate } from '../report/score.ts';
import type { AgreementAt } from '../stays/context.ts';
import type { PopulationCode, Scoring } from '../vocabulary.ts';
import type { Expression } from './expression.ts';

/** A Measure ready to be evaluated stay by stay (population basis Encounter, with an anchor). */
export interface CompiledMeasure {
  readonly measure: Measure;
  /** `url|version` */
  readonly canonical: string;
  /** P1 … P6, or the Measure's name: how a verdict is introduced. */
  readonly label: string;
  readonly agreementAt?: AgreementAt;
  /** Code of the obligation it judges (CodeSystem exchange), when it says one. */
  readonly obligation?: string;
  readonly anchor: Expression;
  readonly due?: Expression;
  readonly actual?: Expression;
  readonly evidence?: Expression;
  readonly groups: readonly CompiledGroup[];
  /**
   * The time of asking matters to nothing but whether something is pending, and that changes at `due`: so verdicts can
   * be stored. Otherwise the Measure is evaluated anew for each time of asking.
   */
  readonly storable: boolean;
}

export interface CompiledGroup {
  readonly scoring: Scoring;
  readonly aggregate: Aggregate;
  /** What the populations count: `Encounter`, `boolean` (subjects), …; the same for all groups of a stay Measure. */
  readonly basis: string;
  readonly code?: CodeableConcept;
  readonly populations: ReadonlyMap<PopulationCode, Expression>;
  readonly stratifiers: readonly CompiledStratifier[];
}

export interface CompiledStratifier {
  readonly code?: CodeableConcept;
  /** One part, or one per component. */
  readonly parts: readonly StratifierPart[];
}

export interface StratifierPart {
  readonly code?: CodeableConcept;
  readonly criteria: Expression;
  /** Code system of the values. */
  readonly system?: string;
}
