import type { Identifier } from '@medplum/fhirtypes';

export type StayClass = 'EMER' | 'IMP';
export type EventKind =
  | 'admit-emergency'
  | 'admit-inpatient'
  | 'start-leave'
  | 'end-leave'
  | 'discharge'
  | 'death';

/** An episode identifier as the sender wrote it, and its spelling for matching (docs/model.md, "Stay"). */
export interface EpisodeKey {
  readonly system: string;
  readonly value: string;
  readonly key: string;
  /** The national LPR3 identifier can be shared by several stays; a local one belongs to one. */
  readonly national: boolean;
}

/**
 * What one notification tells of a stay, free of its dialect: from a FHIR message, an old XDIS20/XDIS17 letter,
 * or a change made by hand. A stay is a pure function of its events (fold.ts), so their order of arrival is
 * of no consequence.
 */
export interface StayEvent {
  /** Identity of the message that told it: MessageHeader.id, or sender and letter identifier. */
  readonly source: string;
  readonly mode: 'new' | 'revise' | 'cancel';
  readonly kind: EventKind;
  /** Instant of the event itself: admission, leave start or end, discharge, death. */
  readonly at: string;
  /** Instant at which the sender told it: the order of corrections. */
  readonly sent: string;
  readonly class: StayClass;
  /** Admission as the message tells it (Encounter.period.start). */
  readonly start: string;
  /** The message (an XDIS17) does not tell the admission; `start` then only says that it was not later. */
  readonly startUnknown?: boolean;
  readonly leave?: { readonly start: string; readonly end?: string };
  readonly episodes: readonly EpisodeKey[];
  /** `Organization/<id>` of the department or hospital. */
  readonly provider?: string;
  /** What the message says of the citizen's life, where it says it. */
  readonly deceased?: boolean;
  readonly reportRequested?: boolean;
  /** `Organization/<id>`, who the admission report shall be sent to. */
  readonly reportRecipient?: string;
  /** Stored as a stay of its own, so it continues no other one. */
  readonly standsAlone?: boolean;
  /** Sources that this one names as corrected, cancelled or continued. */
  readonly predecessors: readonly string[];
}

/** A logged event and the Encounter it was told into. */
export interface LoggedEvent extends StayEvent {
  readonly stayId?: string;
}

export function isAdmission(kind: EventKind): boolean {
  return kind === 'admit-emergency' || kind === 'admit-inpatient';
}

/** Order among events of the same moment: one is admitted before one leaves. */
const RANK: Readonly<Record<EventKind, number>> = {
  'admit-emergency': 0,
  'admit-inpatient': 1,
  'start-leave': 2,
  'end-leave': 3,
  discharge: 4,
  death: 5,
};

export function byEventTime(a: StayEvent, b: StayEvent): number {
  return (
    Date.parse(a.at) - Date.parse(b.at) ||
    RANK[a.kind] - RANK[b.kind] ||
    Date.parse(a.sent) - Date.parse(b.sent) ||
    compareText(a.source, b.source)
  );
}

const MODE_RANK = { new: 0, revise: 1, cancel: 2 } as const;

/** The order in which the sender spoke: by time told, then statement before correction before cancellation. */
export function bySentTime(a: StayEvent, b: StayEvent): number {
  return (
    Date.parse(a.sent) - Date.parse(b.sent) ||
    MODE_RANK[a.mode] - MODE_RANK[b.mode] ||
    RANK[a.kind] - RANK[b.kind] ||
    compareText(a.source, b.source)
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

export function identifierOf(episode: EpisodeKey): Identifier {
  return { system: episode.system, value: episode.value };
}
