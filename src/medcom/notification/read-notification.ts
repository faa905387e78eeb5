import type { Encounter, Extension, Organization, Patient } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import { millis, requireInstant } from '../message/instants.ts';
import { invalid, messageIssue, missing } from '../message/message-error.ts';
import { requirePatient } from '../message/parties-of-message.ts';
import type { Message } from '../message/read-message.ts';
import { episodeKey } from '../stay/episode-key.ts';
import type { EpisodeKey, StayEvent } from '../stay/stay-event.ts';
import { MEDCOM_EXTENSION } from '../vocabulary.ts';
import { ACTIVITIES, type Activity, type NotificationStatus } from './activities.ts';

/** A HospitalNotification understood: the parties as the message holds them, and what it tells of the stay. */
export interface HospitalNotification {
  readonly patient: Patient;
  readonly provider: Organization;
  readonly reportRecipient?: Organization;
  /** Without the references to organisations, which are known once those are stored. */
  readonly event: StayEvent;
}

/**
 * Reads a HospitalNotification and checks status × class × activity (danish-domain A.5), which the guide's own
 * invariants do not. Deviations whose meaning is certain are accepted and remarked.
 * @throws MessageError
 */
export function readNotification(message: Message): HospitalNotification {
  const encounter = message.resolve<Encounter>('Encounter', message.header.focus?.[0]);
  if (encounter === undefined) {
    throw missing(
      'MessageHeader.focus',
      'MessageHeader.focus must refer to the Encounter in the same message.',
    );
  }
  const activity = ACTIVITIES.get(message.activity);
  if (activity === undefined) {
    throw invalid(
      'Provenance.activity',
      `"${message.activity}" is no activity of a HospitalNotification; known: ${[...ACTIVITIES.keys()].join(', ')}.`,
      'MSG_VALUESET_VALUE_UNKNOWN',
    );
  }
  const patient = requirePatient(message, encounter.subject, 'Encounter.subject');
  const provider = message.resolve<Organization>('Organization', encounter.serviceProvider);
  if (provider === undefined) {
    throw missing(
      'Encounter.serviceProvider',
      'Encounter.serviceProvider must refer to the Organization of the department in the same message.',
    );
  }
  const start = requireInstant(encounter.period?.start, 'Encounter.period.start');
  const end = optionalInstant(encounter.period?.end, 'Encounter.period.end');
  if (end !== undefined && millis(end) < millis(start)) {
    throw invalid(
      'Encounter.period.end',
      'The stay ends before it starts; correct period.start or period.end.',
    );
  }
  const isDeath = patient.deceasedBoolean === true || patient.deceasedDateTime !== undefined;
  checkClass(encounter, activity);
  checkStatus(message, encounter.status as NotificationStatus, activity, isDeath, end);

  const leave = readLeave(encounter);
  const requested = extensionOf(message.header.extension, MEDCOM_EXTENSION.reportOfAdmission)?.valueBoolean;
  const recipient = readRecipient(message);
  const event: StayEvent = {
    source: message.header.id,
    mode: isDeath ? 'new' : activity.mode,
    kind: isDeath ? 'death' : activity.kind,
    at: eventTime(message, activity, isDeath, start, end, leave),
    sent: message.sent,
    class: activity.class,
    start,
    ...(leave === undefined ? {} : { leave }),
    episodes: readEpisodes(encounter),
    ...(isDeath ? { deceased: true } : patient.deceasedBoolean === false ? { deceased: false } : {}),
    ...(requested === undefined ? {} : { reportRequested: requested }),
    predecessors: message.predecessors,
  };
  return { patient, provider, event, ...(recipient === undefined ? {} : { reportRecipient: recipient }) };
}

function readEpisodes(encounter: Encounter): readonly EpisodeKey[] {
  const episodes = (encounter.episodeOfCare ?? []).flatMap((reference) => {
    const key = episodeKey(reference.identifier);
    return key === undefined ? [] : [key];
  });
  if (episodes.length === 0) {
    throw missing(
      'Encounter.episodeOfCare.identifier',
      'Encounter.episodeOfCare needs the identifier that the hospital gave the stay (system and value).',
    );
  }
  return episodes;
}

function checkClass(encounter: Encounter, activity: Activity): void {
  const { system, code } = encounter.class ?? {};
  if (code === undefined) throw missing('Encounter.class', 'Encounter.class is required: EMER or IMP.');
  if (system !== CODE_SYSTEM.actCode) {
    throw invalid('Encounter.class.system', `Use ${CODE_SYSTEM.actCode}.`, 'MSG_CodeSystem_VALUE_UNKNOWN');
  }
  if (code !== activity.class) {
    throw invalid(
      'Encounter.class.code',
      `Activity ${activity.code} (${activity.shortCode}) goes with class ${activity.class}, not ${code}.`,
      'MSG_VALUESET_VALUE_UNKNOWN',
    );
  }
}

function checkStatus(
  message: Message,
  status: NotificationStatus,
  activity: Activity,
  isDeath: boolean,
  end: string | undefined,
): void {
  if (isDeath && activity.mode === 'cancel') {
    throw invalid(
      'Patient.deceased',
      'A cancellation cannot tell of a death; send MORS as a message of its own.',
    );
  }
  const expected = isDeath ? 'finished' : activity.status;
  if (status === expected) return;
  // The published receive protocol itself holds discharges left "onleave" (SLHJ_I) and a death left "in-progress"
  // (MORS_J). What they mean is certain: a discharge with its time is one, and the dead are not in progress.
  const certain =
    isDeath || (activity.kind === 'discharge' && activity.mode !== 'cancel' && end !== undefined);
  if (!certain || status === 'entered-in-error') {
    throw invalid(
      'Encounter.status',
      `Activity ${activity.code} (${activity.shortCode}) goes with status ${expected}, not ${status}.`,
      'MSG_VALUESET_VALUE_UNKNOWN',
    );
  }
  message.remarks.push(
    messageIssue(
      'warning',
      'business-rule',
      'MSG_PARAM_INVALID',
      `Status ${status} was read as ${expected}, which ${isDeath ? 'a death' : `activity ${activity.code}`} calls for.`,
      'Encounter.status',
    ),
  );
}

function readLeave(encounter: Encounter): StayEvent['leave'] {
  const period = extensionOf(encounter.extension, MEDCOM_EXTENSION.leavePeriod)?.valuePeriod;
  if (period === undefined) return undefined;
  const expression = 'Encounter.extension(leavePeriod).valuePeriod';
  const start = requireInstant(period.start, `${expression}.start`);
  const end = optionalInstant(period.end, `${expression}.end`);
  if (end !== undefined && millis(end) < millis(start)) {
    throw invalid(`${expression}.end`, 'The leave ends before it starts; correct the leave period.');
  }
  return { start, ...(end === undefined ? {} : { end }) };
}

/** The time that table A.5 shows for the activity; a cancellation has no time of its own but that of its telling. */
function eventTime(
  message: Message,
  activity: Activity,
  isDeath: boolean,
  start: string,
  end: string | undefined,
  leave: StayEvent['leave'],
): string {
  if (isDeath) return end ?? message.sent;
  if (activity.mode === 'cancel') return message.sent;
  const leaveExpression = 'Encounter.extension(leavePeriod).valuePeriod';
  switch (activity.kind) {
    case 'start-leave':
      return requireInstant(leave?.start, `${leaveExpression}.start`);
    case 'end-leave':
      return requireInstant(leave?.end, `${leaveExpression}.end`);
    case 'discharge':
      return requireInstant(end, 'Encounter.period.end');
    default:
      return start;
  }
}

function readRecipient(message: Message): Organization | undefined {
  const reference = extensionOf(message.header.extension, MEDCOM_EXTENSION.reportRecipient)?.valueReference;
  if (reference === undefined) return undefined;
  const recipient = message.resolve<Organization>('Organization', reference);
  if (recipient === undefined) {
    throw missing(
      'MessageHeader.extension(reportOfAdmissionRecipient)',
      'The recipient of the admission report must be an Organization in the same message.',
    );
  }
  return recipient;
}

function optionalInstant(value: string | undefined, expression: string): string | undefined {
  return value === undefined ? undefined : requireInstant(value, expression);
}

function extensionOf(extensions: readonly Extension[] | undefined, url: string): Extension | undefined {
  return extensions?.find((extension) => extension.url === url);
}
