import { randomUUID } from 'node:crypto';
import type { Bundle, Encounter, Extension, MessageHeader } from '@medplum/fhirtypes';
import { CODE_SYSTEM } from '../../fhir/canonical.ts';
import { ACTIVITIES, type NotificationStatus } from '../notification/activities.ts';
import { EVENT, MEDCOM_EXTENSION, MEDCOM_PROFILE } from '../vocabulary.ts';
import { messageBundle, messageHeader, messageProvenance } from './frame.ts';
import { buildOrganisation, buildPatient, type CitizenFacts, type OrganisationFacts } from './party.ts';

/** What a hospital tells in one notification. All times are instants with offset (`2026-03-12T14:05:00+01:00`). */
export interface NotificationFacts {
  /** Code of {@link ACTIVITIES}, such as `admit-inpatient`; status and class follow from it. */
  readonly activity: string;
  readonly sent: string;
  readonly citizen: CitizenFacts;
  /** The stay's episode identifiers; `system` is the hospital's SOR endpoint unless it is LPR3. */
  readonly episodes: readonly { readonly system: string; readonly value: string }[];
  readonly start: string;
  readonly end?: string;
  readonly leave?: { readonly start: string; readonly end?: string };
  /** true: the citizen died (MORS); false: a death is taken back (AN_MORS). */
  readonly deceased?: boolean;
  readonly provider: OrganisationFacts;
  readonly receiver: OrganisationFacts;
  readonly reportRequested?: boolean;
  /** The message that this one corrects, cancels or follows. */
  readonly previous?: { readonly headerId: string; readonly activity: string; readonly sent: string };
  readonly headerId?: string;
  readonly bundleId?: string;
  /** Only to build messages that deviate from MedCom's table. */
  readonly status?: NotificationStatus;
  /** Where the ids that are not given come from; default random UUIDs. */
  readonly newId?: () => string;
}

/** A HospitalNotification message Bundle (MedCom 3.0.x) from plain facts. See `newId` for ids not given. */
export function buildHospitalNotification(facts: NotificationFacts): Bundle {
  const activity = ACTIVITIES.get(facts.activity);
  if (activity === undefined) throw new RangeError(`Unknown activity ${facts.activity}`);
  const newId = facts.newId ?? randomUUID;
  const headerId = facts.headerId ?? newId();
  const provider = { id: newId(), sor: facts.provider.sor };
  const receiver = { id: newId(), sor: facts.receiver.sor };
  const patientId = newId();
  const encounter: Encounter & { id: string } = {
    resourceType: 'Encounter',
    id: newId(),
    meta: { profile: [MEDCOM_PROFILE.notificationEncounter] },
    ...(facts.leave === undefined
      ? {}
      : { extension: [{ url: MEDCOM_EXTENSION.leavePeriod, valuePeriod: { ...facts.leave } }] }),
    status: facts.status ?? (facts.deceased === true ? 'finished' : activity.status),
    class: { system: CODE_SYSTEM.actCode, code: activity.class },
    subject: { reference: `Patient/${patientId}` },
    episodeOfCare: facts.episodes.map((episode) => ({ identifier: { ...episode } })),
    period: { start: facts.start, ...(facts.end === undefined ? {} : { end: facts.end }) },
    serviceProvider: { reference: `Organization/${provider.id}` },
  };
  const extension = requestExtensions(facts, provider.id);
  const header: MessageHeader = {
    ...messageHeader(headerId, {
      event: EVENT.hospitalNotification,
      profile: MEDCOM_PROFILE.notificationHeader,
      receiver,
      sender: provider,
    }),
    ...(extension.length === 0 ? {} : { extension }),
    focus: [{ reference: `Encounter/${encounter.id}` }],
  };
  const { previous } = facts;
  return messageBundle(facts.bundleId ?? newId(), MEDCOM_PROFILE.notification, facts.sent, [
    header,
    buildPatient(patientId, facts.citizen, facts.deceased),
    encounter,
    buildOrganisation(provider.id, facts.provider),
    buildOrganisation(receiver.id, facts.receiver),
    ...(previous === undefined
      ? []
      : [messageProvenance({ ...previous, id: newId(), senderId: provider.id })]),
    messageProvenance({
      id: newId(),
      headerId,
      activity: facts.activity,
      sent: facts.sent,
      senderId: provider.id,
      ...(previous === undefined
        ? {}
        : {
            predecessor: {
              headerId: previous.headerId,
              role: activity.mode === 'cancel' ? 'removal' : 'revision',
            },
          }),
    }),
  ]);
}

function requestExtensions(facts: NotificationFacts, providerId: string): Extension[] {
  if (facts.reportRequested === undefined) return [];
  const flag: Extension = { url: MEDCOM_EXTENSION.reportOfAdmission, valueBoolean: facts.reportRequested };
  if (!facts.reportRequested) return [flag];
  // The admission report goes to the department that asks for it.
  return [
    flag,
    { url: MEDCOM_EXTENSION.reportRecipient, valueReference: { reference: `Organization/${providerId}` } },
  ];
}
