import { byEventTime, type EpisodeKey, isAdmission, type StayClass, type StayEvent } from './stay-event.ts';

export interface StayState {
  readonly status: 'in-progress' | 'onleave' | 'finished' | 'entered-in-error';
  readonly class: StayClass;
  /** When the stay was acute ambulant before it became an admission. */
  readonly emergency?: { readonly start: string; readonly end: string };
  readonly start: string;
  /** No message told the admission; `start` is not one. */
  readonly startUnknown?: boolean;
  readonly end?: string;
  readonly leave?: { readonly start: string; readonly end?: string };
  readonly episodes: readonly EpisodeKey[];
  readonly provider?: string;
  readonly reportRequested?: boolean;
  readonly reportRecipient?: string;
  readonly died: boolean;
}

/** The state of one stay after its surviving events, by their own time (at least one event). */
export function foldStay(events: readonly StayEvent[]): StayState {
  const ordered = [...events].sort(byEventTime);
  const first = ordered[0]!;
  const admissions = ordered.filter((event) => isAdmission(event.kind));
  const start = admissions[0]?.at ?? (ordered.find((event) => event.startUnknown !== true) ?? first).start;
  const inpatientFrom = admissions.find((event) => event.kind === 'admit-inpatient')?.at;
  const isInpatient = inpatientFrom !== undefined || ordered.some((event) => event.class === 'IMP');
  const emergencyFrom = admissions.find((event) => event.kind === 'admit-emergency')?.at;
  const last = closing(ordered);

  let status: StayState['status'] = 'in-progress';
  let leave: StayState['leave'];
  let provider: string | undefined;
  for (const event of ordered) {
    if (last !== undefined && byEventTime(event, last) > 0) break;
    provider = event.provider ?? provider;
    if (event.kind === 'start-leave') {
      status = 'onleave';
      leave = { start: event.at };
    } else if (event.kind === 'end-leave') {
      status = 'in-progress';
      leave = { start: event.leave?.start ?? leave?.start ?? event.at, end: event.at };
    } else if (isAdmission(event.kind)) {
      status = 'in-progress';
    }
  }
  const end = last?.at;
  return {
    status: last === undefined ? status : 'finished',
    class: isInpatient ? 'IMP' : 'EMER',
    ...(emergencyFrom !== undefined &&
    inpatientFrom !== undefined &&
    Date.parse(emergencyFrom) < Date.parse(inpatientFrom)
      ? { emergency: { start: emergencyFrom, end: inpatientFrom } }
      : {}),
    start,
    ...(admissions.length === 0 && ordered.every((event) => event.startUnknown === true)
      ? { startUnknown: true }
      : {}),
    ...(end === undefined ? {} : { end }),
    ...(leave === undefined ? {} : { leave }),
    episodes: episodesOf(ordered),
    ...(provider === undefined ? {} : { provider }),
    ...requestOf(ordered),
    died: last?.kind === 'death',
  };
}

/** The event that ended the stay: a death before all, else the discharge that was told last. */
function closing(ordered: readonly StayEvent[]): StayEvent | undefined {
  const death = ordered.findLast((event) => event.kind === 'death');
  if (death !== undefined) return death;
  return ordered
    .filter((event) => event.kind === 'discharge')
    .reduce<StayEvent | undefined>(
      (latest, event) =>
        latest === undefined || Date.parse(event.sent) >= Date.parse(latest.sent) ? event : latest,
      undefined,
    );
}

/** Local identifiers before the national one, each once, in a spelling that does not depend on order of arrival. */
export function episodesOf(events: readonly StayEvent[]): readonly EpisodeKey[] {
  const seen = new Map<string, EpisodeKey>();
  for (const episode of events.flatMap((event) => event.episodes)) {
    const id = `${episode.system}|${episode.value}`;
    if (!seen.has(id)) seen.set(id, episode);
  }
  return [...seen.entries()]
    .sort(([a, x], [b, y]) => Number(x.national) - Number(y.national) || (a < b ? -1 : 1))
    .map(([, episode]) => episode);
}

function requestOf(ordered: readonly StayEvent[]): Pick<StayState, 'reportRequested' | 'reportRecipient'> {
  const asked = ordered.findLast((event) => isAdmission(event.kind) && event.reportRequested === true);
  if (asked !== undefined) {
    return {
      reportRequested: true,
      ...(asked.reportRecipient === undefined ? {} : { reportRecipient: asked.reportRecipient }),
    };
  }
  return ordered.some((event) => event.reportRequested === false) ? { reportRequested: false } : {};
}
