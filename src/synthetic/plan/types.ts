import type { ExchangeCode } from '../../fhir/canonical.ts';
import type { Region } from '../agreement-facts.ts';
import type { DayNumber, Instant } from '../clock.ts';
import type { CoordinationUnit, Coordinator } from '../places/coordination-units.ts';
import type { Hospital } from '../places/hospitals.ts';
import type { Municipality } from '../places/municipalities.ts';
import type { Practice } from '../places/practices.ts';

/** What the generator has decided, before any FHIR: everything a course is, as it is known at the as-of time. */
export interface PlannedCourse {
  /** `seed/number`; every id of the course derives from it. */
  readonly key: string;
  readonly citizen: Citizen;
  readonly unit: CoordinationUnit;
  readonly coordinator: Coordinator;
  readonly basis: 'rule' | 'judgement';
  readonly start: Instant;
  /** Absent while the course goes on. */
  readonly end?: Instant;
  /** What the citizen receives from the municipality; `until` when it ended. */
  readonly services?: { readonly from: DayNumber; readonly until?: DayNumber };
  readonly stays: readonly PlannedStay[];
  readonly clinical: ClinicalPicture;
}

export interface Citizen {
  readonly cpr: string;
  readonly given: readonly string[];
  readonly family: string;
  readonly gender: 'female' | 'male';
  readonly birth: DayNumber;
  /** Absent for a citizen whose residence is not known; then the hospital's region decides the agreement. */
  readonly municipality?: Municipality;
  readonly street: string;
  readonly practice?: Practice;
  readonly livesAlone: boolean;
  readonly relative?: {
    readonly given: string;
    readonly family: string;
    readonly relation: 'child' | 'spouse';
  };
  readonly died?: Instant;
}

export interface ClinicalPicture {
  readonly conditions: readonly string[];
  readonly medicines: readonly string[];
  /** Clinical Frailty Scale 1…9 and Barthel index 0…100, with the day they were scored; low function has no Barthel now and then. */
  readonly scoredOn: DayNumber;
  readonly frailty: number;
  readonly barthel?: number;
  readonly spouseDied?: DayNumber;
}

export type StayClass = 'inpatient' | 'emergency' | 'emergency-then-inpatient';

export interface StayShape {
  readonly kind: StayClass;
  readonly hospital: Hospital;
  readonly admission: Instant;
  /** Departments in order; the first from the admission on. */
  readonly departments: readonly { readonly index: number; readonly from: Instant }[];
  /** When an emergency contact became an admission. */
  readonly inpatientFrom?: Instant;
  readonly leave?: { readonly from: Instant; readonly until?: Instant };
  readonly endOfTreatment?: Instant;
  readonly discharge?: Instant;
  readonly died: boolean;
  readonly enteredInError: boolean;
  readonly reportRequested: boolean;
}

export interface PlannedStay {
  readonly key: string;
  readonly shape: StayShape;
  /** A stay before the course began belongs to none. */
  readonly inCourse: boolean;
  readonly letters: readonly Letter[];
  readonly jointPlan?: JointPlan;
  readonly verdicts: readonly PlantedVerdict[];
}

export interface Letter {
  readonly key: string;
  readonly kind: Exclude<ExchangeCode, 'discharge-plan'>;
  readonly sent: Instant;
  readonly sections: readonly string[];
  /** Key of the letter that this one corrects. */
  readonly corrects?: string;
  readonly enteredInError: boolean;
  /** Sent to a practice that is not the citizen's. */
  readonly misaddressed: boolean;
}

export interface JointPlan {
  readonly key: string;
  readonly hospitalAgreed?: Instant;
  readonly municipalityAgreed?: Instant;
}

export type Verdict = 'met' | 'not-met' | 'excluded' | 'pending' | 'not-applicable';

/** What a measure must find for one stay; times are absent where the measure has none. */
export interface PlantedVerdict {
  readonly measure: ExchangeCode;
  readonly verdict: Verdict;
  /** How it was planted: `automatic`, `late`, `corrected`, `died` … */
  readonly how: string;
  readonly anchor?: Instant;
  readonly due?: Instant;
  /** When it was done: the first letter that counts, or the moment both sectors agreed. */
  readonly actual?: Instant;
}

/** The region whose agreement governs the stay. */
export function governingRegion(citizen: Citizen, hospital: Hospital): Region {
  return citizen.municipality?.region ?? hospital.region;
}
