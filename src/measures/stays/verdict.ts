/** Why a member was not evaluated, without a word of the data. */
type Failure = string;

/** What one Measure says of one member (a stay, a subject), free of measurement period and time of asking. */
export interface Verdict {
  /** What the populations count: `Encounter/[id]` for a stay, `Patient/[id]` for a subject. */
  readonly member: string;
  /** `Patient/[id]` */
  readonly subject?: string;
  /** `url|version` of the Measure. */
  readonly measure: string;
  /** The instant (UTC, milliseconds) that decides the measurement period; absent: not yet in any. */
  readonly anchor?: string;
  /** Last instant at which it is still met; asked before it, what is not done is pending. */
  readonly due?: string;
  readonly actual?: string;
  /** `url|version` of the agreement it was judged by. */
  readonly agreement?: string;
  /** References to the letters and plans that it rests on. */
  readonly evidence: readonly string[];
  readonly groups: readonly GroupVerdict[];
  readonly failure?: Failure;
}

export interface GroupVerdict {
  /** Populations, see populations.ts. */
  readonly bits: number;
  /** One value per stratifier of the group; '' where there is none; components joined by {@link COMPONENT}. */
  readonly strata: readonly string[];
  /** Observation of a continuous variable. */
  readonly observation?: number;
}

/** Separates the values of a stratifier's components. */
export const COMPONENT = '\u001f';
