import { components } from './components.ts';
import { episodesOf, foldStay, type StayState } from './fold.ts';
import { segments } from './segments.ts';
import { bySentTime, isAdmission, type StayEvent } from './stay-event.ts';
import { survivors } from './surviving.ts';

/** One stay: its state and the events that tell of it. */
export interface Stay {
  readonly state: StayState;
  /** Sources of the events the state rests on, in event order; of a cancelled stay, of all its events. */
  readonly sources: readonly string[];
}

interface OpenStay extends Stay {
  readonly first: StayEvent;
}

/**
 * All stays of one citizen from everything that was ever told of them: a pure function of the set of events.
 * Transfers within a region come as a new STIN that asks for no report (S.BR4), without discharge between: they
 * continue the open stay. A STIN that asks for one (S.BR2, S.BR3: another region) begins a stay of its own.
 */
export function staysOfCitizen(events: readonly StayEvent[]): readonly Stay[] {
  const deaths = deathsThatHold(events);
  const stays: OpenStay[] = [];
  const cancelled: Stay[] = [];
  for (const component of components(events)) {
    const left = survivors(component, deaths);
    if (left.cancelled) {
      cancelled.push(cancelledStay(component));
      continue;
    }
    const events = left.events.length === 0 ? impliedByCancellation(component) : left.events;
    for (const segment of segments(events)) {
      stays.push({
        state: withEpisodes(foldStay(segment), component),
        sources: segment.flatMap((event) => left.told.get(event) ?? [event.source]),
        first: segment[0]!,
      });
    }
  }
  return [...mergeTransfers(stays), ...cancelled];
}

/** The latest word on the citizen's life: a death holds until a later message says otherwise (AN_MORS). */
function deathsThatHold(events: readonly StayEvent[]): ReadonlySet<StayEvent> {
  const last = events
    .filter((event) => event.deceased !== undefined)
    .sort(bySentTime)
    .at(-1);
  return new Set(last?.deceased === true ? [last] : []);
}

/**
 * All that was told has been cancelled, yet no admission was: the citizen is in hospital, as the last message says
 * (on leave, if what it cancels is the end of a leave).
 */
function impliedByCancellation(component: readonly StayEvent[]): readonly StayEvent[] {
  const last = [...component].sort(bySentTime).at(-1)!;
  const admission: StayEvent = {
    ...last,
    mode: 'new',
    kind: last.class === 'IMP' ? 'admit-inpatient' : 'admit-emergency',
    at: last.start,
    reportRequested: false,
  };
  return last.kind === 'end-leave' && last.leave !== undefined
    ? [admission, { ...admission, kind: 'start-leave', at: last.leave.start }]
    : [admission];
}

/** A message that only adds an identifier counts for the identifiers even when a correction replaced it. */
function withEpisodes(state: StayState, component: readonly StayEvent[]): StayState {
  const keys = new Set(state.episodes.map((episode) => episode.key));
  const sameStay = component.filter((event) => event.episodes.some((episode) => keys.has(episode.key)));
  return { ...state, episodes: episodesOf(sameStay) };
}

function cancelledStay(component: readonly StayEvent[]): Stay {
  const told = [...component].sort(bySentTime);
  const last = told.at(-1)!;
  const inpatient = told.some((event) => event.class === 'IMP');
  return {
    state: {
      status: 'entered-in-error',
      class: inpatient ? 'IMP' : 'EMER',
      start: last.start,
      episodes: episodesOf(told),
      ...(last.provider === undefined ? {} : { provider: last.provider }),
      died: false,
    },
    sources: told.map((event) => event.source),
  };
}

function mergeTransfers(stays: readonly OpenStay[]): readonly Stay[] {
  const ordered = [...stays].sort(
    (a, b) =>
      Date.parse(a.state.start) - Date.parse(b.state.start) || (a.first.source < b.first.source ? -1 : 1),
  );
  const result: OpenStay[] = [];
  for (const stay of ordered) {
    const open = continues(stay.first) ? result.findLastIndex((earlier) => isOpenAt(earlier, stay)) : -1;
    if (open === -1) result.push(stay);
    else result[open] = merge(result[open]!, stay);
  }
  return result;
}

function continues(first: StayEvent): boolean {
  return isAdmission(first.kind) && first.reportRequested !== true && first.standsAlone !== true;
}

function isOpenAt(earlier: OpenStay, later: OpenStay): boolean {
  const at = Date.parse(later.state.start);
  const { start, end } = earlier.state;
  return Date.parse(start) < at && (end === undefined || Date.parse(end) > at);
}

/** The receiving department speaks for the whole: its status and end; the first one gives the admission. */
function merge(earlier: OpenStay, later: OpenStay): OpenStay {
  const [a, b] = [earlier.state, later.state];
  const died = a.died || b.died;
  const emergency =
    a.emergency ?? (a.class === 'EMER' && b.class === 'IMP' ? { start: a.start, end: b.start } : undefined);
  const { end: _end, leave: _leave, status: _status, ...kept } = a;
  const speaker = a.died && !b.died ? a : b;
  return {
    state: {
      ...kept,
      status: speaker.status,
      class: b.class === 'IMP' ? 'IMP' : a.class,
      ...(emergency === undefined ? {} : { emergency }),
      ...(speaker.end === undefined ? {} : { end: speaker.end }),
      ...(speaker.leave === undefined ? {} : { leave: speaker.leave }),
      episodes: [...a.episodes, ...b.episodes],
      ...(speaker.provider === undefined ? {} : { provider: speaker.provider }),
      died,
    },
    sources: [...earlier.sources, ...later.sources],
    first: earlier.first,
  };
}
