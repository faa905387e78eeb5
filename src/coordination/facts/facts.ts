import type {
  CarePlan,
  Communication,
  Encounter,
  EpisodeOfCare,
  Organization,
  Patient,
  PlanDefinition,
} from '@medplum/fhirtypes';

/** Everything that obligations and verdicts of one stay rest on; gathered in bulk, computed on in memory. */
export interface StayFacts {
  readonly stay: Encounter & { id: string };
  readonly patient?: Patient;
  /** The coordination course the stay belongs to (docs/model.md, "Course"). */
  readonly course?: EpisodeOfCare;
  /** All EpisodeOfCares of the citizen, the course among them. */
  readonly episodes: readonly EpisodeOfCare[];
  /** Communications whose `encounter` is the stay, entered-in-error ones left out, by `sent`. */
  readonly exchanges: readonly Communication[];
  /** CarePlans whose `encounter` is the stay, entered-in-error and revoked ones left out. */
  readonly plans: readonly CarePlan[];
  /** Organisations referenced by the above, with their `partOf` chain. */
  readonly organizations: readonly Organization[];
  /** The agreement in force for this stay, per obligation anchor day; the default where no regional one is. */
  readonly agreements: Agreements;
}

/** The agreement depends on the day of the anchor: admission for one obligation, discharge for the others. */
export interface Agreements {
  readonly atAdmission?: PlanDefinition;
  readonly atDischarge?: PlanDefinition;
}
