import { randomUUID } from 'node:crypto';
import type {
  Bundle,
  MessageHeader,
  OperationOutcome,
  OperationOutcomeIssue,
  Organization,
  Provenance,
  Resource,
} from '@medplum/fhirtypes';
import { messageBundle, messageProvenance, primaryDestination } from '../build/frame.ts';
import { idOf } from '../message/read-message.ts';
import { EVENT, MEDCOM_PROFILE, MEDCOM_SYSTEM } from '../vocabulary.ts';

type AcknowledgementCode = 'ok' | 'fatal-error' | 'transient-error';

/** What can be told of the message that is answered; anything may be missing when it could not be understood. */
export interface Acknowledged {
  readonly bundle: Bundle;
  readonly code: AcknowledgementCode;
  readonly issues: readonly OperationOutcomeIssue[];
  /** Instant of the answer. */
  readonly now: string;
}

/**
 * The Acknowledgement message (MedCom 2.0.x): new ids, the parties of the original exchanged, the original's current
 * Provenance beside our own, and an OperationOutcome when there is something to tell. Never AE or AR codes.
 */
export function buildAcknowledgement(answer: Acknowledged): Bundle {
  const resources = (answer.bundle.entry ?? []).flatMap((entry) => (entry.resource ? [entry.resource] : []));
  const header = resources.find(
    (resource): resource is MessageHeader => resource.resourceType === 'MessageHeader',
  );
  const headerId = randomUUID();
  const from = party(resources, header?.destination?.[0]?.receiver?.reference, 'Overgang');
  const to = party(resources, header?.sender?.reference, undefined);
  const outcome = outcomeOf(answer.issues);
  const original = originalProvenance(resources, header?.id);
  const parties = [from, to].map(plainOrganisation);
  return messageBundle(randomUUID(), MEDCOM_PROFILE.acknowledgement, answer.now, [
    {
      resourceType: 'MessageHeader',
      id: headerId,
      meta: { profile: [MEDCOM_PROFILE.acknowledgementHeader] },
      eventCoding: { system: MEDCOM_SYSTEM.event, code: EVENT.acknowledgement },
      destination: primaryDestination(header?.source?.endpoint ?? 'urn:overgang:unknown-endpoint', to.id!)!,
      sender: { reference: `Organization/${from.id}` },
      source: { endpoint: header?.destination?.[0]?.endpoint ?? 'urn:overgang:endpoint' },
      response: {
        identifier: header?.id ?? answer.bundle.id ?? 'unknown',
        code: answer.code,
        ...(outcome === undefined ? {} : { details: { reference: `OperationOutcome/${outcome.id}` } }),
      },
    },
    ...(original === undefined ? [] : [original]),
    messageProvenance({
      id: randomUUID(),
      headerId,
      activity: 'acknowledgement',
      sent: answer.now,
      senderId: from.id!,
      ...(header?.id === undefined
        ? {}
        : { predecessor: { headerId: header.id, role: 'revision' as const } }),
    }),
    ...(parties[0]!.id === parties[1]!.id ? [parties[0]!] : parties),
    ...(outcome === undefined ? [] : [outcome]),
  ]);
}

const texts = new WeakMap<Bundle, string>();

/** An acknowledgement as JSON, written once: it is stored, and answered. It must not be changed afterwards. */
export function acknowledgementText(acknowledgement: Bundle): string {
  let text = texts.get(acknowledgement);
  if (text === undefined) {
    text = JSON.stringify(acknowledgement);
    texts.set(acknowledgement, text);
  }
  return text;
}

/** The same answer sent once more: a new transmission (Bundle.id, timestamp) of the same message (MR5, KR6). */
export function resendAcknowledgement(acknowledgement: Bundle, now: string): Bundle {
  return { ...acknowledgement, id: randomUUID(), timestamp: now };
}

function party(
  resources: readonly Resource[],
  reference: string | undefined,
  name: string | undefined,
): Organization {
  const id = idOf('Organization', reference === undefined ? undefined : { reference });
  const found = resources.find(
    (resource): resource is Organization => resource.resourceType === 'Organization' && resource.id === id,
  );
  return (
    found ?? {
      resourceType: 'Organization',
      id: id ?? randomUUID(),
      name: name ?? 'Ukendt afsender (unknown sender)',
    }
  );
}

/** Identifiers and name only: an acknowledgement carries nothing else of the parties. */
function plainOrganisation(organization: Organization): Organization {
  return {
    resourceType: 'Organization',
    id: organization.id!,
    meta: { profile: [MEDCOM_PROFILE.organization] },
    ...(organization.identifier === undefined ? {} : { identifier: organization.identifier }),
    ...(organization.name === undefined ? {} : { name: organization.name }),
  };
}

function originalProvenance(
  resources: readonly Resource[],
  headerId: string | undefined,
): Provenance | undefined {
  if (headerId === undefined) return undefined;
  const found = resources.find(
    (resource): resource is Provenance =>
      resource.resourceType === 'Provenance' &&
      resource.target.some((target) => idOf('MessageHeader', target) === headerId),
  );
  if (found === undefined) return undefined;
  const { text: _text, ...rest } = found;
  return rest;
}

function outcomeOf(
  issues: readonly OperationOutcomeIssue[],
): (OperationOutcome & { id: string }) | undefined {
  if (issues.length === 0) return undefined;
  return {
    resourceType: 'OperationOutcome',
    id: randomUUID(),
    meta: { profile: [MEDCOM_PROFILE.acknowledgementOutcome] },
    issue: [...issues],
  };
}
