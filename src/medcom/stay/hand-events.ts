import type { Encounter, Identifier } from '@medplum/fhirtypes';
import { EXTENSION, IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { episodeKey } from './episode-key.ts';
import type { StayState } from './fold.ts';
import type { EpisodeKey, EventKind, StayClass, StayEvent } from './stay-event.ts';

type StoredStay = Encounter & { readonly id: string };

/** Whether this Encounter is a hospital stay (a home visit is an Encounter too). */
export function isHospitalStay(encounter: Encounter): encounter is StoredStay {
  const code = encounter.class?.code;
  return (code === 'IMP' || code === 'EMER') && encounter.id !== undefined;
}

/**
 * What a stored stay says that no notification told: it came as plain FHIR, or was changed by hand (a stay whose
 * discharge never came is ended so). Told as events, it takes part in the fold like any message.
 * `folded` is the state that the notifications known so far give, absent when there are none.
 */
export function handEvents(stay: StoredStay, folded: StayState | undefined): readonly StayEvent[] {
  const start = stay.period?.start ?? (folded?.startUnknown === true ? folded.start : undefined);
  if (start === undefined || !hasTime(start)) return [];
  const told = teller(stay, start);
  const end = stay.period?.end;
  const ended = stay.status === 'finished' && end !== undefined && hasTime(end);
  if (folded === undefined) return plainStay(stay, told, start, ended ? end : undefined);

  if (folded.status === 'entered-in-error') return [];
  const admission: EventKind = folded.emergency !== undefined ? 'admit-emergency' : admissionOf(folded.class);
  if (stay.status === 'entered-in-error') {
    const kinds: readonly EventKind[] = ['admit-emergency', 'admit-inpatient'];
    return kinds.map((kind) => told(kind, 'cancel', start));
  }
  const events: StayEvent[] = [];
  if (!sameInstant(start, folded.start)) events.push(told(admission, 'revise', start));
  if (ended && !(folded.end !== undefined && sameInstant(end, folded.end))) {
    events.push(told('discharge', folded.status === 'finished' ? 'revise' : 'new', end));
  }
  if (!ended && folded.status === 'finished' && !folded.died) events.push(told('discharge', 'cancel', start));
  return events;
}

function plainStay(
  stay: StoredStay,
  told: ReturnType<typeof teller>,
  start: string,
  end: string | undefined,
): readonly StayEvent[] {
  if (!['in-progress', 'onleave', 'finished'].includes(stay.status)) return [];
  const emergency = stay.classHistory?.find((each) => each.class.code === 'EMER');
  const inpatientFrom = emergency?.period.end;
  const admissions =
    emergency !== undefined && inpatientFrom !== undefined && hasTime(inpatientFrom)
      ? [told('admit-emergency', 'new', start), told('admit-inpatient', 'new', inpatientFrom)]
      : [told(admissionOf(stay.class.code as StayClass), 'new', start)];
  const died = stay.hospitalization?.dischargeDisposition?.coding?.some((coding) => coding.code === 'exp');
  const leave = stay.extension?.find((extension) => extension.url === EXTENSION.leavePeriod)?.valuePeriod;
  return [
    ...admissions,
    ...(leave?.start !== undefined && hasTime(leave.start) ? [told('start-leave', 'new', leave.start)] : []),
    ...(leave?.end !== undefined && hasTime(leave.end) ? [told('end-leave', 'new', leave.end)] : []),
    ...(end === undefined ? [] : [told(died === true ? 'death' : 'discharge', 'new', end)]),
  ];
}

function teller(stay: StoredStay, start: string) {
  const version = stay.meta?.versionId ?? '1';
  const sent = stay.meta?.lastUpdated ?? start;
  const episodes = storedEpisodes(stay.identifier ?? []);
  const provider = stay.serviceProvider?.reference;
  return (kind: EventKind, mode: StayEvent['mode'], at: string): StayEvent => ({
    source: `Encounter/${stay.id}/_history/${version}#${kind}`,
    mode,
    kind,
    at,
    sent,
    class: stay.class.code as StayClass,
    start,
    // Without an identifier of the hospital, the stay is known by its own id.
    episodes:
      episodes.length > 0
        ? episodes
        : [{ system: '', value: stay.id, key: `encounter ${stay.id}`, national: false }],
    ...(provider === undefined ? {} : { provider }),
    ...(kind === 'death' ? { deceased: true } : {}),
    standsAlone: true,
    predecessors: [],
  });
}

/** The identifiers as received; the normalised copies only where nothing else is there. */
function storedEpisodes(identifiers: readonly Identifier[]): readonly EpisodeKey[] {
  const keys = (list: readonly Identifier[]) =>
    list.flatMap((identifier) => {
      const key = episodeKey(identifier);
      return key === undefined ? [] : [key];
    });
  const received = keys(
    identifiers.filter((identifier) => identifier.system !== IDENTIFIER_SYSTEM.stayEpisode),
  );
  return received.length > 0 ? received : keys(identifiers);
}

function admissionOf(stayClass: StayClass): EventKind {
  return stayClass === 'IMP' ? 'admit-inpatient' : 'admit-emergency';
}

function hasTime(dateTime: string): boolean {
  return dateTime.includes('T') && !Number.isNaN(Date.parse(dateTime));
}

function sameInstant(a: string, b: string): boolean {
  return Date.parse(a) === Date.parse(b);
}
