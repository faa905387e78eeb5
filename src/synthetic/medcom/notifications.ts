import type { Bundle } from '@medplum/fhirtypes';
import {
  buildHospitalNotification,
  type NotificationFacts,
} from '../../medcom/build/hospital-notification.ts';
import { dateTimeText, type Instant, MINUTE } from '../clock.ts';
import { idOf } from '../identity.ts';
import { MUNICIPALITIES, type Municipality } from '../places/municipalities.ts';
import type { Citizen, PlannedStay } from '../plan/types.ts';
import { episodeIdentifier, localEpisodeSystem } from '../render/stay.ts';
import { citizenFacts, departmentFacts, municipalityFacts } from './parties.ts';

/** One event of a stay that a hospital tells. */
interface Event {
  readonly activity: string;
  readonly at: Instant;
  readonly facts: Partial<NotificationFacts>;
}

/** The events in the order in which they happen; moves within a hospital are not told (S.BR5). */
function eventsOf(stay: PlannedStay): Event[] {
  const { shape } = stay;
  const { admission, discharge, inpatientFrom, leave } = shape;
  const emergency = shape.kind !== 'inpatient';
  const [admit, home] = emergency
    ? ['admit-emergency', 'discharge-emergency-home']
    : ['admit-inpatient', 'discharge-inpatient-home'];
  const events: Event[] = [
    {
      activity: admit,
      at: admission,
      facts: { start: dateTimeText(admission), reportRequested: shape.reportRequested },
    },
  ];
  const start = dateTimeText(inpatientFrom ?? admission);
  if (inpatientFrom !== undefined) {
    events.push({ activity: 'admit-inpatient', at: inpatientFrom, facts: { start, reportRequested: false } });
  }
  if (leave !== undefined) {
    const from = dateTimeText(leave.from);
    events.push({
      activity: 'start-leave-inpatient',
      at: leave.from,
      facts: { start, leave: { start: from } },
    });
    if (leave.until !== undefined) {
      const period = { start: from, end: dateTimeText(leave.until) };
      events.push({ activity: 'end-leave-inpatient', at: leave.until, facts: { start, leave: period } });
    }
  }
  if (discharge !== undefined) {
    const end = { start, end: dateTimeText(discharge) };
    const before = events[events.length - 1] as Event;
    events.push(
      // A death has no activity of its own: it repeats the current one (table A.5, MORS).
      shape.died
        ? { activity: before.activity, at: discharge, facts: { ...end, deceased: true } }
        : {
            activity: inpatientFrom === undefined ? home : 'discharge-inpatient-home',
            at: discharge,
            facts: end,
          },
    );
  }
  return events;
}

/**
 * The HospitalNotification messages of a stay, two minutes after what they tell, to the municipality of residence;
 * a stay entered in error ends with its cancellation.
 */
export function notifications(citizen: Citizen, stay: PlannedStay): Bundle[] {
  const { shape, key } = stay;
  const receiver = citizen.municipality ?? (MUNICIPALITIES[0] as Municipality);
  const events = eventsOf(stay);
  if (shape.enteredInError) {
    const admitted = events.filter((event) => event.activity.startsWith('admit-')).at(-1) as Event;
    const last = events[events.length - 1] as Event;
    const cancelled = { start: admitted.facts.start as string };
    events.push({ activity: `cancel-${admitted.activity}`, at: last.at + MINUTE, facts: cancelled });
  }
  return events.map((event, index) => {
    const sent = dateTimeText(event.at + 2 * MINUTE);
    let drawn = 0;
    const department = shape.departments.filter((step) => step.from <= event.at).at(-1)?.index ?? 0;
    return buildHospitalNotification({
      start: dateTimeText(shape.admission),
      ...event.facts,
      activity: event.activity,
      sent,
      citizen: citizenFacts(citizen),
      episodes: [{ system: localEpisodeSystem(shape), value: episodeIdentifier(stay) }],
      provider: departmentFacts(shape.hospital, department),
      receiver: municipalityFacts(receiver),
      headerId: idOf(`${key}/message/${index}/header`),
      bundleId: idOf(`${key}/message/${index}/bundle`),
      newId: () => {
        drawn += 1;
        return idOf(`${key}/message/${index}/${drawn}`);
      },
    });
  });
}
