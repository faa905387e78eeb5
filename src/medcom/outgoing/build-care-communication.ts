import { randomUUID } from 'node:crypto';
import type {
  Bundle,
  Communication,
  Encounter,
  Organization,
  Patient,
  Practitioner,
} from '@medplum/fhirtypes';
import { IDENTIFIER_SYSTEM } from '../../fhir/canonical.ts';
import { messageBundle, messageHeader, messageProvenance } from '../build/frame.ts';
import { withNarrative } from '../build/narrative.ts';
import { organisationIdentifiers } from '../parties/identifiers.ts';
import { EVENT, MEDCOM_PROFILE } from '../vocabulary.ts';
import { careCategory, carePayload, exchangeOf } from './care-payload.ts';

const CARE = 'http://medcomfhir.dk/ig/carecommunication/StructureDefinition/medcom-careCommunication';
const DEFINITION =
  'http://medcomfhir.dk/ig/messagedefinitions/MessageDefinition/MedComCareCommunicationMessageDefinition|5.0';

export interface CareCommunicationFacts {
  readonly communication: Communication;
  readonly patient: Patient;
  readonly stay?: Encounter;
  readonly sender: Organization & { readonly id: string };
  readonly receiver: Organization & { readonly id: string };
  /** SOR codes of the endpoints. */
  readonly endpoints: { readonly sender: string; readonly receiver: string };
  /** Who wrote it: a person, else the sending organisation itself. */
  readonly author: Practitioner['name'];
  /** What the author is, such as `Sygeplejerske`. */
  readonly title?: string;
  /** Digits, perhaps after a plus. */
  readonly phone: string;
  /** Instant of sending. */
  readonly sent: string;
  /** The message that this one answers. */
  readonly answers?: string;
  readonly newId?: () => string;
}

/**
 * A CareCommunication message (MedCom 5.0) from a Communication on a course. An exchange goes as one too: its
 * sections as texts, its own code as a tag.
 */
export function buildCareCommunication(facts: CareCommunicationFacts): Bundle {
  const newId = facts.newId ?? randomUUID;
  const { communication, sender, receiver, sent } = facts;
  const ids = {
    header: newId(),
    patient: newId(),
    communication: newId(),
    author: newId(),
    role: newId(),
    stay: newId(),
  };
  const texts = carePayload(communication, {
    written: communication.sent ?? sent,
    author: `PractitionerRole/${ids.role}`,
    phone: facts.phone,
    assigner: `Organization/${sender.id}`,
    newId,
  });
  const stay = stayOf(facts.stay, ids);
  const exchange = exchangeOf(communication);
  const topic = communication.topic?.text ?? communication.category?.[0]?.text;
  const title = topic ?? 'Korrespondancemeddelelse';
  const provenance = messageProvenance({
    id: newId(),
    headerId: ids.header,
    activity: facts.answers === undefined ? 'new-message' : 'reply-message',
    sent,
    senderId: sender.id,
    ...(facts.answers === undefined
      ? {}
      : { predecessor: { headerId: facts.answers, role: 'revision' as const } }),
  });
  // The Provenance names the texts that this message adds.
  const sources = texts.map(({ identifier }) => ({
    role: 'source' as const,
    what: { identifier: { value: identifier } },
  }));
  return messageBundle(newId(), `${CARE}-message`, sent, [
    withNarrative(
      {
        ...messageHeader(ids.header, {
          event: EVENT.careCommunication,
          profile: `${CARE}-messageHeader`,
          sender: { id: sender.id, sor: facts.endpoints.sender },
          receiver: { id: receiver.id, sor: facts.endpoints.receiver },
        }),
        focus: [{ reference: `Communication/${ids.communication}` }],
        definition: DEFINITION,
      },
      title,
    ),
    patientOf(facts.patient, ids.patient),
    withNarrative(
      {
        resourceType: 'Communication',
        id: ids.communication,
        meta: { profile: [`${CARE}-communication`], ...(exchange === undefined ? {} : { tag: [exchange] }) },
        identifier: [{ value: `urn:uuid:${newId()}` }],
        // MedCom fixes the status so (danish-domain A.7).
        status: 'unknown',
        category: careCategory(communication),
        subject: { reference: `Patient/${ids.patient}` },
        ...(topic === undefined ? {} : { topic: { text: topic } }),
        ...(stay === undefined ? {} : { encounter: { reference: `Encounter/${ids.stay}` } }),
        payload: texts.map(({ identifier: _identifier, ...payload }) => payload),
      },
      texts.map((text) => text.contentString).join('\n'),
    ),
    ...(stay === undefined ? [] : [stay]),
    withNarrative(
      {
        resourceType: 'PractitionerRole',
        id: ids.role,
        meta: { profile: [MEDCOM_PROFILE.practitionerRole] },
        practitioner: { reference: `Practitioner/${ids.author}` },
        organization: { reference: `Organization/${sender.id}` },
        code: [{ text: facts.title ?? 'Afsender' }],
      },
      facts.title ?? 'Afsender',
    ),
    withNarrative(
      {
        resourceType: 'Practitioner',
        id: ids.author,
        meta: { profile: [MEDCOM_PROFILE.practitioner] },
        name: facts.author ?? [],
      },
      nameOf(facts.author) ?? sender.name ?? 'Afsender',
    ),
    ...[sender, receiver].map(organisationOf),
    withNarrative(
      {
        ...provenance,
        meta: { profile: [`${CARE}-provenance`] },
        entity: [...(provenance.entity ?? []), ...sources],
      },
      title,
    ),
  ]);
}

function patientOf(patient: Patient, id: string): Patient {
  return withNarrative(
    {
      resourceType: 'Patient',
      id,
      meta: { profile: [MEDCOM_PROFILE.patient] },
      identifier: patient.identifier ?? [],
      ...(patient.name === undefined ? {} : { name: patient.name }),
    },
    nameOf(patient.name) ?? 'Borger',
  );
}

/** The stay by its episode identifiers, as the hospital wrote them; undefined when it has none. */
function stayOf(
  stay: Encounter | undefined,
  ids: { readonly stay: string; readonly patient: string },
): Encounter | undefined {
  const episodes = (stay?.identifier ?? []).filter(
    ({ system, value }) =>
      system !== undefined && value !== undefined && system !== IDENTIFIER_SYSTEM.stayEpisode,
  );
  if (stay === undefined || episodes.length === 0) return undefined;
  return withNarrative(
    {
      resourceType: 'Encounter',
      id: ids.stay,
      meta: { profile: [MEDCOM_PROFILE.encounter] },
      status: stay.status,
      class: stay.class,
      subject: { reference: `Patient/${ids.patient}` },
      episodeOfCare: episodes.map(({ system, value }) => ({
        identifier: { system: system!, value: value! },
      })),
    },
    'Sygehusophold',
  );
}

function organisationOf(organization: Organization & { readonly id: string }): Organization {
  const { id, name } = organization;
  return withNarrative(
    {
      resourceType: 'Organization',
      id,
      meta: { profile: [MEDCOM_PROFILE.organization] },
      identifier: [...organisationIdentifiers(organization)],
      ...(name === undefined ? {} : { name }),
    },
    name ?? 'Organisation',
  );
}

function nameOf(names: Patient['name']): string | undefined {
  const [name] = names ?? [];
  const text = name?.text ?? [...(name?.given ?? []), name?.family].filter(Boolean).join(' ');
  return text === '' ? undefined : text;
}
